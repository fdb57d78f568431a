import { durationMs } from '../../../resources/duration.ts'
import { timestamp } from '../../time.ts'
import { withHint } from '../ecs-words.ts'
import { failed, onlyOf } from '../only/bring.ts'
import { askGates } from '../phases/verifying.ts'
import { watchGates } from '../phases/watching.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { finish, gatesAt, phaseStart } from '../state.ts'
import { act, wait } from '../step.ts'
import { deploymentOf, endedBadly, missingShift, pauseOf, untilPauseEnds } from './deployment.ts'
import { stageWords } from './stages.ts'

/** Watches the new version with all of the traffic, while ECS keeps the old tasks for a way back; then lets ECS take those away. */
export function nativeBaking(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const look = missingShift(input) ?? endedBadly(input) ?? noneRun(input)
  if (look !== undefined) return look
  const deployment = deploymentOf(input)
  if (deployment === undefined)
    return wait(input, { reason: 'ReadBack', message: "ECS's deployment does not show" })
  const found = pauseOf(deployment, rollout)
  // The pause before the traffic is an old reading by now.
  const pause = found?.at === 'AfterTraffic' ? found : undefined
  // Let go, or never held: nothing is left to be waited for but its end.
  if (pause === undefined && deployment.status !== 'SUCCESSFUL' && rollout.status.deadlineAt === undefined)
    return wait(input, { reason: 'Finishing', message: `ECS ${stageWords(deployment.stage)}` })
  const until = phaseStart(rollout.status) + durationMs(rollout.spec.strategy.bake)
  const gates = watchGates(input, gatesAt(rollout, 'Bake'), { until, reason: 'Baking' })
  if (gates !== undefined) return gates
  if (now < until)
    return wait(input, {
      reason: 'Baking',
      message: `all of the traffic goes to the new version, watched until ${timestamp(until)}${untilPauseEnds(deployment)}`,
      lookAgainMs: Math.min(input.pollMs, until - now),
    })
  if (pause !== undefined) return letGo(input, { arn: deployment.arn, hook: pause.hook })
  if (deployment.status !== 'SUCCESSFUL')
    return wait(input, { reason: 'Finishing', message: `ECS ${stageWords(deployment.stage)}` })
  return askGates(input, gatesAt(rollout, 'AfterSuccess'), () => undefined) ?? succeeded(input)
}

/** The end of the bake: what has come so far has come through, and the deadline is over with it. */
function letGo(
  input: StepInput,
  { arn, hook }: { readonly arn: string; readonly hook: string },
): PhaseResult {
  const { deadlineAt: _kept, ...status } = input.rollout.status
  const action = { kind: 'ContinueDeployment', deployment: arn, hook } as const
  return act(input, { action, before: 'paused', status })
}

function noneRun(input: StepInput): PhaseResult | undefined {
  const { rollout, now, stalenessBoundMs } = input
  const { service } = onlyOf(input)
  const deployment = deploymentOf(input)
  if (deployment === undefined || deployment.status === 'SUCCESSFUL' || deployment.target.running > 0)
    return undefined
  if (deployment.target.requested === 0) return undefined
  const message = withHint('no task of the new version runs any more', service, rollout)
  return now - phaseStart(rollout.status) < stalenessBoundMs
    ? wait(input, { reason: 'ReadBack', message: `${message}; this may be an old reading` })
    : failed(input, { reason: 'NoTasksRunning', message })
}

const succeeded = ({ rollout, now }: StepInput): PhaseResult => ({
  kind: 'Again',
  status: finish(
    { ...rollout.status, reason: 'Succeeded', message: 'the new version serves' },
    'Succeeded',
    now,
  ),
})
