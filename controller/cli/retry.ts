import { runningRollout } from './decisions.ts'
import { formatOf, print } from './output.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { releaseKeyOf } from './words.ts'

interface RetryOptions extends RemoteOptions {
  readonly gate?: string
  readonly rollout?: string
}

/** `steersman retry ENVIRONMENT/RELEASE`. */
export const retryVerb: Verb = {
  name: 'retry',
  summary: 'try a version that failed again, or ask the gate again that halts a rollout',
  examples: ['steersman retry prod/web', 'steersman retry prod/web --gate smoke'],
  define(command, context, finish) {
    const verb = command
      .argument('<environment/release>', 'the release, as prod/web')
      .option('--gate <name>', 'ask this gate again, which halts the running rollout')
      .option('--rollout <number>', 'with --gate: only this rollout; left out, the one that runs')
    remote(verb).action(async (release: string, { gate, rollout, ...options }: RetryOptions) => {
      const format = formatOf(options.output, ['table', 'json'])
      const client = clientOf(context, options)
      const key = releaseKeyOf(release)
      const value =
        gate === undefined
          ? await client.retryRelease(key)
          : await client.retryGate((await runningRollout(client, key, rollout)).metadata.name, { gate })
      const what = gate === undefined ? `${release} is tried` : `gate ${gate} of ${release} is asked`
      const text = (): string => `${what} again; follow it with \`steersman status\`\n`
      print(context.terminal, format, { value, text })
      finish(0)
    })
  },
}
