import { durationMs } from '../../resources/duration.ts'
import type { ServiceFacts } from '../observation.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import type { RolloutState, Step, StepInput } from './state.ts'
import { wait } from './step.ts'

/** Capacity is waited for, not failed (I8): as long as ECS says that there is none, the deadline begins anew. */
export function waitForCapacity(input: StepInput, message: string): Step {
  const { rollout, now } = input
  const deadlineMs = durationMs(rollout.spec.strategy.deadline)
  const remainingMs = fromTimestamp(rollout.status.deadlineAt ?? '') - now
  const deadlineAt = timestamp(now + deadlineMs)
  const status = remainingMs > deadlineMs / 2 ? rollout.status : { ...rollout.status, deadlineAt }
  return wait({ ...input, rollout: { ...rollout, status } }, { reason: 'CapacityUnavailable', message })
}

/** ECS's newest word is that it finds no place for a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
export function lacksCapacity(service: ServiceFacts | null, rollout: RolloutState): boolean {
  const newest = service?.events[0]
  return (
    newest !== undefined && newest.at >= startOf(rollout) && newest.message.includes('unable to place a task')
  )
}

/** ECS's own words often hold the reason: no capacity, an image that can't be pulled. */
export function withHint(message: string, service: ServiceFacts | null, rollout: RolloutState): string {
  const event = service?.events.find(
    ({ at, message: words }) => at >= startOf(rollout) && /unable|cannot|failed|unhealthy|error/i.test(words),
  )
  return event === undefined ? message : `${message}; ECS says: ${event.message}`
}

/** When the rollout began: what ECS said before is of another one. */
export const startOf = (rollout: RolloutState): number => fromTimestamp(rollout.status.startedAt ?? '')
