/** Who moves the field: only what Steersman owns is ever corrected by Steersman. */
export type Owner = 'Steersman' | 'Terraform' | 'Autoscaling' | 'Unmanaged'

/** Which row of an environment's drift policy (`spec.drift`) decides about the change. */
export type ChangeClass = 'service' | 'traffic' | 'infrastructure' | 'unmanaged'

/** The parts of a live state, by the names that `diff --live` uses. */
export type Root =
  | 'service'
  | 'idleService'
  | 'taskDefinition'
  | 'listeners'
  | 'rules'
  | 'targetGroups'
  | 'targetGroupAttributes'
  | 'scalableTargets'
  | 'scalingPolicies'
  | 'schedules'

/** One field that is not as git wants it. */
export interface Change {
  /** RFC 6901, rooted at a {@link Root}; members of lists by name. */
  readonly path: string
  /** Null where nothing is wanted. */
  readonly wanted: unknown
  /** Null where nothing is there. */
  readonly live: unknown
  readonly owner: Owner
  readonly class: ChangeClass
}

/** Makes a change of path segments, with absence as null. */
export function changeAt(
  root: Root,
  segments: readonly string[],
  change: {
    readonly wanted: unknown
    readonly live: unknown
    readonly owner: Owner
    readonly class: ChangeClass
  },
): Change {
  return {
    path: pointer([root, ...segments]),
    wanted: change.wanted ?? null,
    live: change.live ?? null,
    owner: change.owner,
    class: change.class,
  }
}

/** A JSON pointer of segments. https://www.rfc-editor.org/rfc/rfc6901 */
export function pointer(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The segments of a JSON pointer. */
export function pointerSegments(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Sorted by path, so that the same difference is always the same text. */
export function sortChanges(changes: readonly Change[]): Change[] {
  return changes.toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0))
}
