import type { Pin } from '../resources/types.ts'
import { CommandError } from './errors.ts'
import type { PinOptions } from './pinning.ts'
import { commitPin } from './pinning.ts'
import { assertSafeWayBack, UNSAFE_OPTION } from './safety.ts'
import type { Verb } from './verb.ts'
import type { RemoteOptions } from './verb.ts'
import { configured, remote } from './verb.ts'
import { countOf, releaseKeyOf } from './words.ts'

interface Options extends PinOptions, RemoteOptions {
  readonly unsafe?: boolean
  readonly rollout?: string
  readonly taskDefinition?: string
  readonly reason: string
}

/** `steersman pin`: commits that a release serves one version until it is unpinned. */
export const pinVerb: Verb = {
  name: 'pin',
  summary: 'commit to the branch that a release serves one version until it is unpinned',
  examples: [
    'steersman pin prod/web --rollout 41 --reason "the cart is broken since 42"',
    'steersman pin prod/web --task-definition arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web:57 --reason "as last week"',
  ],
  define(command, context, finish) {
    remote(configured(command.argument('<environment/release>', 'the release, as prod/web')))
      .option('--rollout <number>', 'what that rollout served')
      .option('--task-definition <arn>', 'that revision of a task definition')
      .requiredOption('--reason <text>', 'why, for those who read it later')
      .option(...UNSAFE_OPTION)
      .action(async (release: string, options: Options) => {
        const pin = pinOf(options)
        await assertSafeWayBack(context, releaseKeyOf(release), { target: pin, options })
        const version = pin.rollout === undefined ? pin.taskDefinition : `rollout ${pin.rollout}`
        await commitPin(context, { release, pin, subject: `Pin ${release} to ${version}`, options })
        finish(0)
      })
  },
}

function pinOf({ rollout, taskDefinition, reason }: Options): NonNullable<Pin> {
  if ((rollout === undefined) === (taskDefinition === undefined))
    throw new CommandError('a pin names one version', {
      remedy: 'give either --rollout N or --task-definition ARN',
    })
  if (reason.trim() === '')
    throw new CommandError('--reason is empty', { remedy: 'say why, for those who read it later' })
  return rollout === undefined
    ? { taskDefinition: taskDefinition ?? '', reason }
    : { rollout: countOf('--rollout', rollout), reason }
}
