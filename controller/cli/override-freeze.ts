import type { RemoteOptions, Verb } from './verb.ts'
import { formatOf, print } from './output.ts'
import { clientOf, remote } from './verb.ts'

/** `steersman override-freeze ENVIRONMENT --reason TEXT`. */
export const overrideFreezeVerb: Verb = {
  name: 'override-freeze',
  summary: 'set aside the freeze windows that are open now; the next ones hold again',
  examples: ['steersman override-freeze prod --reason "the fix for INC-7 can not wait"'],
  define(command, context, finish) {
    remote(command.argument('<environment>', 'name of the environment'))
      .requiredOption('--reason <text>', 'why, for those who read it later')
      .action(async (environment: string, options: RemoteOptions & { readonly reason: string }) => {
        const format = formatOf(options.output, ['table', 'json'])
        const value = await clientOf(context, options).overrideFreeze(environment, options.reason)
        print(context.terminal, format, {
          value,
          text: () =>
            `the freeze of ${environment} is set aside until its next window opens; what waited starts now\n`,
        })
        finish(0)
      })
  },
}
