import type { ServiceFacts } from '../../observation.ts'
import { timestamp } from '../../time.ts'
import { mayStillChange } from '../freshness.ts'
import { withHint } from '../ecs-words.ts'
import type { PhaseResult, RolloutState, StepInput } from '../state.ts'
import { endOfWay, finish } from '../state.ts'
import { wait } from '../step.ts'
import type { Given } from './bring.ts'
import { bring, countBefore, missingOnly, onlyOf } from './bring.ts'
import { isOfRollout, primaryOf } from './ecs-deployment.ts'
import { progressOf } from './progress.ts'

/** Gives the one service back what it ran before, with one write, and watches that to its end, too. */
export function onlyRollingBack(input: StepInput): PhaseResult {
  const { rollout } = input
  const { taskDefinition } = rollout.spec.from
  if (rollout.status.shiftedAt === undefined) return ended(input)
  const look = missingOnly(input)
  if (look !== undefined) return look
  if (taskDefinition === undefined)
    return ended(input, 'there is no earlier version to go back to, so it stays')
  const seen = onlyOf(input)
  const { done, message } = progressOf(seen, { taskDefinition, staleTasks: [] })
  if (input.now >= endOfWay(rollout))
    return ended(input, `the earlier version does not come back: ${message}`)
  const isSame = taskDefinition === rollout.spec.taskDefinition
  if (isSame && seen.service !== null && gaveUp(seen.service, rollout))
    return ended(input, 'it is the version that ran before, and its tasks that still run are kept')
  const given = bring(input, origin(rollout, { taskDefinition, service: seen.service }))
  if (given !== undefined) return given
  if (mayStillChange(input, 'only', { taskDefinition, count: seen.service?.desiredCount ?? 0 }))
    return wait(input, {
      reason: 'ReadBack',
      message: 'a change of the service got no answer: waiting until it is clear whether it was made',
    })
  return done
    ? ended(input)
    : wait(input, {
        reason: 'Returning',
        message: `going back until ${timestamp(endOfWay(rollout))}: ${withHint(message, seen.service, rollout)}`,
      })
}

/** What served before, as many tasks as it had. Where ECS gave it up on the way back it is begun anew. */
function origin(
  rollout: RolloutState,
  { taskDefinition, service }: { readonly taskDefinition: string; readonly service: ServiceFacts | null },
): Given {
  const primary = service === null ? undefined : primaryOf(service)
  const desiredCount = countBefore(rollout)
  return {
    taskDefinition,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    settings: rollout.spec.from.settings,
    anew: primary?.taskDefinition === taskDefinition && primary.rolloutState === 'FAILED',
  }
}

/** Whether ECS gave up to start the very version that ran before anew: giving it once more would fail once more. */
function gaveUp(service: ServiceFacts, rollout: RolloutState): boolean {
  const primary = primaryOf(service)
  return primary?.rolloutState === 'FAILED' && isOfRollout(primary, rollout)
}

function ended({ rollout, now }: StepInput, why?: string): PhaseResult {
  const { status } = rollout
  const said = why === undefined ? {} : { message: `${status.message ?? 'failed'}; ${why}` }
  return { kind: 'Again', status: finish({ ...status, ...said }, status.outcome ?? 'RolledBack', now) }
}
