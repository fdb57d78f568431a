import type { Relations, Relative } from '../core/relations.ts'
import { saidBy } from '../core/relations.ts'
import type { Partner, RolloutState } from '../core/rollout/state.ts'
import type { DefaultedRelease, ReleaseStatus } from '../resources/types.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { Store } from '../ports/store.ts'
import type { EnvironmentState } from './engine.ts'
import { getRelease, rolloutsOf } from './objects.ts'

/** What the wanted commit says of all its releases at one moment. */
export type Ties = Pick<EnvironmentState, 'desires' | 'releases'>

/** What is stored of another release. */
export interface Kin {
  readonly status: ReleaseStatus
  /** Newest first. */
  readonly rollouts: readonly RolloutState[]
  readonly active: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
}

/** By release; one that the store does not have yet is left out. */
export type KnownKin = ReadonlyMap<string, Kin>

/** Reads what is stored of the releases that this one has to do with. */
export async function kinOf(
  store: Store,
  ties: Ties,
  { environment, release }: ReleaseKey,
  active: { readonly state: RolloutState } | undefined,
): Promise<KnownKin> {
  const known = new Map<string, Kin>()
  for (const name of kinNames(ties.releases, release, active?.state)) {
    const key = { environment, release: name }
    const stored = await getRelease(store, key)
    if (stored === undefined) continue
    const rollouts = await rolloutsOf(store, key)
    known.set(name, {
      status: stored.status,
      rollouts: rollouts.all.map(({ state }) => state),
      active: rollouts.active?.state,
      lastSucceeded: rollouts.lastSucceeded?.state,
    })
  }
  return known
}

/** The releases that this one depends on, that its commit groups it with, and that its running rollout moves with. */
export function kinNames(
  releases: Ties['releases'],
  release: string,
  active: RolloutState | undefined,
): readonly string[] {
  const { dependsOn, others } = tiesOf(releases, release)
  const members = (active?.spec.group?.members ?? []).map((member) => member.release)
  return [...new Set([...dependsOn, ...others, ...members])].filter((name) => name !== release)
}

/** Releases that wait for this one to serve. */
export const dependentsOf = (releases: Ties['releases'], release: string): readonly string[] =>
  releases
    .filter(({ spec }) => (spec.dependsOn ?? []).some(({ name }) => name === release))
    .map(({ metadata }) => metadata.name)

/** The other members of the release's group. */
export const othersOf = (releases: Ties['releases'], release: string): readonly string[] =>
  tiesOf(releases, release).others

/** What a reconcile has read of the other releases. */
export interface Known {
  readonly ties: Ties
  readonly kin: KnownKin
}

/** The relations of a release that has none of its rollouts running. */
export function relationsOf({ ties, kin }: Known, release: string): Relations {
  const { dependsOn, others, group } = tiesOf(ties.releases, release)
  const relatives = (names: readonly string[]): readonly Relative[] =>
    names.map((name) => relativeOf(ties, name, kin.get(name)))
  return {
    dependsOn: relatives(dependsOn),
    group: group === undefined ? undefined : { name: group, others: relatives(others) },
  }
}

/** The other members of the group that a rollout moves with; undefined where it moves for itself. */
export function partnersOf({ ties, kin }: Known, { spec }: RolloutState): readonly Partner[] | undefined {
  const { group } = spec
  if (group === undefined) return undefined
  const others = group.members.filter(({ release }) => release !== spec.release)
  return others.map(({ release, digest, number }) => {
    const relative = relativeOf(ties, release, kin.get(release))
    const found = kin.get(release)?.rollouts.find((rollout) => rollout.spec.number === number)
    const rollout = found?.spec.group?.leader === group.leader ? found : undefined
    const isWanted = relative.wanted === digest && tiesOf(ties.releases, release).group === group.name
    const isTaken = rollout === undefined && relative.newest >= number
    const isRead = ties.desires !== undefined
    return { release, rollout, mayBegin: !isTaken && (!isRead || isWanted), said: saidBy(relative) }
  })
}

function relativeOf({ desires }: Ties, release: string, kin: Kin | undefined): Relative {
  const desire = desires?.get(release)
  return {
    release,
    wanted: desire?.kind === 'Ready' ? desire.release.digest : undefined,
    status: kin?.status ?? {},
    active: kin?.active,
    lastSucceeded: kin?.lastSucceeded,
    newest: Math.max(kin?.rollouts[0]?.spec.number ?? 0, kin?.status.lastRollout ?? 0),
  }
}

interface OwnTies {
  readonly dependsOn: readonly string[]
  readonly group: string | undefined
  readonly others: readonly string[]
}

function tiesOf(releases: readonly DefaultedRelease[], release: string): OwnTies {
  const own = releases.find(({ metadata }) => metadata.name === release)?.spec
  const group = own?.group?.name
  const others = releases.filter(
    ({ metadata, spec }) => group !== undefined && spec.group?.name === group && metadata.name !== release,
  )
  return {
    dependsOn: (own?.dependsOn ?? []).map(({ name }) => name),
    group,
    others: others.map(({ metadata }) => metadata.name),
  }
}
