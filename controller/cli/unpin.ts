import type { PinOptions } from './pinning.ts'
import { commitPin } from './pinning.ts'
import type { Verb } from './verb.ts'
import { configured } from './verb.ts'

/** `steersman unpin`: commits that a release follows the branch again. */
export const unpinVerb: Verb = {
  name: 'unpin',
  summary: 'commit to the branch that a release follows it again',
  examples: ['steersman unpin prod/web'],
  define(command, context, finish) {
    configured(command.argument('<environment/release>', 'the release, as prod/web'))
      .option('-o, --output <format>', 'json')
      .action(async (release: string, options: PinOptions) => {
        await commitPin(context, { release, pin: null, subject: `Unpin ${release}`, options })
        finish(0)
      })
  },
}
