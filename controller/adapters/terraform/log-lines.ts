import { isRecord } from '../../resources/problem.ts'
import type { TerraformEvent } from '../../ports/terraform.ts'

/** A warning or an error as Terraform reports it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly summary: string
  /** May quote values: shown only where Terraform itself, and no provider, speaks of the code. */
  readonly detail: string
  /** Empty where it is about no resource. */
  readonly address: string
  /** `file:line`, or empty. */
  readonly place: string
}

export type LogEntry =
  | { readonly kind: 'event'; readonly event: TerraformEvent }
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }

const HOOKS: Readonly<
  Record<string, 'ResourceStarted' | 'ResourceProgress' | 'ResourceCompleted' | 'ResourceFailed'>
> = {
  apply_start: 'ResourceStarted',
  apply_progress: 'ResourceProgress',
  apply_complete: 'ResourceCompleted',
  apply_errored: 'ResourceFailed',
}

/**
 * One line of `-json` output (https://developer.hashicorp.com/terraform/internals/machine-readable-ui); undefined for what
 * nobody waits for, and for lines of text that Terraform prints in between.
 */
export function parseLogLine(line: string): LogEntry | undefined {
  const entry = parsed(line)
  if (entry === undefined) return undefined
  if (entry['type'] === 'diagnostic') {
    const diagnostic = diagnosticOf(entry['diagnostic'])
    return diagnostic === undefined ? undefined : { kind: 'diagnostic', diagnostic }
  }
  const type = typeof entry['type'] === 'string' ? HOOKS[entry['type']] : undefined
  const hook = entry['hook']
  if (type === undefined || !isRecord(hook)) return undefined
  const address = isRecord(hook['resource']) ? textOf(hook['resource'], 'addr') : ''
  const elapsed = hook['elapsed_seconds']
  return {
    kind: 'event',
    event: {
      type,
      address,
      action: textOf(hook, 'action'),
      elapsedSeconds: typeof elapsed === 'number' ? elapsed : 0,
    },
  }
}

/** The errors of a command that has no `-json`, as it frames them on standard error; one that frames none has its first line for one. */
export function parseErrorText(text: string): readonly Diagnostic[] {
  const lines = text
    .replaceAll(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.replace(/^[│╷╵|]\s?/, '').trim())
    .filter((line) => line !== '')
  const starts = lines.flatMap((line, index) => (line.startsWith('Error: ') ? [index] : []))
  if (starts.length === 0) return lines.slice(0, 1).map((line) => errorOf([line]))
  return starts.map((start) => {
    const end = lines.findIndex((line, index) => index > start && /^(?:Error|Warning): /.test(line))
    return errorOf(lines.slice(start, end < 0 ? undefined : end))
  })
}

function errorOf([first = '', ...rest]: readonly string[]): Diagnostic {
  const summary = first.replace(/^Error: /, '')
  return { severity: 'error', summary, detail: rest.join(' '), address: '', place: '' }
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry: unknown = JSON.parse(line)
    return isRecord(entry) ? entry : undefined
  } catch {
    return undefined
  }
}

function diagnosticOf(value: unknown): Diagnostic | undefined {
  if (!isRecord(value)) return undefined
  const severity = value['severity']
  if (severity !== 'error' && severity !== 'warning') return undefined
  const { range } = value
  const start = isRecord(range) && isRecord(range['start']) ? range['start']['line'] : undefined
  return {
    severity,
    summary: textOf(value, 'summary'),
    detail: textOf(value, 'detail'),
    address: textOf(value, 'address'),
    place: isRecord(range) ? `${textOf(range, 'filename')}:${String(start)}` : '',
  }
}

function textOf(value: Readonly<Record<string, unknown>>, name: string): string {
  const text = value[name]
  return typeof text === 'string' ? text : ''
}
