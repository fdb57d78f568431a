import type { CrewFacts } from '../crew/crew.ts'
import { replayCommand } from '../replay/replay-command.ts'
import type { Job } from '../request.ts'
import { coverageTable } from './coverage.ts'
import type { Tally } from './tally.ts'
import { LEAST } from './tally.ts'

/** A run over many seeds, all that is worth telling of it. */
export interface Run {
  readonly job: Job
  readonly from: number
  readonly tally: Tally
  readonly crew: CrewFacts
  /** Real time. */
  readonly seconds: number
  /** Of the checkout: `git rev-parse --short HEAD`, with `+` where it has changes. */
  readonly commit: string
}

/** The run for people. */
export function summaryText(run: Run): string {
  const { tally } = run
  const parts = [figures(run).join('\n')]
  if (tally.drawn.size > 0) parts.push(`Faults by the phase of a rollout\n${coverageTable(tally)}`)
  if (tally.thinCount > 0) parts.push(thinText(tally))
  parts.push(violationsText(run))
  return `${parts.join('\n\n')}\n`
}

/** The run for programs. */
export function summaryJson({ job, tally, crew, seconds, commit }: Run): Record<string, unknown> {
  return {
    seeds: tally.seeds,
    pushes: tally.pushes,
    rollouts: sum(tally.rollouts),
    rolloutsByOutcome: Object.fromEntries(tally.rollouts),
    sdkCalls: tally.sdkCalls,
    writes: tally.writes,
    faults: Object.fromEntries(tally.fired),
    faultsDrawn: Object.fromEntries(tally.drawn),
    faultsByPhase: Object.fromEntries(
      [...tally.firedByPhase].map(([phase, counts]) => [phase, Object.fromEntries(counts)]),
    ),
    crashes: tally.crashes,
    virtualMs: tally.virtualMs,
    worst: tally.worst,
    thinSeeds: tally.thinCount,
    violations: tally.violations.map((violation) => ({
      ...violation,
      replay: replayCommand(violation, job),
    })),
    violationCount: tally.violationCount,
    traceHash: tally.traceHash,
    job,
    commit,
    seconds,
    processes: crew.processes,
    mostRssBytes: crew.mostRssBytes,
  }
}

/** The figures, one a line: what was played, how much it was, and the worst of it. */
export function figures({ job, tally, crew, seconds, commit }: Run): string[] {
  const { worst } = tally
  const { level, depth } = job
  return [
    `seeds         ${tally.seeds} (${list(tally.scenarios)}; faults ${level}, depth ${depth}, commit ${commit})`,
    `pushes        ${tally.pushes}`,
    `rollouts      ${sum(tally.rollouts)} (${list(tally.rollouts) || 'none'})`,
    `SDK calls     ${tally.sdkCalls}, of them writes ${tally.writes}`,
    `faults        ${sum(tally.drawn)} drawn, ${sum(tally.fired)} fired`,
    `crashes       ${tally.crashes}`,
    `virtual time  ${(tally.virtualMs / 3_600_000).toFixed(1)} h in ${seconds.toFixed(1)} s (${rate(tally.seeds, seconds)} seeds/s)`,
    `worst         commit to traffic ${inSeconds(worst.commitToTrafficMs)}, hand-over ${inSeconds(worst.handOverMs)}, to rest ${inSeconds(worst.restMs)}`,
    `processes     ${crew.processes}, at most ${Math.round(crew.mostRssBytes / 2 ** 20)} MiB each`,
    `trace         ${tally.traceHash}`,
  ]
}

const thinText = ({ thin, thinCount }: Tally): string =>
  `${thinCount} seeds with fewer than ${LEAST.pushes} pushes or ${LEAST.fired} fired faults: ${thin.slice(0, 20).join(', ')}`

function violationsText({ job, tally }: Run): string {
  if (tally.violationCount === 0) return 'violations    0'
  const shown = tally.violations
    .slice(0, 20)
    .map(
      (violation) =>
        `  ${violation.promise} at ${inSeconds(violation.atMs)} of ${violation.scenario}/${violation.seed}: ${violation.message}\n    ${replayCommand(violation, job)}`,
    )
  return [`violations    ${tally.violationCount}`, ...shown].join('\n')
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0)
const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
const inSeconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`
const rate = (seeds: number, seconds: number): string => (seeds / Math.max(seconds, 0.001)).toFixed(2)
