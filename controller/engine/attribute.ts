import type { TrailQuestion } from '../core/attribution.ts'
import { attribute, TRAIL_LOOKBACK_MS, trailQuestions } from '../core/attribution.ts'
import { fromTimestamp } from '../core/time.ts'
import { PortError } from '../ports/error.ts'
import type { Trail, TrailEvent } from '../ports/trail.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { ChangedBy, DriftedField } from '../resources/types.ts'
import type { Engine, EnvironmentState } from './engine.ts'
import type { Turn } from './turn.ts'

/** A trail is minutes behind: it is asked at once and again after these times, in milliseconds. */
const ASKED_AFTER_MS = [0, 5_000, 60_000, 300_000, 900_000]
/** Fields that are asked for at once, in an environment; more than that is a storm, of which nobody reads each line. */
const MOST_ASKED = 100

/** Has it found out who has changed a field, beside everything else: nothing waits for it. */
export function askWho(
  turn: Turn,
  field: DriftedField,
  live: Parameters<typeof trailQuestions>[1]['live'],
): void {
  const { engine, state, key, observation } = turn
  const { trail } = state.connections
  const mark = markOf(key.release, field.path)
  state.changedBy.delete(mark)
  if (trail === undefined || state.asking.off || state.asking.marks.size >= MOST_ASKED) return
  const questions = trailQuestions(field.path, { observation, live })
  if (questions.length === 0 || state.asking.marks.has(mark)) return
  state.asking.marks.add(mark)
  const forget = (): void => void state.asking.marks.delete(mark)
  findOut({ engine, state, key, trail, field, questions }).then(forget, forget)
}

/** Who has changed a field of the release, as far as it is known. */
export const authorsOf =
  ({ state, key }: Pick<Turn, 'state' | 'key'>): ((path: string) => ChangedBy | undefined) =>
  (path) =>
    state.changedBy.get(markOf(key.release, path))

const markOf = (release: string, path: string): string => `${release} ${path}`

interface Asked {
  readonly engine: Engine
  readonly state: EnvironmentState
  readonly key: ReleaseKey
  readonly trail: Trail
  readonly field: DriftedField
  readonly questions: readonly TrailQuestion[]
}

async function findOut(asked: Asked): Promise<void> {
  const { engine, state, key, field } = asked
  const { clock } = engine.ports
  for (const afterMs of ASKED_AFTER_MS) {
    await clock.sleep(afterMs, engine.stopping)
    if (engine.environments.get(key.environment) !== state || state.asking.off) return
    const by = await askOnce(asked)
    if (by === undefined) continue
    state.changedBy.set(markOf(key.release, field.path), by)
    const { event: operation, ...who } = by
    engine.ports.telemetry.emit({ type: 'DriftAttributed', ...key, path: field.path, operation, ...who })
    engine.enqueuePatiently(key)
    return
  }
}

/** Trouble says nothing; only a refusal is told, once, and ends the asking. */
async function askOnce({
  engine,
  state,
  key,
  trail,
  field,
  questions,
}: Asked): Promise<ChangedBy | undefined> {
  const since = fromTimestamp(field.since ?? '') - TRAIL_LOOKBACK_MS
  try {
    for (const question of questions) {
      const by = attribute(await callsTo(trail, question, since), question)
      if (by !== undefined) return by
    }
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'AccessDenied' || state.asking.off) return undefined
    state.asking.off = true
    const message = `${error.message}${error.remedy === undefined ? '' : `; ${error.remedy}`}`
    engine.ports.telemetry.emit({ type: 'TrailRefused', environment: key.environment, message })
  }
  return undefined
}

/** Not every service tells CloudTrail the names of its resources: then the newest calls of the likeliest name are looked through. */
async function callsTo(
  trail: Trail,
  { resource, events }: TrailQuestion,
  since: number,
): Promise<readonly TrailEvent[]> {
  const named = await trail.lookup({ by: 'ResourceName', value: resource, since })
  if (named.some(({ isOwn, name }) => !isOwn && events.includes(name))) return named
  return trail.lookup({ by: 'EventName', value: events[0] ?? '', since })
}
