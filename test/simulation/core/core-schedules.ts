import type { GetScheduleOutput } from '@aws-sdk/client-scheduler'
import { scheduleFacts } from '../../../controller/adapters/aws/schedules/schedules.ts'
import type { ScheduleFacts, ScheduleName } from '../../../controller/core/observation.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { CoreAws } from './core-aws.ts'
import type { Steps } from './steps.ts'
import { together } from './steps.ts'

/** All schedules of a release at once, as the adapter asks for them. */
export function* schedules(
  aws: CoreAws,
  names: readonly ScheduleName[],
): Steps<readonly (ScheduleFacts | null)[]> {
  return yield* together(names.map((name) => factsOf(aws, name)))
}

function* factsOf(aws: CoreAws, name: ScheduleName): Steps<ScheduleFacts | null> {
  const found = yield* schedule(aws, name)
  return found === null ? null : scheduleFacts(name, found)
}

/** One schedule whole; null where there is none. */
export function* schedule(aws: CoreAws, { name, group }: ScheduleName): Steps<GetScheduleOutput | null> {
  try {
    return yield* aws.read('scheduler:GetSchedule', { Name: name, GroupName: group })
  } catch (error) {
    if (error instanceof PortError && error.code === 'ResourceMissing') return null
    throw error
  }
}
