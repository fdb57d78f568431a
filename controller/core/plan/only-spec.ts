import type { RolloutSpec } from '../../resources/generated/rollout.ts'
import { seenAt } from '../observation.ts'
import { ownEngineOf } from '../places.ts'
import { atOnce } from '../rollout/shift-steps.ts'
import type { PlanInput } from './decision.ts'
import { trafficSpec } from './traffic-spec.ts'

type OnlySpec = Pick<
  RolloutSpec,
  | 'from'
  | 'to'
  | 'desiredCount'
  | 'service'
  | 'strategy'
  | 'engine'
  | 'engineRoleArn'
  | 'codeDeploy'
  | 'traffic'
>

/** What a rollout of one service writes down besides the version. A count that is not Steersman's is left out, so that nothing sets it. */
export function onlySpec(input: PlanInput, { why }: Pick<RolloutSpec, 'why'>): OnlySpec {
  const { name, spec } = input.desired
  const { cluster, settings, desiredCount } = spec.service
  return {
    from: onlyOrigin(input),
    to: {},
    ...(desiredCount === undefined ? {} : { desiredCount }),
    service: {
      cluster,
      name: spec.service.name ?? name,
      ...(settings === undefined ? {} : { settings }),
    },
    strategy: spec.strategy,
    ...ownEngine(input.desired, why),
  }
}

/** How an engine of AWS's own moves the traffic: at once where the version is no new one. */
function ownEngine(
  desired: PlanInput['desired'],
  why: RolloutSpec['why'],
): Partial<Pick<RolloutSpec, 'strategy' | 'engine' | 'engineRoleArn' | 'codeDeploy' | 'traffic'>> {
  const { engineRoleArn, codeDeploy, strategy } = desired.spec
  const engine = ownEngineOf(desired.spec)
  if (engine === undefined) return {}
  const isKnown = why === 'Restart' || why === 'Drift' || why === 'Failback'
  return {
    engine,
    ...(engineRoleArn === undefined ? {} : { engineRoleArn }),
    ...(codeDeploy === undefined ? {} : { codeDeploy }),
    ...(isKnown ? { strategy: atOnce(strategy) } : {}),
    traffic: trafficSpec(desired),
  }
}

/**
 * What the service goes back to: what was rolled out last, with the settings that came with it, whatever somebody set by hand since. Before the first rollout it is
 * what the newest record says, or else what is there and runs.
 */
export function onlyOrigin(
  input: Pick<PlanInput, 'last' | 'lastSucceeded' | 'desired' | 'observation' | 'status'>,
): RolloutSpec['from'] {
  const { lastSucceeded, desired } = input
  if (lastSucceeded !== undefined) {
    const { taskDefinition, service } = lastSucceeded.spec
    const { settings } = service
    const kept = settings === undefined ? {} : { settings: { ...settings } }
    return { taskDefinition, rollout: lastSucceeded.name, ...kept }
  }
  const taskDefinition = desired.recorded?.taskDefinition ?? foundThere(input)
  return taskDefinition === undefined ? {} : { taskDefinition }
}

/** What ran there before Steersman came. What Steersman brought has failed, or it would have been recorded: it counts only while it runs. */
function foundThere({
  observation,
  last,
  status,
}: Pick<PlanInput, 'last' | 'observation' | 'status'>): string | undefined {
  const { service } = seenAt(observation, 'only')
  if (service?.status !== 'ACTIVE' || service.desiredCount === 0) return undefined
  const { taskDefinition } = service
  const isOurs =
    last?.spec.taskDefinition === taskDefinition ||
    Object.values(status.taskDefinitions ?? {}).includes(taskDefinition)
  return isOurs && service.runningCount === 0 ? undefined : taskDefinition
}
