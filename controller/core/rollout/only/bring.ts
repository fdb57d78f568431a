import { effectOf, serviceValue } from '../../action.ts'
import { seenAt } from '../../observation.ts'
import type { ServiceFacts, SideObservation } from '../../observation.ts'
import { launchTypeProblem, needsNewDeployment, settingsChange } from '../../plan/settings.ts'
import type { ServiceSettings } from '../../../resources/types.ts'
import { fromTimestamp } from '../../time.ts'
import { startOf } from '../ecs-words.ts'
import { stoodBeforeUnanswered } from '../freshness.ts'
import type { PhaseResult, RolloutState, Step, StepInput } from '../state.ts'
import { turnBack } from '../state.ts'
import { act, missing, wait } from '../step.ts'
import { isOfRollout, primaryOf } from './ecs-deployment.ts'

/** What the one service is given. */
export interface Given {
  readonly taskDefinition: string
  /** Left out, the service keeps the count that it has. */
  readonly desiredCount?: number
  readonly settings: ServiceSettings | undefined
  /** Whether its tasks are started anew although nothing of the service differs, as far as the newest deployment shows. */
  readonly anew: boolean
}

export const missingOnly = (input: StepInput): Step | undefined => missing(input, ['services', 'only'])

export const onlyOf = ({ observation }: StepInput): SideObservation => seenAt(observation, 'only')

/** What the rollout brings. A deployment of the same revision that ECS gave up before is begun anew, and so is a restart's, once. */
export function givenBy(rollout: RolloutState, service: ServiceFacts | null): Given {
  const { taskDefinition, desiredCount } = rollout.spec
  const primary = service === null ? undefined : primaryOf(service)
  const isOld = primary !== undefined && !isOfRollout(primary, rollout)
  return {
    taskDefinition,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    settings: rollout.spec.service.settings,
    anew:
      isOld &&
      primary.taskDefinition === taskDefinition &&
      (primary.rolloutState === 'FAILED' || rollout.spec.why === 'Restart'),
  }
}

/** How many tasks the service goes back to; undefined where the count is not Steersman's. One that was emptied by hand gets what is wanted. */
export function countBefore({ spec, status }: RolloutState): number | undefined {
  if (spec.desiredCount === undefined) return undefined
  const { originCount = 0 } = status
  return originCount > 0 ? originCount : spec.desiredCount
}

/** The one write that makes ECS bring the version; undefined where the service has it already. */
export function bring(input: StepInput, given: Given): PhaseResult | undefined {
  const { service } = onlyOf(input)
  const { taskDefinition, desiredCount, settings } = given
  if (service === null) {
    const count = desiredCount ?? Math.max(1, input.rollout.status.originCount ?? 1)
    const action = { kind: 'CreateService', side: 'only', taskDefinition, desiredCount: count } as const
    return act(input, { action, before: 'none' })
  }
  if (service.status !== 'ACTIVE')
    return wait(input, { reason: 'ServiceDraining', message: `service ${service.name} is ${service.status}` })
  const change = settingsChange(service, settings)
  const isSame =
    service.taskDefinition === taskDefinition &&
    (desiredCount === undefined || service.desiredCount === desiredCount)
  if (isSame && change.replacing.length === 0 && !given.anew) return undefined
  const action = {
    kind: 'UpdateService',
    side: 'only',
    taskDefinition,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(given.anew || needsNewDeployment(change) ? { forceNewDeployment: true as const } : {}),
  } as const
  const before = serviceValue(
    service.taskDefinition,
    desiredCount === undefined ? undefined : service.desiredCount,
  )
  return (
    (isSame ? unclear(input, effectOf(action)) : undefined) ??
    (given.anew ? outdated(input, service) : undefined) ??
    act(input, { action, before })
  )
}

/** A deployment from before the rollout that is the newest still: what the rollout has written since does not show, and what ECS made of that is not known. */
function outdated(input: StepInput, service: ServiceFacts): Step | undefined {
  const { rollout, writes, now, stalenessBoundMs } = input
  const write = writes['service/only']
  const primary = primaryOf(service)
  if (write === undefined || primary === undefined || isOfRollout(primary, rollout)) return undefined
  const writtenAt = fromTimestamp(write.at)
  if (writtenAt < startOf(rollout) || now - writtenAt >= stalenessBoundMs) return undefined
  return wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the new deployment' })
}

/** A deployment that was asked for without an answer may still show: asking once more would start all tasks once more. */
function unclear(
  input: StepInput,
  asked: { readonly object: string; readonly value: string },
): Step | undefined {
  if (!stoodBeforeUnanswered(input, asked)) return undefined
  return wait(input, {
    reason: 'ReadBack',
    message:
      'a new deployment was asked for and got no answer: waiting until it is clear whether it was begun',
  })
}

/** Why the service can never be what is wanted of it: ECS keeps some of what it was created with. */
export function fixedBy(input: StepInput): PhaseResult | undefined {
  const problem = launchTypeProblem(onlyOf(input).service, input.rollout.spec.service.settings, 'only')
  return problem === undefined ? undefined : failed(input, problem)
}

export const failed = (
  { rollout, now }: StepInput,
  why: { readonly reason: string; readonly message: string },
): PhaseResult => ({
  kind: 'Again',
  status: turnBack(rollout.status, { outcome: 'RolledBack', ...why, now }),
})
