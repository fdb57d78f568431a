import { changedAttributes } from './differences.ts'
import type { Plan } from './plan-json.ts'
import type { PlannedAction } from './planned-action.ts'

/** One object that the plan touches; attributes by name only, so that no value is shown. */
export interface SummaryEntry {
  readonly address: string
  readonly type: string
  readonly action: 'add' | 'change' | 'replace' | 'destroy' | 'forget' | 'import' | 'move'
  /** Of a change, the attributes that change; of a replace, those that force it. */
  readonly attributes: readonly string[]
}

/** What a plan would do, for a person to look over. */
export interface PlanSummary {
  readonly add: number
  readonly change: number
  readonly replace: number
  readonly destroy: number
  readonly forget: number
  readonly import: number
  readonly move: number
  /** By address. */
  readonly resources: readonly SummaryEntry[]
  /** Names of the outputs that change. */
  readonly outputs: readonly string[]
  readonly hasChanges: boolean
}

export const NO_CHANGES: PlanSummary = {
  add: 0,
  change: 0,
  replace: 0,
  destroy: 0,
  forget: 0,
  import: 0,
  move: 0,
  resources: [],
  outputs: [],
  hasChanges: false,
}

const WORDS: Readonly<Record<PlannedAction, SummaryEntry['action'] | undefined>> = {
  'no-op': undefined,
  read: undefined,
  create: 'add',
  update: 'change',
  replace: 'replace',
  delete: 'destroy',
  forget: 'forget',
}

/** Counts a plan by what it does, resource by resource. */
export function summarize(plan: Plan): PlanSummary {
  const resources = plan.changes
    .flatMap((change): SummaryEntry[] => {
      const action = WORDS[change.action] ?? (change.isImport ? 'import' : change.isMove ? 'move' : undefined)
      if (action === undefined) return []
      const attributes = change.action === 'replace' ? change.replacedFor : changedAttributes(change)
      return [{ address: change.address, type: change.type, action, attributes }]
    })
    .toSorted((one, other) => (one.address < other.address ? -1 : 1))
  const count = (action: SummaryEntry['action']): number =>
    resources.filter((entry) => entry.action === action).length
  const outputs = plan.outputs.filter(({ action }) => action !== 'no-op').map(({ name }) => name)
  return {
    add: count('add'),
    change: count('change'),
    replace: count('replace'),
    destroy: count('destroy'),
    forget: count('forget'),
    import: count('import'),
    move: count('move'),
    resources,
    outputs: outputs.toSorted(),
    hasChanges: resources.length + outputs.length > 0,
  }
}

/** As `1 to add, 2 to destroy`. */
export function countsText(summary: PlanSummary): string {
  const counts = (['add', 'change', 'replace', 'destroy', 'forget', 'import', 'move'] as const).flatMap(
    (action) => (summary[action] === 0 ? [] : [`${summary[action]} to ${action}`]),
  )
  return counts.length === 0 ? 'no changes' : counts.join(', ')
}
