import { parseArgs } from 'node:util'
import { corpusFigures } from '../test/core/offline-diff/corpus-figures.ts'
import { measureQuietDays } from './bench/quiet-days.ts'
import { measureSweeps } from './bench/sweeps.ts'
import { measureTerraformRatio } from './bench/terraform-ratio.ts'

/** Virtual hours of the quiet days that `--check` plays beside the sweeps, and their releases. */
const SHORT = { hours: 1, releases: 20, seed: 1, interval: '30s' } as const
/** What is aimed at; the numbers beside them are measured. */
const BARS = { callsPerService: 0.15, deepCallsPerService: 1.3, cpuMsPerRelease: 0.3, rssMb: 300 } as const
/** What does not depend on the machine: with `--check` it decides the exit code. */
const COUNTS = ['callsPerService', 'deepCallsPerService'] as const

const { values } = parseArgs({
  options: {
    output: { type: 'string', short: 'o' },
    releases: { type: 'string', default: '500' },
    hours: { type: 'string' },
    seed: { type: 'string', default: '1' },
    interval: { type: 'string', default: '30s' },
    check: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const isJson = values.output === 'json'
if (values.hours !== undefined) {
  const { hours, releases, seed, interval } = values
  const days = { hours: Number(hours), releases: Number(releases), seed: Number(seed), interval }
  const { figures, isQuiet, text } = await measureQuietDays(days)
  console.log(isJson ? JSON.stringify(figures) : text)
  process.exit(isQuiet ? 0 : 1)
}
const quietDays = values.check ? await measureQuietDays(SHORT) : undefined
const sweeps = await measureSweeps(Number(values.releases))
// A ratio of times is for people to see; a check decides by counts.
const terraform = values.check ? undefined : await measureTerraformRatio()
const measured = {
  services: sweeps.services,
  callsPerService: round(sweeps.callsPerService),
  deepCallsPerService: round(sweeps.deepCallsPerService),
  cpuMsPerRelease: round(sweeps.cpuMsPerRelease),
  rssMb: Math.round(sweeps.rssMb),
  callsByOperation: sweeps.callsByOperation,
  writes: sweeps.writes,
  changed: sweeps.changed,
  found: sweeps.found,
  deepFound: sweeps.deepFound,
  corpus: corpusFigures(),
  ...(terraform === undefined ? {} : { terraform }),
  ...(quietDays === undefined ? {} : { quietDays: quietDays.figures }),
}
console.log(isJson ? JSON.stringify(measured) : table())

/** Node waits for nothing that the benchmark left behind. */
process.exit(values.check && complaints().length > 0 ? 1 : 0)

function complaints(): string[] {
  const { found, deepFound, writes, corpus } = measured
  const missed = corpus.falsePositives + corpus.falseNegatives
  return [
    ...COUNTS.filter((name) => measured[name] > BARS[name]),
    ...(found.length === 1 && deepFound.length === 1 ? [] : ['found']),
    ...(writes === 0 ? [] : ['writes']),
    ...(missed === 0 ? [] : ['corpus']),
    ...(quietDays?.isQuiet === false ? ['quiet days'] : []),
  ]
}

function table(): string {
  const { corpus, services, writes, found, deepFound, changed } = measured
  const rows = Object.entries(BARS).map(
    ([name, bar]) =>
      `${name.padEnd(20)} ${String(measured[name as keyof typeof BARS]).padStart(8)}   bar ${bar}`,
  )
  return [
    ...rows,
    `${services} services, all classes of drift on Alert: ${writes} writes; ${changed} was changed by hand, told as drifted by a fast sweep: ${found.join(', ') || 'none'}, by a deep one: ${deepFound.join(', ') || 'none'}`,
    `corpus: ${corpus.cases} cases, ${corpus.falsePositives} false positives, ${corpus.falseNegatives} false negatives`,
    ...(terraform === undefined ? [] : [terraformText(terraform)]),
    ...(quietDays === undefined ? [] : [quietDays.text]),
    ...(values.check ? [`over the bar: ${complaints().join(', ') || 'nothing'}`] : []),
  ].join('\n')
}

function terraformText(seen: NonNullable<typeof terraform>): string {
  const { services, sweepMs, sweepCalls, terraformMs, terraformCalls, ratioToTerraform } = seen
  return [
    `${services} services beside Terraform: a sweep took ${Math.round(sweepMs)} ms and ${sweepCalls} calls,`,
    `plan -refresh-only ${Math.round(terraformMs)} ms and ${terraformCalls} calls: ratioToTerraform ${round(ratioToTerraform)}`,
  ].join(' ')
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
