import { isRecord } from '../../resources/problem.ts'
import { actionOf } from './planned-action.ts'
import type { PlannedAction } from './planned-action.ts'

/** One entry of `resource_changes` or `resource_drift`. Its values are raw: whoever shows one masks it first. */
export interface PlannedChange {
  /** With module path and index, as `module.web.aws_ecs_service.side["blue"]`. */
  readonly address: string
  readonly type: string
  readonly action: PlannedAction
  /** Null before a create. In a drift entry: what the state says. */
  readonly before: Readonly<Record<string, unknown>> | null
  /** Null after a delete. In a drift entry: what is live. Values that are known only after the apply are missing. */
  readonly after: Readonly<Record<string, unknown>> | null
  /** `true`, or a structure that holds `true` wherever the value is known only after the apply. */
  readonly afterUnknown: unknown
  /** `true`, or a structure that holds `true` wherever the value is sensitive. */
  readonly beforeSensitive: unknown
  readonly afterSensitive: unknown
  /** Attributes that force a replace, without what lies below them. */
  readonly replacedFor: readonly string[]
  /** The object is brought under Terraform's care by this plan. */
  readonly isImport: boolean
  /** It is known by another address from now on. */
  readonly isMove: boolean
}

export interface OutputChange {
  readonly name: string
  readonly action: PlannedAction
}

/** The block of one provider: what it is configured with, by name; a value may be an expression. */
export interface ProviderConfiguration {
  /** As the plan calls it: `aws`, `aws.other`, `module.web:aws`. */
  readonly key: string
  readonly settings: readonly string[]
}

/** What a plan says, as far as it is judged. */
export interface Plan {
  readonly changes: readonly PlannedChange[]
  readonly drift: readonly PlannedChange[]
  readonly outputs: readonly OutputChange[]
  readonly providers: readonly ProviderConfiguration[]
}

/** What could not be understood, each as one sentence; a plan with one is refused, whatever else it holds. */
export interface UnreadablePlan {
  readonly problems: readonly string[]
}

/** More than any plan that a person could review holds. */
const MOST_CHANGES = 20_000

/**
 * Reads the JSON of `terraform show -json PLAN`, format version 1
 * (https://developer.hashicorp.com/terraform/internals/json-format). A field that the judge relies on and that is not there, or
 * not of its form, makes the plan unreadable: what is not understood must not pass for harmless.
 */
export function readPlan(json: unknown): Plan | UnreadablePlan {
  if (!isRecord(json)) return { problems: ['the plan is not a JSON object'] }
  const problems = [...versionProblems(json), ...completenessProblems(json)]
  const read: Plan = {
    changes: changesOf(json, 'resource_changes', problems),
    drift: changesOf(json, 'resource_drift', problems),
    outputs: outputsOf(json, problems),
    providers: providersOf(json, problems),
  }
  if (json['resource_changes'] === undefined && hasResources(json['planned_values']))
    problems.push('the plan has resources, but no resource_changes')
  return problems.length > 0 ? { problems } : read
}

/** Whether a plan could be read. */
export function isReadable(plan: Plan | UnreadablePlan): plan is Plan {
  return 'changes' in plan
}

function versionProblems(json: Readonly<Record<string, unknown>>): string[] {
  const version = json['format_version']
  if (typeof version === 'string' && /^1\.\d+$/.test(version)) return []
  return ['the plan’s format_version is not 1.x']
}

/** `errored` and `complete` came with Terraform 1.8; a plan without them was made by an older one. */
function completenessProblems(json: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = []
  if ((json['errored'] ?? false) !== false) problems.push('Terraform says that planning failed (errored)')
  if ((json['complete'] ?? true) !== true)
    problems.push('Terraform says that the plan leaves something out (complete: false)')
  if (json['deferred_changes'] !== undefined) problems.push('the plan defers changes')
  // They came with Terraform 1.14, and do whatever their provider offers: start builds, call functions.
  const invocations = ['action_invocations', 'deferred_action_invocations']
  if (invocations.some((name) => json[name] !== undefined)) problems.push('the plan invokes actions')
  return problems
}

function changesOf(
  json: Readonly<Record<string, unknown>>,
  field: 'resource_changes' | 'resource_drift',
  problems: string[],
): PlannedChange[] {
  const entries = json[field] ?? []
  if (!Array.isArray(entries) || entries.length > MOST_CHANGES) {
    problems.push(`${field} is not a list of at most ${MOST_CHANGES} entries`)
    return []
  }
  return entries.flatMap((entry: unknown, index) => {
    const change = changeOf(entry)
    if (typeof change !== 'string') return change
    const address = isRecord(entry) && typeof entry['address'] === 'string' ? entry['address'] : undefined
    problems.push(`${field}[${index}]${address === undefined ? '' : ` (${address})`}: ${change}`)
    return []
  })
}

/** The entry; nothing for a data source, which is only read; or what is wrong with it. */
function changeOf(entry: unknown): PlannedChange | [] | string {
  if (!isRecord(entry)) return 'not an object'
  const { address, type, mode, change } = entry
  if (typeof address !== 'string' || address === '') return 'no address'
  if (typeof type !== 'string' || type === '') return 'no type'
  if (!isRecord(change)) return 'no change'
  const action = actionOf(change['actions'])
  if (action === undefined) return 'actions that are not known'
  if (mode === 'data')
    return action === 'delete' || action === 'read' || action === 'no-op'
      ? []
      : 'a data source that is written'
  if (mode !== 'managed') return 'a mode that is not known'
  const { before, after } = change
  if (!isStateOf(before, action !== 'create')) return 'no before'
  if (!isStateOf(after, action !== 'delete' && action !== 'forget')) return 'no after'
  if (change['after_unknown'] === undefined) return 'no after_unknown'
  return {
    address,
    type,
    action,
    before,
    after,
    afterUnknown: change['after_unknown'],
    // Without a word on what is sensitive everything is.
    beforeSensitive: change['before_sensitive'] ?? true,
    afterSensitive: change['after_sensitive'] ?? true,
    replacedFor: firstNames(change['replace_paths']),
    isImport: isRecord(change['importing']),
    isMove: (entry['previous_address'] ?? address) !== address,
  }
}

/** `replace_paths` is a list of paths, each a list of names and indexes. */
function firstNames(paths: unknown): string[] {
  if (!Array.isArray(paths)) return []
  const names = paths.flatMap((path: unknown) =>
    Array.isArray(path) && typeof path[0] === 'string' ? [path[0]] : [],
  )
  return [...new Set(names)].toSorted()
}

function isStateOf(value: unknown, isNeeded: boolean): value is Record<string, unknown> | null {
  return isNeeded ? isRecord(value) : value === null || isRecord(value)
}

function outputsOf(json: Readonly<Record<string, unknown>>, problems: string[]): OutputChange[] {
  const outputs = json['output_changes'] ?? {}
  if (!isRecord(outputs)) {
    problems.push('output_changes is not an object')
    return []
  }
  return Object.entries(outputs).flatMap(([name, change]) => {
    const action = isRecord(change) ? actionOf(change['actions']) : undefined
    if (action !== undefined) return [{ name, action }]
    problems.push(`output_changes.${name}: actions that are not known`)
    return []
  })
}

function providersOf(json: Readonly<Record<string, unknown>>, problems: string[]): ProviderConfiguration[] {
  const configuration = json['configuration']
  const providers = isRecord(configuration) ? (configuration['provider_config'] ?? {}) : undefined
  if (!isRecord(providers)) {
    problems.push('configuration.provider_config is not an object')
    return []
  }
  return Object.entries(providers).flatMap(([key, provider]) => {
    const expressions = isRecord(provider) ? (provider['expressions'] ?? {}) : undefined
    if (isRecord(expressions)) return [{ key, settings: Object.keys(expressions) }]
    problems.push(`provider_config.${key} is not an object`)
    return []
  })
}

function hasResources(values: unknown): boolean {
  const root = isRecord(values) ? values['root_module'] : undefined
  if (!isRecord(root)) return false
  return [root['resources'], root['child_modules']].some((list) => Array.isArray(list) && list.length > 0)
}
