import { sha256 } from '../canonical-json.ts'
import { isMovedByAws } from './drift.ts'
import { isReadable, readPlan } from './plan-json.ts'
import type { PlannedChange } from './plan-json.ts'

/**
 * `sha256:…` over what a plan would do: equal ids, equal effects. The file of a saved plan differs each time that it is made; what an approval names must not.
 * Undefined for a plan that is not understood.
 */
export function planId(json: unknown): string | undefined {
  const plan = readPlan(json)
  if (!isReadable(plan)) return undefined
  const changes = plan.changes
    .filter(({ action, isImport, isMove }) => isImport || isMove || (action !== 'no-op' && action !== 'read'))
    .map((change) => ({
      ...change,
      before: withoutMoving(change.type, change.before),
      after: withoutMoving(change.type, change.after),
    }))
    .toSorted((one, other) => (one.address < other.address ? -1 : 1))
  const outputs = plan.outputs.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return sha256({ changes, outputs })
}

/** What moves by itself would end every approval within minutes. */
function withoutMoving(type: string, values: PlannedChange['before']): PlannedChange['before'] {
  if (values === null) return null
  return Object.fromEntries(Object.entries(values).filter(([attribute]) => !isMovedByAws(type, attribute)))
}
