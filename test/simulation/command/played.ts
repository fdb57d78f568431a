import type { Violation } from '../checkers/checker.ts'
import { happeningKinds } from '../happenings/kinds.ts'
import type { Measured } from '../run/measures.ts'
import type { RunResult } from '../run/run-seed.ts'
import type { Story } from '../run/story.ts'
import type { StrikeCounts } from '../run/strikes.ts'

/** What is kept of a seed that was played: plain data that goes from process to process. */
export interface Played {
  readonly seed: number
  readonly scenario: string
  readonly pushes: number
  /** Faults by kind: how many the story had, and how many of them struck. */
  readonly drawn: StrikeCounts
  readonly fired: StrikeCounts
  readonly firedByPhase: Readonly<Record<string, StrikeCounts>>
  readonly measured: Measured
  readonly sdkCalls: number
  readonly writes: number
  readonly crashes: number
  readonly virtualMs: number
  readonly restMs: number
  readonly traceHash: string
  readonly violations: readonly Violation[]
}

export function playedOf(result: RunResult): Played {
  return {
    ...plotOf(result.story),
    fired: faultsOf(result.fired),
    firedByPhase: Object.fromEntries(
      Object.entries(result.firedByPhase).map(([phase, counts]) => [phase, faultsOf(counts)]),
    ),
    measured: result.measured,
    sdkCalls: result.sdkCalls,
    writes: result.writes,
    crashes: result.crashes,
    virtualMs: result.virtualMs,
    restMs: result.restMs,
    traceHash: result.traceHash,
    violations: result.violations,
  }
}

/** A story whose playing did not come to an end, which no story may do. */
export function brokenOff(story: Story, why: string): Played {
  return {
    ...plotOf(story),
    fired: {},
    firedByPhase: {},
    measured: { rollouts: {}, commitToTrafficMs: 0, handOverMs: 0 },
    sdkCalls: 0,
    writes: 0,
    crashes: 0,
    virtualMs: 0,
    restMs: 0,
    traceHash: '',
    violations: [{ promise: 'defect', message: why, atMs: 0 }],
  }
}

/** A push is what developers do, and no fault. */
export const isFault = (kind: string): boolean => happeningKinds.get(kind)?.group !== 'push'

/** How many there are of all kinds together. */
export const totalOf = (counts: StrikeCounts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

function plotOf({
  seed,
  scenario,
  happenings,
}: Story): Pick<Played, 'seed' | 'scenario' | 'pushes' | 'drawn'> {
  const drawn: Record<string, number> = {}
  let pushes = 0
  for (const { kind } of happenings) {
    if (isFault(kind)) drawn[kind] = (drawn[kind] ?? 0) + 1
    else pushes += 1
  }
  return { seed, scenario, pushes, drawn }
}

const faultsOf = (counts: StrikeCounts): StrikeCounts =>
  Object.fromEntries(Object.entries(counts).filter(([kind]) => isFault(kind)))
