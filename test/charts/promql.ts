import { definitions } from '../../controller/adapters/telemetry/metric-definitions.ts'

/** Labels that Prometheus puts on every series of a target. */
const OF_TARGETS = ['job', 'namespace', 'instance', 'pod']

/** What an expression asks for that the controller does not tell: metrics that there are not, and labels that none of its metrics has. */
export function findingsOfQuery(expression: string): string[] {
  const used = Array.from(
    expression.matchAll(/\bsteersman_(\w+)(?:\{([^}]*)\})?/gu),
    ([, name = '', matchers = '']) => ({
      name,
      labels: Array.from(matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/gu), (match) => match[1] ?? ''),
    }),
  )
  if (used.length === 0) return ['it asks for no metric of Steersman']
  const known = new Set([...OF_TARGETS, ...used.flatMap(({ name }) => labelsOf(name) ?? [])])
  return [...used.flatMap(findingsOfSelector), ...findingsOfGroups(expression, known)]
}

function findingsOfSelector({
  name,
  labels,
}: {
  readonly name: string
  readonly labels: readonly string[]
}): string[] {
  const known = labelsOf(name)
  if (known === undefined) return [`steersman_${name} is no metric`]
  return labels
    .filter((label) => !known.includes(label))
    .map((label) => `steersman_${name} has no label ${label}`)
}

function findingsOfGroups(expression: string, known: ReadonlySet<string>): string[] {
  return Array.from(
    expression.matchAll(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)/gu),
    (match) => (match[1] ?? '').split(',').map((label) => label.trim()),
  )
    .flat()
    .filter((label) => label !== '' && !known.has(label))
    .map((label) => `no metric of it has the label ${label}`)
}

/** The labels of a series as /metrics shows it, or undefined where there is none of that name. */
function labelsOf(series: string): readonly string[] | undefined {
  const direct = definitions[series]
  if (direct !== undefined && direct.type !== 'histogram') return direct.labels
  const [, base = '', part] = /^(\w+)_(bucket|sum|count)$/u.exec(series) ?? []
  const histogram = definitions[base]
  if (histogram?.type !== 'histogram') return undefined
  return part === 'bucket' ? [...histogram.labels, 'le'] : histogram.labels
}
