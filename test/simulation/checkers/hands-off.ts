import { isPausedBy } from '../../../controller/resources/annotations.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { environmentMark, storedEnvironment } from './stored.ts'

/** What was decided before the controller knew may still be on its way for so long: a call, and a step or two of the turn that was under way. */
const UNDER_WAY_MS = 12_000
/** Late writes are so much later. */
const LATE_MS = 20_000
const LATE: ReadonlySet<string> = new Set(['late writes', 'a move held up'])

/** I7: once it is stored that the environment is suspended or paused, nothing is written; and nothing is put right where the policy is to tell only. */
export function checkHandsOff({ simulation, checkers, report }: CheckerParts): Checker {
  const { machine, time, story, remote } = simulation
  const graceMs = UNDER_WAY_MS + (story.happenings.some(({ kind }) => LATE.has(kind)) ? LATE_MS : 0)
  let seen: unknown
  let offSince: number | undefined
  let alertSince: number | undefined
  let pushes = 0
  const isOff = (since: number | undefined): boolean =>
    since !== undefined && time.elapsed() - since > graceMs
  return {
    stepped() {
      for (; pushes < remote.log.length; pushes += 1) {
        const { by, ref } = remote.log[pushes] ?? {}
        if (by === 'steersman' && isOff(offSince)) report('I7', `${ref ?? ''} is pushed although suspended`)
      }
      const mark = environmentMark(machine)
      if (mark === seen) return
      seen = mark
      const { metadata, spec } = storedEnvironment(machine) ?? {}
      const isSuspended = spec?.['suspend'] === true || isPausedBy(metadata?.annotations)
      if (isSuspended !== (offSince !== undefined)) checkers.excuses.handsOff(isSuspended)
      offSince = isSuspended ? (offSince ?? time.elapsed()) : undefined
      const drift = spec?.['drift'] as { service?: string; traffic?: string } | undefined
      const isAlert = drift?.service === 'Alert' && drift.traffic === 'Alert'
      alertSince = isAlert ? (alertSince ?? time.elapsed()) : undefined
    },
    afterCall(call, _reply, happened) {
      if (call.writes && happened && call.who !== 'people' && isOff(offSince))
        report('I7', `${call.who} makes ${call.operation} although the environment is suspended`)
    },
    told(event) {
      if (event.type === 'DriftCorrected' && isOff(alertSince))
        report('I7', `${event.release}: ${event.action} although drift is only to be told`)
      if (event.type === 'RolloutStarted' && isOff(offSince))
        report('I7', `${event.rollout} starts although the environment is suspended`)
    },
  }
}
