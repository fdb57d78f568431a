import { mayStillChange } from '../freshness.ts'
import { lacksCapacity, waitForCapacity, withHint } from '../ecs-words.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter } from '../state.ts'
import { wait } from '../step.ts'
import { bring, failed, fixedBy, givenBy, missingOnly, onlyOf } from './bring.ts'
import { givenUp } from './ecs-deployment.ts'
import { progressOf } from './progress.ts'

/** Gives the one service its new version with one write, and watches ECS replace its tasks to the end. */
export function onlyShifting(input: StepInput): PhaseResult {
  const look = missingOnly(input)
  if (look !== undefined) return look
  const { rollout, writes } = input
  const { service } = onlyOf(input)
  const reason = service === null ? undefined : givenUp(service, { rollout, writes })
  if (reason !== undefined) return failed(input, { reason: 'DeploymentFailed', message: reason })
  return fixedBy(input) ?? bring(input, givenBy(rollout, service)) ?? settle(input)
}

/** Waits until ECS is done. */
function settle(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const seen = onlyOf(input)
  const { taskDefinition } = rollout.spec
  const { done, message } = progressOf(seen, {
    taskDefinition,
    staleTasks: rollout.status.staleTasks ?? [],
  })
  if (done && mayStillChange(input, 'only', { taskDefinition, count: seen.service?.desiredCount ?? 0 }))
    return wait(input, {
      reason: 'ReadBack',
      message: 'a change of the service got no answer: waiting until it is clear whether it was made',
    })
  if (done) return { kind: 'Again', status: enter(rollout.status, 'Baking', now) }
  const said = withHint(message, seen.service, rollout)
  return lacksCapacity(seen.service, rollout)
    ? waitForCapacity(input, said)
    : wait(input, { reason: 'Replacing', message: said })
}
