import type { Decider, WayBack } from './play.ts'
import type { Soaked } from './soak.ts'

interface Times {
  readonly median: number
  readonly p99: number
  readonly max: number
  readonly count: number
}

/** What `npm run soak -- -o json` prints; times in milliseconds. */
export interface Report extends Omit<Soaked, 'waysBack'> {
  readonly seed: number
  /** From the decision of a gate, or of a person by the API, to the write that the load balancer accepted. */
  readonly rollbackMs: Times
  /** The same for each who decided; a pin's time has the look at git in it and is not in the sum. */
  readonly rollbackMsBy: Readonly<Record<Decider, Times>>
  /** The most writes to the production rule that one way back took. */
  readonly rollbackWrites: number
  /** The way back that took longest, pins apart, and the calls to AWS on it, each after its milliseconds since the decision. */
  readonly slowest: Pick<WayBack, 'decider' | 'ms' | 'calls'> | undefined
}

const DECIDERS: readonly Decider[] = ['gate', 'abort', 'now', 'pin']

export function report({ waysBack, ...soaked }: Soaked, seed: number): Report {
  const of = (...deciders: readonly Decider[]): Times =>
    timesOf(waysBack.filter(({ decider }) => deciders.includes(decider)).map(({ ms }) => ms))
  return {
    ...soaked,
    requestsPerSecond: round(soaked.requestsPerSecond),
    seconds: round(soaked.seconds),
    seed,
    rollbackMs: of('gate', 'abort', 'now'),
    rollbackMsBy: Object.fromEntries(DECIDERS.map((by) => [by, of(by)])) as Report['rollbackMsBy'],
    rollbackWrites: Math.max(0, ...waysBack.map(({ writes }) => writes)),
    slowest: slowestOf(waysBack),
  }
}

function slowestOf(waysBack: readonly WayBack[]): Report['slowest'] {
  const [slowest] = waysBack
    .filter(({ decider }) => decider !== 'pin')
    .toSorted((one, other) => other.ms - one.ms)
  if (slowest === undefined) return undefined
  return { decider: slowest.decider, ms: round(slowest.ms), calls: slowest.calls }
}

/** Whether every promise was seen to hold. */
export const isSound = ({ failed, refusedServed, problems, waysBack }: Soaked): boolean =>
  failed === 0 && refusedServed === 0 && problems.length === 0 && waysBack.every(({ writes }) => writes === 1)

/** The report for people. */
export function table(of: Report): string {
  const by = DECIDERS.map((decider) => {
    const { median, max } = of.rollbackMsBy[decider]
    return `${decider} ${median} and ${max}`
  }).join(', ')
  const rows: readonly (readonly [string, string])[] = [
    ['swaps', `${of.swaps}, ${of.sticky} of them sticky (seed ${of.seed}, ${of.seconds} s)`],
    [
      'endings',
      Object.entries(of.endings)
        .map(([ending, count]) => `${ending} ${count}`)
        .join(', '),
    ],
    ['requests', `${of.requests}, ${of.requestsPerSecond} a second`],
    ['failed', String(of.failed)],
    ['of a refused version', String(of.refusedServed)],
    [
      'way back',
      `median ${of.rollbackMs.median} ms, 99 % ${of.rollbackMs.p99} ms, at most ${of.rollbackMs.max} ms (${of.rollbackMs.count}; median and most: ${by})`,
    ],
    ['writes per way back', `at most ${of.rollbackWrites}`],
    ['slowest way back', `${of.slowest?.decider ?? 'none'}: ${of.slowest?.calls.join(', ') ?? ''}`],
  ]
  return rows.map(([name, value]) => `${name.padEnd(22)} ${value}`).join('\n')
}

function timesOf(values: readonly number[]): Times {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (share: number): number => round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return { median: at(0.5), p99: at(0.99), max: at(1), count: sorted.length }
}

const round = (value: number): number => Math.round(value * 10) / 10
