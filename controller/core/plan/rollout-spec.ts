import type { RolloutCause, RolloutGroup, RolloutSpec } from '../../resources/generated/rollout.ts'
import type { Place, Side } from '../observation.ts'
import { otherSide } from '../observation.ts'
import { atOnce } from '../rollout/shift-steps.ts'
import { takesTraffic } from '../rollout/traffic.ts'
import { isWarm } from './corrections.ts'
import type { PlanInput } from './decision.ts'
import { leftOn } from './live.ts'
import { onlySpec } from './only-spec.ts'
import { trafficSpec } from './traffic-spec.ts'

/** Writes down all that a rollout needs, so that it can be finished whatever happens to the branch meanwhile. */
export function rolloutSpec(input: PlanInput, wanted: WantedRollout): RolloutSpec {
  const { live } = wanted
  const parts = live === 'only' ? onlySpec(input, wanted) : pairSpec(input, { ...wanted, live })
  return { ...commonSpec(input, wanted), ...parts }
}

interface WantedRollout {
  readonly live: Place
  readonly taskDefinition: string
  readonly why: RolloutCause
  readonly who: string
  readonly reason: string | undefined
  readonly requestedAt?: string
  readonly group?: RolloutGroup | undefined
}

type CommonSpec = Omit<RolloutSpec, 'from' | 'to' | 'service' | 'strategy'>

function commonSpec(input: PlanInput, wanted: WantedRollout): CommonSpec {
  const { desired } = input
  return {
    environment: desired.environment,
    release: desired.name,
    number: input.nextNumber,
    commit: desired.commit,
    revision: desired.revision,
    why: wanted.why,
    ...(goesBack(input, wanted.why) ? { goesBack: true } : {}),
    who: wanted.who,
    ...(desired.pushedBy === undefined ? {} : { pushedBy: [...desired.pushedBy] }),
    ...(wanted.reason === undefined ? {} : { reason: wanted.reason }),
    ...(wanted.requestedAt === undefined ? {} : { requestedAt: wanted.requestedAt }),
    ...(wanted.group === undefined ? {} : { group: wanted.group }),
    digest: desired.digest,
    ...(desired.image === undefined ? {} : { image: desired.image }),
    ...(desired.sidecars === undefined || desired.sidecars.length === 0
      ? {}
      : { sidecars: [...desired.sidecars] }),
    taskDefinition: wanted.taskDefinition,
    gates: desired.spec.gates ?? [],
  }
}

function pairSpec(
  input: PlanInput,
  wanted: Pick<WantedRollout, 'why' | 'taskDefinition'> & { readonly live: Side },
): Omit<RolloutSpec, keyof CommonSpec> & Partial<RolloutSpec> {
  const { desired, observation } = input
  const service = observation.sides[wanted.live].service
  const { strategy } = desired.spec
  const kept = keptSide(input, wanted.live)
  return {
    from: rolloutOrigin(input, kept),
    to: { side: otherSide(kept) },
    desiredCount: desired.spec.service.desiredCount ?? Math.max(1, service?.desiredCount ?? 1),
    ...(desired.spec.service.desiredCount === undefined ? { autoscaled: true } : {}),
    service: {
      cluster: desired.spec.service.cluster,
      names: serviceNames(desired),
      ...(desired.spec.service.settings === undefined ? {} : { settings: desired.spec.service.settings }),
    },
    traffic: trafficSpec(desired),
    strategy: isStepless(input, wanted, kept) ? atOnce(strategy) : strategy,
    keepPrevious: strategy.keepPrevious,
  }
}

/** Whether a person leaves what serves for what served before: by a pin, by the tag, at once, or by a commit that wants it again. */
function goesBack({ desired, served, lastSucceeded }: PlanInput, why: RolloutCause): boolean {
  if (why === 'Failback' || why === 'Pin') return true
  const isAnother = lastSucceeded !== undefined && lastSucceeded.spec.digest !== desired.digest
  const hasServed = desired.goesBack === true || served.has(desired.digest)
  return (why === 'Tag' || why === 'Commit') && isAnother && hasServed
}

/**
 * Whether the traffic moves at once, whatever the strategy is: where no other version can carry the rest, and where the version is no new one. It serves now, it
 * was rolled out before and the live side was changed by hand since, or it is the one that is kept warm for a quick way back.
 */
function isStepless(
  input: PlanInput,
  { why, taskDefinition }: { readonly why: RolloutCause; readonly taskDefinition: string },
  kept: Side,
): boolean {
  const isFirst = rolloutOrigin(input, kept).taskDefinition === undefined
  const isWarmBefore =
    isWarm(input) &&
    input.last?.spec.from.taskDefinition === taskDefinition &&
    input.last.spec.to.side === kept
  return isFirst || isWarmBefore || why === 'Restart' || why === 'Drift' || why === 'Failback'
}

/**
 * The side that a rollout leaves alone and goes back to: the live one. Where somebody gave all the traffic to the other side and made the live one another
 * version, that other side is: the traffic can't be given back without bringing a version to it that was never verified.
 */
export function keptSide(input: Pick<PlanInput, 'last' | 'lastSucceeded' | 'observation'>, live: Side): Side {
  const { observation } = input
  const { service } = observation.sides[live]
  const wasLeft = leftOn(input, live)
  const isAnother =
    wasLeft !== undefined && service?.status === 'ACTIVE' && service.taskDefinition !== wasLeft
  const isIdle = !takesTraffic(observation, live) && takesTraffic(observation, otherSide(live))
  return isAnother && isIdle ? otherSide(live) : live
}

/**
 * What a rollout goes back to: what the side that is kept runs. Where that runs nothing any more and part of the traffic goes to the other side, which can't be changed
 * before it goes back, it is what the last rollout brought.
 */
export function rolloutOrigin(
  { observation, lastSucceeded }: Pick<PlanInput, 'observation' | 'lastSucceeded'>,
  kept: Side,
): RolloutSpec['from'] {
  const { service } = observation.sides[kept]
  const rollout = lastSucceeded === undefined ? {} : { rollout: lastSucceeded.name }
  if (service !== null && service.desiredCount > 0)
    return { side: kept, taskDefinition: service.taskDefinition, ...rollout }
  const isDivided = takesTraffic(observation, otherSide(kept))
  return isDivided && lastSucceeded?.spec.to.side === kept
    ? { side: kept, taskDefinition: lastSucceeded.spec.taskDefinition, ...rollout }
    : { side: 'none' }
}

/** The pair's service names: as given, or the release's name with the side. */
const serviceNames = ({
  name,
  spec,
}: Pick<PlanInput['desired'], 'name' | 'spec'>): { blue: string; green: string } =>
  spec.service.names ?? { blue: `${name}-blue`, green: `${name}-green` }
