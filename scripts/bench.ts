import { parseArgs } from 'node:util'
import { measureIdle } from './bench/idle.ts'
import { measureOverhead, POLL_MS } from './bench/overhead.ts'

/** What the issue of this benchmark calls good; the numbers beside them are measured. */
const BARS = { overheadMs: 1_000, awsCallsPerRelease: 25, idleCpuMsPerRelease: 1, rssMb: 250 } as const

const { values } = parseArgs({
  options: { output: { type: 'string', short: 'o' } },
  allowPositionals: true,
})
const idle = await measureIdle()
const overhead = await measureOverhead()
const measured = {
  overheadMs: round(overhead.overheadMs),
  awsCallsPerRelease: overhead.awsCallsPerRelease,
  idleCpuMsPerRelease: round(idle.idleCpuMsPerRelease),
  rssMb: round(idle.rssMb),
  polls: { count: overhead.polls.count, intervalMs: round(overhead.polls.intervalMs), settingMs: POLL_MS },
  idle: {
    releases: idle.releases,
    sweeps: idle.sweeps,
    awsWrites: idle.awsWrites,
    awsReadsPerSweep: round(idle.awsReadsPerSweep),
  },
  rounds: overhead.rounds.map(({ totalMs, startMs, gateMs, overheadMs, calls, polls }) => ({
    totalMs: round(totalMs),
    startMs: round(startMs),
    gateMs: round(gateMs),
    overheadMs: round(overheadMs),
    calls,
    polls,
  })),
  callsByOperation: overhead.rounds.at(-1)?.callsByOperation ?? {},
}
console.log(values.output === 'json' ? JSON.stringify(measured) : table())

/** Node waits for nothing that the benchmark left behind. */
process.exit()

function table(): string {
  const rows = Object.entries(BARS).map(
    ([name, bar]) =>
      `${name.padEnd(22)} ${String(measured[name as keyof typeof BARS]).padStart(8)}   bar ${bar}`,
  )
  const { polls, idle: swept } = measured
  return [
    ...rows,
    `polls beside them: ${polls.count}, every ${polls.intervalMs} ms; ${swept.releases} releases at rest: ${swept.awsWrites} writes, ${swept.awsReadsPerSweep} reads a sweep`,
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
