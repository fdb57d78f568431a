import { isValid } from './change.ts'
import { changes } from './changes.ts'
import { properties } from './schema.ts'
import { entryOf, isLeaf, isWithinUnsupported } from './values.ts'
import type { WalkedStep } from './walk.ts'

interface Row {
  /** `release /spec/service`. */
  readonly name: string
  readonly properties: number
  /** How many of its properties a step touched with a value that serves, and with one that must not. */
  readonly valid: number
  readonly invalid: number
  readonly steps: number
  readonly failed: number
}

/** Which properties steps touched, as Markdown, with the reason for each that has no other value in the simulated world. */
export function coverageTable(steps: readonly WalkedStep[]): string {
  const rows = tops().map((name) => rowOf(name, steps))
  const cells = rows.map(
    (row) =>
      `| \`${row.name}\` | ${row.properties} | ${row.valid} | ${row.invalid} | ${row.steps} | ${row.failed} |`,
  )
  return [
    '| member | properties | with valid values | with others | steps | not as expected |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...cells,
    '',
    `${distinct(steps)} of ${distinctKinds()} different changes were made.`,
    '',
    ...reasons(),
  ].join('\n')
}

function rowOf(name: string, steps: readonly WalkedStep[]): Row {
  const within = (path: string): boolean => path === name || path.startsWith(`${name}/`)
  const own = steps.filter(({ path }) => within(path))
  const valid = own.filter(isValid)
  const touched = (some: readonly WalkedStep[]): number => new Set(some.map(({ path }) => path)).size
  return {
    name,
    properties: properties.filter((property) => within(property.name)).length,
    valid: touched(valid),
    invalid: touched(own.filter((step) => !isValid(step))),
    steps: own.length,
    failed: own.filter(({ got }) => got.length > 0).length,
  }
}

/** Members of both specs. */
const tops = (): readonly string[] => [
  ...new Set(properties.map(({ name }) => name.split('/').slice(0, 3).join('/'))),
]

const distinct = (steps: readonly WalkedStep[]): number =>
  new Set(steps.map(({ path, kind }) => `${path} ${kind}`)).size

const distinctKinds = (): number => new Set(changes.map(({ property, says }) => `${property} ${says}`)).size

/** Why some properties keep their values, one line for each reason. */
function reasons(): string[] {
  const byReason = new Map<string, string[]>()
  for (const property of properties) {
    const without = isWithinUnsupported(property)
      ? 'part of what is not supported yet'
      : entryOf(property)?.without
    if (without === undefined || !isLeaf(property)) continue
    byReason.set(without, [...(byReason.get(without) ?? []), `\`${property.name}\``])
  }
  return [
    'Properties that keep their value:',
    '',
    ...[...byReason].map(([reason, names]) => `- ${reason}: ${names.join(', ')}`),
  ]
}
