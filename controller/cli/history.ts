import { tableOf } from './columns.ts'
import { listRollouts } from './lists.ts'
import { formatOf, print } from './output.ts'
import { historyColumns } from './rows/rollouts.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { countOf, releaseKeyOf } from './words.ts'

/** `steersman history ENVIRONMENT/RELEASE`. */
export const historyVerb: Verb = {
  name: 'history',
  summary: 'show the rollouts of a release, newest first',
  examples: ['steersman history prod/web', 'steersman history prod/web --limit 5 -o json'],
  define(command, context, finish) {
    remote(command.argument('<environment/release>', 'the release, as prod/web'), 'json or yaml')
      .option('--limit <number>', 'how many at most', '50')
      .action(async (release: string, options: RemoteOptions & { readonly limit: string }) => {
        const format = formatOf(options.output, ['table', 'json', 'yaml'])
        const limit = countOf('--limit', options.limit)
        const list = await listRollouts(clientOf(context, options), releaseKeyOf(release), limit)
        const text = (): string =>
          list.items.length === 0
            ? `${release} has no rollouts yet\n`
            : tableOf(historyColumns, list.items, { nowMs: context.now() })
        print(context.terminal, format, { value: list, text })
        finish(0)
      })
  },
}
