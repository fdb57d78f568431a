import type { ChangedBy, DriftedField, ReleaseStatus } from '../resources/types.ts'
import type { Change } from './diff.ts'
import { redactChange } from './diff.ts'
import { mendedBy } from './diff/mend.ts'
import { pointerSegments } from './diff/change.ts'
import type { RolloutState } from './rollout/state.ts'
import { fromTimestamp, timestamp } from './time.ts'

/** Which sweep looks at a field: with each poll, or within the environment's deep interval. */
export type Tier = NonNullable<DriftedField['tier']>

/** What a deep look showed to be otherwise than git says, and when that was, in milliseconds since the epoch. */
export interface DeepDrift {
  readonly changes: readonly Change[]
  /** The wanted tags of the traffic, where everything has them. */
  readonly tags?: Readonly<Record<string, string>>
  readonly at: number
}

/** As the schema of a Release has it. */
export const MAXIMUM_DRIFT = 50

/** How exact the time of a look is told, in milliseconds: a status that says nothing else is not written anew with each look. */
const EXACT_TO_MS = 60_000

/** The drifted fields after a reconcile: what a tier did not look at stays as it was seen. */
export function driftAfter({
  previous,
  drift,
  deep,
  lastSucceeded,
  now,
}: {
  readonly previous: Pick<ReleaseStatus, 'drift'>
  readonly drift: readonly Change[] | undefined
  readonly deep?: DeepDrift | undefined
  readonly lastSucceeded: RolloutState | undefined
  readonly now: number
}): readonly DriftedField[] {
  const before = previous.drift
  const fast =
    drift === undefined
      ? ofTier(before, 'Fast')
      : driftedFields(drift, before, { tier: 'Fast', at: now, lastSucceeded })
  const slow =
    deep === undefined
      ? ofTier(before, 'Deep')
      : driftedFields(deep.changes, before, { tier: 'Deep', at: deep.at, lastSucceeded })
  return [...fast, ...slow].slice(0, MAXIMUM_DRIFT)
}

/** Those of the fields that the sweep of this tier looks at. */
export const ofTier = (fields: readonly DriftedField[] | undefined, tier: Tier): readonly DriftedField[] =>
  (fields ?? []).filter((field) => (field.tier ?? 'Fast') === tier)

/** A look at a tier's fields, in milliseconds since the epoch, and what was rolled out before. */
export interface TierLook {
  readonly tier: Tier
  readonly at: number
  readonly lastSucceeded: RolloutState | undefined
}

/** Changes as status keeps them, each with the time since when it is known. */
export function driftedFields(
  changes: readonly Change[],
  before: readonly DriftedField[] | undefined,
  { tier, at, lastSucceeded }: TierLook,
): DriftedField[] {
  return changes.slice(0, MAXIMUM_DRIFT).map((change) => {
    const known = before?.find((field) => field.path === change.path)
    const applied = lastApplied(change, lastSucceeded)
    const shown = redactChange(change)
    const mends = mendedBy(change)
    return {
      path: shown.path,
      wanted: textOf(shown.wanted),
      live: textOf(shown.live),
      owner: shown.owner,
      class: shown.class,
      since: known?.since ?? timestamp(at),
      tier,
      observedAt: observedAt(known, at),
      ...(applied === undefined
        ? {}
        : { lastApplied: textOf(redactChange({ ...change, live: applied }).live) }),
      ...(mends.length === 0 ? {} : { mendedBy: [...mends] }),
    }
  })
}

/** A change, and who made the last call that may have made it, where that is known. */
export type AttributedChange = Change & { readonly by?: ChangedBy }

/** Redacted changes with whom the status names for them: as long as it is the same live value of which that was found out. */
export const attributed = (
  changes: readonly Change[],
  told: readonly DriftedField[] | undefined,
): readonly AttributedChange[] =>
  changes.map((change) => {
    const field = told?.find(({ path, live }) => path === change.path && live === textOf(change.live))
    return field?.by === undefined ? change : { ...change, by: field.by }
  })

function observedAt(known: DriftedField | undefined, at: number): string {
  const before = known?.observedAt
  const isExact = before !== undefined && Math.abs(at - fromTimestamp(before)) < EXACT_TO_MS
  return isExact ? before : timestamp(at)
}

/** What the rollout that succeeded last gave the field; undefined where it gave it nothing. */
function lastApplied({ path, wanted }: Change, last: RolloutState | undefined): unknown {
  if (last === undefined) return undefined
  const [root = '', member = '', ...rest] = pointerSegments(path)
  const { service, taskDefinition } = last.spec
  if (root === 'rules' || root === 'listeners') return rest.at(-1) === 'Weight' ? wanted : undefined
  if (root !== 'service') return undefined
  if (member === 'desiredCount') return last.spec.desiredCount
  if (member === 'taskDefinition') return taskDefinition
  return [member, ...rest].reduce<unknown>(memberOf, service.settings)
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 1024)
