import { isRecord } from '../../resources/problem.ts'
import type { ParsedModule } from './root/parsed.ts'
import { sensitiveDefaults, sensitiveNames } from './root/variables.ts'

/** Shorter ones can't be told from ordinary words. */
const SHORTEST = 4
const MOST = 5_000

/**
 * Every text that a plan's JSON marks as sensitive, in changes, outputs and variables, so that it can be taken out of what
 * Terraform prints later. Works on any shape: what is not there has no secrets.
 */
export function sensitiveTexts(json: unknown): readonly string[] {
  if (!isRecord(json)) return []
  const found = new Set<string>()
  const changes = ['resource_changes', 'resource_drift'].flatMap((field) => listOf(json[field]))
  const outputs = isRecord(json['output_changes']) ? Object.values(json['output_changes']) : []
  for (const change of [
    ...changes.map((entry) => (isRecord(entry) ? entry['change'] : undefined)),
    ...outputs,
  ]) {
    if (!isRecord(change)) continue
    collect(change['before'], change['before_sensitive'], found)
    collect(change['after'], change['after_sensitive'], found)
  }
  for (const value of sensitiveVariables(json)) collect(value, true, found)
  return [...found].slice(0, MOST)
}

/**
 * The texts of the variables that a root or a module of it declares sensitive, from defaults and variable files: while there is no plan, Terraform marks
 * nothing, and a provider that refuses a value repeats it. `given`: the values of each variable file, by name.
 */
export function sensitiveInputs(
  modules: readonly ParsedModule[],
  given: readonly Readonly<Record<string, unknown>>[],
): readonly string[] {
  const found = new Set<string>()
  for (const value of modules.flatMap(sensitiveDefaults)) collect(value, true, found)
  const names = modules.slice(0, 1).flatMap(sensitiveNames)
  for (const values of given) for (const name of names) collect(values[name], true, found)
  return [...found].slice(0, MOST)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Which variables are sensitive stands in the configuration; their values stand apart. */
function sensitiveVariables(json: Readonly<Record<string, unknown>>): unknown[] {
  const configuration = isRecord(json['configuration']) ? json['configuration'] : {}
  const root = isRecord(configuration['root_module']) ? configuration['root_module'] : {}
  const declared = isRecord(root['variables']) ? root['variables'] : {}
  const given = isRecord(json['variables']) ? json['variables'] : {}
  return Object.entries(declared)
    .filter(([, variable]) => isRecord(variable) && variable['sensitive'] === true)
    .map(([name]) => (isRecord(given[name]) ? given[name]['value'] : undefined))
}

function collect(value: unknown, sensitive: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    const marks = listOf(sensitive)
    value.forEach((item, index) => collect(item, sensitive === true || marks[index], found))
  } else if (isRecord(value)) {
    const marks = isRecord(sensitive) ? sensitive : {}
    for (const [name, item] of Object.entries(value)) collect(item, sensitive === true || marks[name], found)
  } else if (sensitive === true && (typeof value === 'string' || typeof value === 'number')) {
    const text = String(value)
    if (text.length >= SHORTEST) found.add(text)
  }
}
