import type { Condition } from './generated/release.ts'

/** A condition before it knows when it last changed. */
export interface ConditionInput {
  type: string
  status: Condition['status']
  reason: string
  message: string
  observedGeneration?: number
}

/** Conditions that kstatus expects to be absent unless they are true. */
const ABSENT_UNLESS_TRUE: ReadonlySet<string> = new Set([
  'Reconciling',
  'Stalled',
  'Drifted',
  'Pinned',
  'Held',
  'UnsafeVersion',
  'Frozen',
  'TagMissing',
  'StateLocked',
  'EventsUnavailable',
])

/**
 * Returns the conditions with one set. lastTransitionTime changes only when status changes; a condition that kstatus wants
 * absent while false is taken away instead. `now` is an RFC 3339 time.
 */
export function setCondition(
  conditions: readonly Condition[],
  input: ConditionInput,
  now: string,
): Condition[] {
  if (input.status === 'False' && ABSENT_UNLESS_TRUE.has(input.type))
    return clearCondition(conditions, input.type)
  const before = findCondition(conditions, input.type)
  const lastTransitionTime = before?.status === input.status ? before.lastTransitionTime : now
  const condition: Condition = { ...input, lastTransitionTime }
  if (!before) return [...conditions, condition]
  return conditions.map((other) => (other.type === input.type ? condition : other))
}

/** Returns the conditions without one. */
export function clearCondition(conditions: readonly Condition[], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type)
}

/** The condition of a type, if there is one. */
export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type)
}

/** Whether a condition is there and true. */
export function isConditionTrue(conditions: readonly Condition[], type: string): boolean {
  return findCondition(conditions, type)?.status === 'True'
}
