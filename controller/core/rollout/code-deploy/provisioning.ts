import { seenAt } from '../../observation.ts'
import { withHint } from '../ecs-words.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter } from '../state.ts'
import { act, wait } from '../step.ts'
import type { Way } from './own.ts'
import {
  activeDeployment,
  failed,
  isOfSteersman,
  lookedAt,
  lostDeployment,
  newestId,
  ownDeployment,
  progressOf,
  seenOf,
  taskSets,
  unclearStart,
} from './own.ts'
import { shapeProblem } from './shape.ts'

/** Has CodeDeploy start the new tasks, and waits until it asks for the word to move the traffic. */
export function codeDeployProvisioning(input: StepInput): PhaseResult {
  const look = lookedAt(input)
  if (look !== undefined) return look
  const { rollout, now } = input
  const own = ownDeployment(input, 'Forward')
  if (own === undefined) {
    const problem = shapeProblem(rollout, input.observation)
    if (problem !== undefined) return failed(input, { reason: 'EngineShape', message: problem })
    return begin(input, { way: 'Forward', taskDefinition: rollout.spec.taskDefinition })
  }
  const lost = lostDeployment(input)
  if (lost !== undefined) return lost
  if (own.status === 'Ready') return { kind: 'Again', status: enter(rollout.status, 'Verifying', now) }
  if (own.status === 'Succeeded' || own.endsOriginal)
    return failed(input, {
      reason: 'TrafficMoved',
      message: `deployment ${own.id} went on without Steersman's word: nothing of it was verified`,
    })
  const { service } = seenAt(input.observation, 'only')
  return wait(input, { reason: 'Provisioning', message: withHint(progressOf(input, own), service, rollout) })
}

/** Begins a deployment, once no other one is under way. The tasks that an earlier one keeps for a quick way back end with it. */
export function begin(
  input: StepInput,
  { way, taskDefinition }: { readonly way: Way; readonly taskDefinition: string },
): PhaseResult {
  const unclear = unclearStart(input)
  if (unclear !== undefined) return unclear
  const active = activeDeployment(input)
  if (active?.endsOriginal === true && isOfSteersman(active))
    return act(input, {
      action: { kind: 'ContinueCodeDeploy', deployment: active.id, wait: 'TERMINATION_WAIT' },
      before: 'waiting',
    })
  if (active !== undefined)
    return wait(input, {
      reason: 'DeploymentInProgress',
      message: `deployment ${active.id} of the same deployment group is ${active.status}: it has to end first`,
    })
  if (taskSets(input).length > 1)
    return wait(input, {
      reason: 'DeploymentInProgress',
      message:
        'the service has more than one task set, and CodeDeploy begins with one: a stopped deployment has left the other',
    })
  return act(input, {
    action: { kind: 'StartCodeDeploy', way, taskDefinition },
    before: newestId(seenOf(input)),
  })
}
