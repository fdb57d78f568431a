import { durationMs } from '../../../resources/duration.ts'
import { askGates } from '../phases/verifying.ts'
import { watchGates } from '../phases/watching.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { finish, gatesAt, phaseStart } from '../state.ts'
import { wait } from '../step.ts'
import { failed, lookedAt, lostDeployment, ownDeployment, primarySet, progressOf, serves } from './own.ts'

/** Watches the new version serve for the bake time. Within CodeDeploy's own wait for the end of the original tasks, the way back is a stop of the deployment. */
export function codeDeployBaking(input: StepInput): PhaseResult {
  const ended = lookedAt(input) ?? lostDeployment(input) ?? replaced(input)
  if (ended !== undefined) return ended
  const { rollout, now } = input
  const until = phaseStart(rollout.status) + durationMs(rollout.spec.strategy.bake)
  const gates = watchGates(input, gatesAt(rollout, 'Bake'), { until, reason: 'Baking' })
  if (gates !== undefined) return gates
  if (now < until)
    return wait(input, {
      reason: 'Baking',
      message: said(input),
      lookAgainMs: Math.min(input.pollMs, until - now),
    })
  return (
    askGates(input, gatesAt(rollout, 'AfterSuccess'), () => undefined) ?? {
      kind: 'Again',
      status: finish(
        { ...rollout.status, reason: 'Succeeded', message: 'the new version serves' },
        'Succeeded',
        now,
      ),
    }
  )
}

function said(input: StepInput): string {
  const own = ownDeployment(input, 'Forward')
  return own === undefined ? 'watching' : progressOf(input, own)
}

/** Something else serves, or a part of the traffic went elsewhere; a reading from before the shift may just be old. */
function replaced(input: StepInput): PhaseResult | undefined {
  const { rollout, now, stalenessBoundMs } = input
  const own = ownDeployment(input, 'Forward')
  if (own !== undefined && serves(input, own)) {
    return primarySet(input)?.runningCount === 0 && now - phaseStart(rollout.status) >= stalenessBoundMs
      ? failed(input, { reason: 'NoTasksRunning', message: 'no task of the new version runs any more' })
      : undefined
  }
  if (now - phaseStart(rollout.status) < stalenessBoundMs)
    return wait(input, { reason: 'ReadBack', message: `${said(input)}; this may be an old reading` })
  return failed(input, {
    reason: 'TrafficMoved',
    message: `${said(input)}: the traffic is no longer all at the tasks of this rollout`,
  })
}
