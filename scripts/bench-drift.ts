import { parseArgs } from 'node:util'
import { corpusFigures } from '../test/core/offline-diff/corpus-figures.ts'
import { measureSweeps } from './bench/sweeps.ts'

/** What is aimed at; the numbers beside them are measured. */
const BARS = { callsPerService: 0.15, cpuMsPerRelease: 0.3 } as const

const { values } = parseArgs({
  options: { output: { type: 'string', short: 'o' } },
  allowPositionals: true,
})
const { callsPerService, cpuMsPerRelease, ...sweeps } = await measureSweeps()
const measured = {
  services: sweeps.services,
  callsPerService: round(callsPerService),
  cpuMsPerRelease: round(cpuMsPerRelease),
  callsByOperation: sweeps.callsByOperation,
  writes: sweeps.writes,
  changed: sweeps.changed,
  found: sweeps.found,
  corpus: corpusFigures(),
}
console.log(values.output === 'json' ? JSON.stringify(measured) : table())

/** Node waits for nothing that the benchmark left behind. */
process.exit()

function table(): string {
  const { corpus, services, writes, found, changed } = measured
  const rows = Object.entries(BARS).map(
    ([name, bar]) =>
      `${name.padEnd(18)} ${String(measured[name as keyof typeof BARS]).padStart(8)}   bar ${bar}`,
  )
  return [
    ...rows,
    `${services} services, all classes of drift on Alert: ${writes} writes; ${changed} was changed by hand, told as drifted: ${found.join(', ') || 'none'}`,
    `corpus: ${corpus.cases} cases, ${corpus.falsePositives} false positives, ${corpus.falseNegatives} false negatives`,
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
