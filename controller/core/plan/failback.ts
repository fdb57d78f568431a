import type { DefaultedReleaseSpec } from '../../resources/generated/release.ts'
import { sha256 } from '../canonical-json.ts'
import type { DesiredRelease } from '../desired.ts'
import type { RolloutState } from '../rollout/state.ts'
import { isFinished } from '../rollout/state.ts'

/** A person's wish to go back at once and stay there, as the release carries it. */
export interface Failback {
  /** When it was asked for, RFC 3339: tells one wish from the next. */
  readonly id: string
  readonly by: string
  readonly reason: string | undefined
  /** The number of the rollout whose version shall serve. */
  readonly to: number
}

export const failbackReason = ({ reason, to }: Failback): string =>
  `back at once to what rollout ${to} served${reason === undefined ? '' : `: ${reason}`}`

/**
 * What a release shall be while it is held so: the version of the rollout, on what the newest rollout has set up. No gate is asked and nothing is baked, since
 * that version was verified when it came; each wish is one try, so that a version that failed meanwhile may be gone back to.
 */
export function failbackRelease(
  failback: Failback,
  {
    target,
    newest,
    spec,
    recorded,
  }: {
    readonly target: RolloutState
    readonly newest: RolloutState
    readonly spec: DefaultedReleaseSpec
    readonly recorded: DesiredRelease['recorded']
  },
): DesiredRelease {
  const { service, traffic } = newest.spec
  const { settings } = target.spec.service
  const { pin: _pin, ...rest } = spec
  const { steps: _steps, ...strategy } = target.spec.strategy
  const { desiredCount } = spec.service
  return {
    environment: target.spec.environment,
    name: target.spec.release,
    spec: {
      ...rest,
      service: {
        cluster: service.cluster,
        ...(service.name === undefined ? {} : { name: service.name }),
        ...(service.names === undefined ? {} : { names: service.names }),
        ...(desiredCount === undefined ? {} : { desiredCount }),
        ...(settings === undefined ? {} : { settings }),
      },
      ...(traffic === undefined ? {} : { traffic: trafficAgain(traffic) }),
      strategy: { ...strategy, type: traffic === undefined ? 'Rolling' : 'BlueGreen', bake: '0s' },
      gates: [],
    },
    commit: target.spec.commit,
    revision: target.spec.revision ?? '',
    who: failback.by,
    why: 'Failback',
    goesBack: true,
    reason: failbackReason(failback),
    image: target.spec.image,
    sidecars: target.spec.sidecars ?? [],
    container: traffic?.container,
    containerPort: traffic?.containerPort,
    version: { taskDefinition: target.spec.taskDefinition, document: undefined },
    digest: sha256({ failback: failback.id, taskDefinition: target.spec.taskDefinition }),
    recorded,
  }
}

const trafficAgain = ({
  loadBalancer,
  rules,
  test,
  targetGroups,
}: NonNullable<RolloutState['spec']['traffic']>): NonNullable<DefaultedReleaseSpec['traffic']> => ({
  loadBalancer,
  rules: [...rules],
  targetGroups,
  ...(test === undefined ? {} : { test }),
})

/** The running rollout, told to turn back where it brings another version than the one to go back to. */
export function abortedFor(failback: Failback, active: RolloutState, target: RolloutState): RolloutState {
  const isTarget = active.spec.taskDefinition === target.spec.taskDefinition
  if (isTarget || isFinished(active.status) || active.status.abortRequested !== undefined) return active
  const { by, id } = failback
  return {
    ...active,
    status: { ...active.status, abortRequested: { by, at: id, reason: failbackReason(failback) } },
  }
}

/** What of a rollout says whether one may go back to it. */
export interface Served {
  readonly number: number
  readonly taskDefinition: string | undefined
  /** Undefined while it runs. */
  readonly outcome: string | undefined
}

/** The rollout to go back to: the last good one before what the newest has brought, or is bringing; undefined where nothing else has served. */
export function lastGoodBefore(rollouts: readonly Served[]): number | undefined {
  const sorted = rollouts.toSorted((one, other) => other.number - one.number)
  const [newest] = sorted
  const good = sorted.filter(({ outcome }) => outcome === 'Succeeded')
  const left = newest?.outcome === undefined ? newest : good[0]
  return good.find(({ taskDefinition }) => taskDefinition !== left?.taskDefinition)?.number
}
