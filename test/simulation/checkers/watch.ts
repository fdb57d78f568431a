import { durationMs } from '../../../controller/resources/duration.ts'
import type { GateStatus } from '../../../controller/resources/types.ts'
import { fromTimestamp } from '../../../controller/core/time.ts'
import { alarmOf } from '../aws/alarms.ts'
import { RED_GATE } from '../run/watched.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/** An alarm is asked every 15 s, an answer takes 10 s at most, counts for 5 s more and is stored and told then. */
const SEEN_AFTER_MS = 35_000
/** What AWS answers may lie so far behind in a time of stale reads. */
const STALE_MS = 30_000

interface Change {
  readonly at: number
  readonly state: string
}

/** Every alarm is OK when a story begins. */
const FIRST: Change = { at: 0, state: 'OK' }

/** I6: a bake is watched to its end, no version passes it under an alarm that is red or without data, and none fails for an alarm that was not. */
export function checkWatch({ simulation, report }: CheckerParts): Checker {
  const changes = new Map<string, Change[]>()
  const mayBeStale = simulation.story.happenings.some(({ kind }) => kind === 'stale reads')
  const toleratedMs = SEEN_AFTER_MS + (mayBeStale ? STALE_MS : 0)
  const between = (release: string, from: number, to: number): readonly Change[] => {
    const all = [FIRST, ...(changes.get(alarmOf(release)) ?? [])]
    const first = all.findLastIndex(({ at }) => at <= from)
    return all.slice(Math.max(0, first)).filter(({ at }) => at <= to)
  }
  return {
    afterCall({ operation, input }, _reply, happened) {
      if (operation !== 'SetAlarmState' || !happened) return
      const name = String(input['AlarmName'])
      const change = { at: simulation.time.now(), state: String(input['StateValue']) }
      const before = changes.get(name) ?? []
      if ((before.at(-1) ?? FIRST).state !== change.state) changes.set(name, [...before, change])
    },
    told(event) {
      if (event.type !== 'GateFinished' || event.gate !== RED_GATE) return
      const rollout = storedRollouts(simulation.machine, event.release).find(
        ({ name }) => name === event.rollout,
      )
      const ended = rollout?.status.gates?.find(({ name }) => name === RED_GATE)
      if (rollout === undefined || ended?.finishedAt === undefined) return
      const end = fromTimestamp(ended.finishedAt)
      if (event.result === 'Passed' && end < bakeEnd(rollout))
        report('I6', `${event.rollout} is watched no more before its bake is over`)
      const seen = between(event.release, end - toleratedMs, end)
      if (event.result === 'Passed' && seen.every((change) => isBad(change, rollout)))
        report('I6', `${event.rollout} passed its bake under an alarm that was ${seen.at(-1)?.state ?? ''}`)
      if (event.result !== 'Failed') return
      const since = beginningOf(ended, end) - toleratedMs
      if (!between(event.release, since, end).some(({ state }) => state === 'ALARM'))
        report('I8', `${event.rollout} failed for an alarm that was not red: ${event.message}`)
    },
  }

  /** A version that is to mend what is red may pass under an alarm that was red before it came. */
  function isBad({ at, state }: Change, { status }: StoredRollout): boolean {
    if (state === 'INSUFFICIENT_DATA') return true
    if (state !== 'ALARM') return false
    const isOld = at < fromTimestamp(status.startedAt ?? '')
    return !(isOld && simulation.story.watched === 'but for what was red')
  }
}

const bakeEnd = ({ spec, status }: StoredRollout): number =>
  fromTimestamp(status.phaseStartedAt ?? '') + durationMs(spec.strategy.bake ?? '0s')

const beginningOf = ({ startedAt }: GateStatus, end: number): number =>
  startedAt === undefined ? end : fromTimestamp(startedAt)
