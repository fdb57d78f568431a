import type { CodeDeployFacts, CodeDeploymentFacts } from '../../code-deploy.ts'
import { isOver } from '../../code-deploy.ts'
import type { TaskSetFacts } from '../../observation.ts'
import { seenAt } from '../../observation.ts'
import { fromTimestamp } from '../../time.ts'
import { stoodBeforeUnanswered } from '../freshness.ts'
import type { PhaseResult, RolloutState, StepInput } from '../state.ts'
import { turnBack } from '../state.ts'
import { missing, wait } from '../step.ts'

/** A rollout's deployment of its version, and the one of the version before, where that has to be brought again. */
export type Way = 'Forward' | 'Back'

/** What a deployment of Steersman's is described as: no client token tells one from the next. */
export const descriptionOf = (rollout: string, way: Way): string =>
  `${OF_STEERSMAN}${rollout}${way === 'Back' ? ', back' : ''}`

const OF_STEERSMAN = 'steersman '
export const isOfSteersman = ({ description }: CodeDeploymentFacts): boolean =>
  description?.startsWith(OF_STEERSMAN) === true

/** AWS's clock and ours may differ by so much. */
const CLOCK_SKEW_MS = 300_000

export const lookedAt = (input: StepInput): PhaseResult | undefined =>
  missing(input, ['services', 'codeDeploy', 'rules'])

export const seenOf = ({ observation }: Pick<StepInput, 'observation'>): CodeDeployFacts =>
  observation.codeDeploy ?? { group: null, deployments: [] }

/** The deployment of this rollout, as far as CodeDeploy shows one. */
export function ownDeployment(input: StepInput, way: Way): CodeDeploymentFacts | undefined {
  const { rollout } = input
  const description = descriptionOf(rollout.name, way)
  const since = fromTimestamp(rollout.status.startedAt ?? '1970-01-01T00:00:00Z') - CLOCK_SKEW_MS
  return seenOf(input).deployments.find((one) => one.description === description && one.createdAt >= since)
}

/** The deployment of the group that is not over; CodeDeploy allows one at a time. */
export const activeDeployment = (input: StepInput): CodeDeploymentFacts | undefined =>
  seenOf(input).deployments.find((one) => !isOver(one))

/** The task sets of the service that are not on their way out. */
export const taskSets = ({ observation }: StepInput): readonly TaskSetFacts[] =>
  (seenAt(observation, 'only').service?.taskSets ?? []).filter(({ status }) => status !== 'DRAINING')

export const primarySet = (input: StepInput): TaskSetFacts | undefined =>
  taskSets(input).find(({ status }) => status === 'PRIMARY')

export const setOf = (input: StepInput, { id }: CodeDeploymentFacts): TaskSetFacts | undefined =>
  taskSets(input).find(({ externalId }) => externalId === id)

/** Percent of the production traffic that a task set gets, by the rule that gives it least; undefined where no rule forwards. */
export function shareOf({ observation }: StepInput, { targetGroupArn }: TaskSetFacts): number | undefined {
  const shares = observation.production.map((rule) => {
    const weights = rule?.weights ?? []
    const all = weights.reduce((sum, { weight }) => sum + weight, 0)
    const own = weights.find((one) => one.targetGroupArn === targetGroupArn)?.weight ?? 0
    return all === 0 ? 0 : Math.round((own * 100) / all)
  })
  return shares.length === 0 ? undefined : Math.min(...shares)
}

/** Where a deployment was asked for without an answer: asking once more might begin a second one. */
export function unclearStart(input: StepInput): PhaseResult | undefined {
  const asked = { object: START, value: standsAt(input) }
  if (!stoodBeforeUnanswered(input, asked)) return undefined
  return wait(input, {
    reason: 'ReadBack',
    message: 'a deployment was asked for and got no answer: waiting until it is clear whether it was begun',
  })
}

/** The newest deployment that is seen; a reading that does not show what was the newest before the write is older still, and stands for that. */
function standsAt(input: StepInput): string {
  const { deployments } = seenOf(input)
  const before = input.writes[START]?.before ?? NONE
  const isOlder = before !== NONE && !deployments.some(({ id }) => id === before)
  return isOlder ? before : newestId(seenOf(input))
}

/** The object of the write that begins a deployment. */
const START = 'code-deploy'
const NONE = 'none'
/** What stands there before: the newest deployment of the group. */
export const newestId = ({ deployments }: CodeDeployFacts): string => deployments[0]?.id ?? NONE

export const failed = (
  { rollout, now }: Pick<StepInput, 'rollout' | 'now'>,
  why: { readonly reason: string; readonly message: string },
): PhaseResult => ({
  kind: 'Again',
  status: turnBack(rollout.status, { outcome: 'RolledBack', ...why, now }),
})

/** CodeDeploy has ended the rollout's deployment before its success: by its own rules, an alarm, or somebody's hand. */
export function lostDeployment(input: StepInput): PhaseResult | undefined {
  const own = ownDeployment(input, 'Forward')
  if (own === undefined)
    return failed(input, {
      reason: 'DeploymentFailed',
      message: 'CodeDeploy no longer shows the deployment of this rollout',
    })
  if (own.status !== 'Failed' && own.status !== 'Stopped') return undefined
  return failed(input, { reason: 'DeploymentFailed', message: saidOf(own) })
}

export const saidOf = ({ id, status, error }: CodeDeploymentFacts): string =>
  `deployment ${id} is ${status}${error === undefined ? '' : `: ${error}`}`

/** Whether all production traffic is at the tasks of the deployment, and they are the service's own by now. */
export function serves(input: StepInput, own: CodeDeploymentFacts): boolean {
  const set = setOf(input, own)
  if (set?.status !== 'PRIMARY' || shareOf(input, set) !== 100) return false
  return own.endsOriginal || own.status === 'Succeeded'
}

/** How far the deployment has come. */
export function progressOf(input: StepInput, own: CodeDeploymentFacts): string {
  const set = setOf(input, own)
  if (set === undefined) return `deployment ${own.id} is ${own.status}; its tasks do not show yet`
  const share = shareOf(input, set)
  return `deployment ${own.id} is ${own.status}: ${set.runningCount} of ${set.desiredCount} tasks run${share === undefined ? '' : `, ${share} % of the traffic is there`}`
}

/** What the rollout goes back to. */
export const originOf = ({ spec }: RolloutState): string | undefined => spec.from.taskDefinition
