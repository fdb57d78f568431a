/** @import { AnyView, EnvironmentView, ReleaseView, RolloutView, ViewEvent } from '../api/view.ts' */

/**
 * Everything that the page shows, by name.
 *
 * @typedef {{ environments: Map<string, EnvironmentView>, releases: Map<string, ReleaseView>, rollouts: Map<string, RolloutView> }} State
 */

/** More rollouts than the page ever shows; the oldest go first. */
const ROLLOUTS_KEPT = 300

/** @returns {State} */
export const emptyState = () => ({ environments: new Map(), releases: new Map(), rollouts: new Map() })

/**
 * Takes a change in.
 *
 * @param {State} state
 * @param {ViewEvent} change
 */
export function apply(state, { type, object }) {
  if (type === 'DELETED') mapOf(state, object).delete(object.metadata.name)
  else put(state, object)
}

/**
 * Takes an object in; one that is older than what is known already changes nothing.
 *
 * @param {State} state
 * @param {AnyView} object
 */
export function put(state, object) {
  const map = mapOf(state, object)
  const known = map.get(object.metadata.name)
  if (known !== undefined && isOlder(object, known)) return
  map.set(object.metadata.name, object)
  if (state.rollouts.size <= ROLLOUTS_KEPT) return
  for (const { metadata } of newestFirst(state).slice(ROLLOUTS_KEPT)) state.rollouts.delete(metadata.name)
}

/**
 * @param {State} state
 * @returns {RolloutView[]}
 */
export const newestFirst = (state) =>
  [...state.rollouts.values()].toSorted(
    (one, other) =>
      Date.parse(other.metadata.creationTimestamp) - Date.parse(one.metadata.creationTimestamp) ||
      other.spec.number - one.spec.number,
  )

/**
 * @param {State} state
 * @param {string} environment
 * @returns {ReleaseView[]} By name.
 */
export const releasesOf = (state, environment) =>
  [...state.releases.values()]
    .filter(({ metadata }) => metadata.labels?.['steersman.dev/environment'] === environment)
    .toSorted((one, other) => one.metadata.name.localeCompare(other.metadata.name))

/**
 * @param {State} state
 * @param {ReleaseView} release
 * @returns {RolloutView[]} Newest first.
 */
export const rolloutsOf = (state, release) =>
  [...state.rollouts.values()]
    .filter(({ metadata }) => metadata.name.replace(/-\d+$/, '') === release.metadata.name)
    .toSorted((one, other) => other.spec.number - one.spec.number)

/**
 * Versions are opaque, but where both are numbers the smaller one is older: a watch that starts before the lists repeats what they had.
 *
 * @param {AnyView} object
 * @param {AnyView} known
 */
const isOlder = (object, known) => {
  const [version, knownVersion] = [object, known].map(({ metadata }) => Number(metadata.resourceVersion))
  return (
    object.metadata.uid === known.metadata.uid &&
    version !== undefined &&
    knownVersion !== undefined &&
    version < knownVersion
  )
}

/**
 * @param {State} state
 * @param {AnyView} object
 * @returns {Map<string, AnyView>}
 */
const mapOf = (state, { kind }) =>
  kind === 'Environment' ? state.environments : kind === 'Release' ? state.releases : state.rollouts
