/** What Terraform would do to one object. */
export type PlannedAction = 'no-op' | 'read' | 'create' | 'update' | 'replace' | 'delete' | 'forget'

/** The lists of `change.actions` (https://developer.hashicorp.com/terraform/internals/json-format#change-representation). */
const ACTIONS: ReadonlyMap<string, PlannedAction> = new Map([
  ['no-op', 'no-op'],
  ['read', 'read'],
  ['create', 'create'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['delete,create', 'replace'],
  ['create,delete', 'replace'],
  ['forget', 'forget'],
])

/** The meaning of a list of actions; undefined for one that this program does not know. */
export function actionOf(actions: unknown): PlannedAction | undefined {
  return Array.isArray(actions) ? ACTIONS.get(actions.join(',')) : undefined
}
