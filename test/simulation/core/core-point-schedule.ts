import { pointed } from '../../../controller/adapters/aws/schedules/schedules.ts'
import type { Action } from '../../../controller/core/action.ts'
import { schedule } from './core-schedules.ts'
import type { CoreTurn } from './core-turn.ts'
import type { Steps } from './steps.ts'

/** Reads the schedule anew, and writes all of it. */
export function* pointSchedule(
  { core, epoch }: Pick<CoreTurn, 'core' | 'epoch'>,
  { name, group, taskDefinition }: Extract<Action, { kind: 'PointSchedule' }>,
): Steps<object> {
  const found = yield* schedule(core.aws, { name, group })
  const request = pointed({ name, group }, found ?? undefined, taskDefinition)
  core.lead.assertHeldFor(core.settings.callTimeoutMs, epoch)
  yield* core.aws.write('scheduler:UpdateSchedule', { ...request })
  return {}
}
