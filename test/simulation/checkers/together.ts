import type { GroupMember } from '../../../controller/resources/generated/rollout.ts'
import { isFailure, isFinished } from '../../../controller/core/rollout/state.ts'
import { ruleWeights } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import { isOfAnother } from './failures.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/** So long a member may have the new version after another one went back: as long as a controller may be away, and tasks drain. */
const LATE_MS = 120_000
/** While nobody may write, nobody goes back. */
const STAND_STILL: ReadonlySet<string> = new Set(['suspend', 'steersman pause'])

/** The moves of a group: no member gets traffic before all are ready for it, and in the end all have the new version or none; when one goes back the others follow at once. */
export function checkTogether({ simulation, report }: CheckerParts): Checker {
  const { story, machine, aws, pairs, time } = simulation
  if (story.relations !== 'together') return {}
  /** By leader: when the first member of its group was back, in virtual milliseconds. */
  const back = new Map<string, number>()
  const standsStill = story.happenings.some(({ kind }) => STAND_STILL.has(kind))
  function judgeDelay(rollout: StoredRollout | undefined, outcome: string): void {
    const leader = rollout?.spec.group?.leader
    if (rollout === undefined || leader === undefined || outcome === 'Succeeded') return
    const first = back.get(leader) ?? time.elapsed()
    back.set(leader, first)
    const lateMs = time.elapsed() - first
    if (lateMs > LATE_MS && rollout.status.shiftedAt !== undefined && !standsStill)
      report(
        'together',
        `${rollout.name} has its traffic back ${Math.round(lateMs / 1000)} s after the first member of its group`,
      )
  }
  const memberRollout = ({ release, number }: GroupMember): StoredRollout | undefined =>
    storedRollouts(machine, release).find(({ spec }) => spec.number === number)
  return {
    afterCall(call, _reply, happened) {
      if (!happened || call.who === 'people' || !call.writes) return
      const rule = String(call.input['ListenerArn'] ?? call.input['RuleArn'])
      const pair = pairs.find(({ production }) => production.includes(rule))
      if (pair === undefined) return
      const rollout = storedRollouts(machine, pair.release).find(({ status }) => !isFinished(status))
      if (rollout?.status.phase !== 'Shifting') return
      const { side } = rollout.spec.to
      if (side === undefined || (ruleWeights(aws, pair, rule)?.[side] ?? 0) === 0) return
      for (const member of rollout.spec.group?.members ?? []) {
        const other = memberRollout(member)
        if ((other?.status.readyStep ?? 0) > 0) continue
        report(
          'together',
          `${rollout.name} gets traffic while ${member.release} of its group is ${other?.status.phase ?? 'not begun'}`,
        )
      }
    },
    told(event) {
      if (event.type !== 'RolloutFinished') return
      const own = storedRollouts(machine, event.release).find(({ name }) => name === event.rollout)
      judgeDelay(own, event.outcome)
      if (!isOfAnother(event)) return
      const others = (own?.spec.group?.members ?? []).filter(({ release }) => release !== event.release)
      const isBlamed = others.some((member) => {
        const status = memberRollout(member)?.status
        const isBack = status?.phase === 'RollingBack' || (status !== undefined && isFailure(status))
        return (isBack && !isOfAnother(status)) || status?.refusal !== undefined
      })
      if (!isBlamed)
        report('together', `${event.rollout} went back with its group, and no other member did by itself`)
    },
    rested() {
      for (const { name, spec, status } of storedRollouts(machine)) {
        if (status.outcome !== 'Succeeded') continue
        for (const member of spec.group?.members ?? []) {
          const other = memberRollout(member)
          if (other?.status.outcome !== 'Succeeded')
            report(
              'together',
              `${name} succeeded, and ${member.release} of its group ended as ${other?.status.outcome ?? 'nothing'}`,
            )
        }
      }
    },
  }
}
