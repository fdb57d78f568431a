import type { CodeDeploymentFacts } from '../../code-deploy.ts'
import { isOver } from '../../code-deploy.ts'
import { timestamp } from '../../time.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { endOfWay, finish, phaseStart } from '../state.ts'
import { act, wait } from '../step.ts'
import {
  lookedAt,
  originOf,
  ownDeployment,
  primarySet,
  progressOf,
  saidOf,
  seenOf,
  serves,
  shareOf,
  taskSets,
  unclearStart,
} from './own.ts'
import { begin } from './provisioning.ts'

/** Has CodeDeploy go back: by a stop of the deployment while it is under way, else by a deployment of what served before. */
export function codeDeployRollingBack(input: StepInput): PhaseResult {
  const look = lookedAt(input)
  if (look !== undefined) return look
  if (input.now >= endOfWay(input.rollout))
    return ended(input, `the earlier version does not come back in time`)
  const own = ownDeployment(input, 'Forward')
  if (own === undefined) return unclearStart(input) ?? ended(input)
  if (!isOver(own))
    return act(input, { action: { kind: 'StopCodeDeploy', deployment: own.id }, before: own.status })
  return own.status === 'Succeeded' ? bringBack(input) : afterStop(input, own)
}

/** The deployment that CodeDeploy makes of a stop gives the traffic back, and ends the new tasks. */
function afterStop(input: StepInput, own: CodeDeploymentFacts): PhaseResult {
  const back = seenOf(input).deployments.find(
    ({ id, rollsBack }) => id === own.rolledBackBy || rollsBack === own.id,
  )
  if (back === undefined && own.rolledBackBy !== undefined)
    return going(input, `deployment ${own.rolledBackBy} rolls it back`)
  if (back !== undefined && !isOver(back)) return going(input, `deployment ${back.id} rolls it back`)
  if (servesOrigin(input)) return ended(input)
  if (back?.status === 'Succeeded' && input.now - phaseStart(input.rollout.status) < input.stalenessBoundMs)
    return going(input, 'waiting until AWS shows what CodeDeploy gave back')
  if (back !== undefined) return ended(input, `CodeDeploy did not give the traffic back: ${saidOf(back)}`)
  return ended(
    input,
    'CodeDeploy rolled nothing back; end what the deployment left, in its console, before the next one',
  )
}

/** All was at the new tasks, and the original ones are gone: what served before is deployed again. */
function bringBack(input: StepInput): PhaseResult {
  const taskDefinition = originOf(input.rollout)
  if (taskDefinition === undefined)
    return ended(input, 'there is no earlier version to go back to, so it stays')
  const back = ownDeployment(input, 'Back')
  if (back === undefined) return begin(input, { way: 'Back', taskDefinition })
  if (back.status === 'Ready')
    return act(input, {
      action: { kind: 'ContinueCodeDeploy', deployment: back.id, wait: 'READY_WAIT' },
      before: 'Ready',
    })
  if (back.status === 'Failed' || back.status === 'Stopped')
    return ended(input, `the earlier version does not come back: ${saidOf(back)}`)
  return serves(input, back) ? ended(input) : going(input, progressOf(input, back))
}

/** Whether one task set is left, it is what was there before, and it has all the traffic. */
function servesOrigin(input: StepInput): boolean {
  const primary = primarySet(input)
  if (primary === undefined || taskSets(input).length > 1) return false
  const origin = originOf(input.rollout)
  const isOrigin = origin === undefined || primary.taskDefinition === origin
  return isOrigin && shareOf(input, primary) === 100
}

const going = (input: StepInput, message: string): PhaseResult =>
  wait(input, {
    reason: 'Returning',
    message: `going back until ${timestamp(endOfWay(input.rollout))}: ${message}`,
  })

function ended({ rollout, now }: StepInput, why?: string): PhaseResult {
  const { status } = rollout
  const said = why === undefined ? {} : { message: `${status.message ?? 'failed'}; ${why}` }
  return { kind: 'Again', status: finish({ ...status, ...said }, status.outcome ?? 'RolledBack', now) }
}
