import { timestamp } from '../../time.ts'
import type { ServiceDeploymentFacts } from '../../observation.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter } from '../state.ts'
import { act, wait } from '../step.ts'
import { deploymentOf, endedBadly, missingShift, pauseOf } from './deployment.ts'
import { stageWords } from './stages.ts'

/** Lets ECS move the traffic, and follows it until all of it is with the new version. */
export function nativeShifting(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const look = missingShift(input) ?? endedBadly(input)
  if (look !== undefined) return look
  const deployment = deploymentOf(input)
  if (deployment === undefined)
    return wait(input, { reason: 'ReadBack', message: "ECS's deployment does not show" })
  const pause = pauseOf(deployment, rollout)
  if (pause?.at === 'BeforeTraffic') return letGo(input, deployment, pause.hook)
  if (pause?.at === 'AfterTraffic' || deployment.status === 'SUCCESSFUL')
    return { kind: 'Again', status: enter(rollout.status, 'Baking', now) }
  const percent = deployment.target.productionPercent ?? 0
  return wait(input, {
    reason: 'Shifting',
    message: `ECS ${stageWords(deployment.stage)}: ${percent} % goes to the new version; given up at ${rollout.status.deadlineAt ?? timestamp(now)}`,
  })
}

/** The write that moves traffic: only to tasks that all run. */
function letGo(input: StepInput, deployment: ServiceDeploymentFacts, hook: string): PhaseResult {
  const { rollout, now } = input
  const { running, requested } = deployment.target
  if (running === 0 || running < requested)
    return wait(input, {
      reason: 'NotReady',
      message: `the traffic does not move before all tasks run: ${running} of ${requested} do`,
    })
  const status = { ...rollout.status, shiftedAt: rollout.status.shiftedAt ?? timestamp(now) }
  const action = { kind: 'ContinueDeployment', deployment: deployment.arn, hook } as const
  return act(input, { action, before: 'paused', status })
}
