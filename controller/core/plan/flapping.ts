import type { CorrectedDrift, DriftedField, ReleaseStatus } from '../../resources/generated/release.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import type { Decision, PlanInput } from './decision.ts'

/** So many corrections of a release within an hour are made at most. */
export const MOST_CORRECTIONS = 60
/** A field that was put back so often, each time at most that long after the time before, flips. */
const FLIPS = 3
const FLIP_MS = 120_000
/** A field that flips is let be for so long. */
const REST_MS = 600_000
const HOUR_MS = 3_600_000

/** What of a release's status tells which corrections were made. */
type Memory = Pick<ReleaseStatus, 'corrections' | 'drift'>

interface Resting {
  /** Fields that flip; empty where all corrections rest. */
  readonly paths: readonly string[]
  /** In milliseconds since the epoch. */
  readonly until: number
}

/**
 * What is not put back just now, since it was put back too often; undefined where everything may be. A drift that was noted and still lasts is not put back yet:
 * the process may have ended in between.
 */
export function resting({ corrections = [], drift = [] }: Memory, now: number): Resting | undefined {
  const recent = withinHour(corrections, now).filter(
    ({ path, at }) => !drift.some((field) => field.path === path && field.since === at),
  )
  if (recent.length >= MOST_CORRECTIONS)
    return { paths: [], until: Math.min(...recent.map(({ at }) => fromTimestamp(at))) + HOUR_MS }
  const flips = [...Map.groupBy(recent, ({ path }) => path)].flatMap(([path, entries]) => {
    const last = entries
      .map(({ at }) => fromTimestamp(at))
      .toSorted((a, b) => a - b)
      .slice(-FLIPS)
    const isQuick = last.every((at, index) => index === 0 || at - (last[index - 1] ?? 0) <= FLIP_MS)
    const until = (last.at(-1) ?? 0) + REST_MS
    return last.length === FLIPS && isQuick && now < until ? [{ path, until }] : []
  })
  if (flips.length === 0) return undefined
  return { paths: flips.map(({ path }) => path), until: Math.max(...flips.map(({ until }) => until)) }
}

/** The same input with what rests left to whoever changes it: no longer than that, and still told. */
export function withoutResting(input: PlanInput): PlanInput {
  const rest = resting(input.status, input.now)
  if (rest === undefined) return input
  const { drift, desired } = input
  if (rest.paths.length === 0)
    return { ...input, drift: { ...drift, service: told(drift.service), traffic: told(drift.traffic) } }
  const isNewCommit = input.status.verified?.commit !== desired.commit
  // What a commit changes of a service is brought about, whatever people do to it.
  const left = rest.paths.filter((path) => !isNewCommit || !path.startsWith('/service/'))
  const ignore = [...(desired.spec.ignore ?? []), ...left]
  return { ...input, desired: { ...desired, spec: { ...desired.spec, ignore } } }
}

const told = (policy: PlanInput['drift']['service']): PlanInput['drift']['service'] =>
  policy === 'Correct' ? 'Alert' : policy

/** Why something is left as somebody made it although the environment corrects it; undefined where nothing rests. */
export function leftResting(
  { status, now }: Pick<PlanInput, 'status' | 'now'>,
  what: string,
): Decision | undefined {
  const rest = resting(status, now)
  if (rest === undefined) return undefined
  const message = `${what}; ${restingMessage(rest)}`
  return { kind: 'Wait', reason: 'Flapping', message, lookAgainMs: Math.max(1, rest.until - now) }
}

/** What rests, until when, and what to do about it, for people. */
export const restingMessage = ({ paths, until }: Resting): string => {
  const more = paths.length <= TOLD_PATHS ? '' : ` and ${paths.length - TOLD_PATHS} more`
  const which =
    paths.length === 0
      ? `${MOST_CORRECTIONS} fields were put back within an hour`
      : `put back ${FLIPS} times in a row: ${paths.slice(0, TOLD_PATHS).join(', ')}${more}`
  return `${which}; left until ${timestamp(until)}: find out who changes it, or leave it to them with spec.ignore`
}

const TOLD_PATHS = 3

/** The memory of corrections with what is put back now: each time that a field had drifted counts once. */
export function withCorrections(
  corrections: readonly CorrectedDrift[] | undefined,
  drift: readonly DriftedField[],
  now: number,
): CorrectedDrift[] {
  const known = withinHour(corrections ?? [], now)
  const fresh = drift.flatMap(({ path, since }) =>
    since === undefined || known.some((entry) => entry.path === path && entry.at === since)
      ? []
      : [{ path, at: since }],
  )
  return [...known, ...fresh].slice(-MOST_CORRECTIONS)
}

/** Those of the last hour; a time that was stored while the clock was ahead does not count. */
export const withinHour = (corrections: readonly CorrectedDrift[], now: number): readonly CorrectedDrift[] =>
  corrections.filter(({ at }) => fromTimestamp(at) <= now && now - fromTimestamp(at) < HOUR_MS)
