import { isFinished } from '../../../controller/core/rollout/state.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import { gateStage } from '../../../controller/resources/gates.ts'
import { seeRelease } from '../aws/view.ts'
import { APPROVERS, PUSHER } from '../run/people.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedObjects, storedRollouts } from './stored.ts'

const BEFORE_TRAFFIC: ReadonlySet<string> = new Set(['BeforeProvision', 'Verify', 'BeforeShift'])

/** I6: a rollout moves no weight before its gates have passed, or somebody who may has approved just that gate of just that rollout; nobody approves what he pushed. */
export function checkApprovals({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, machine, pairs, story } = simulation
  if (story.gates !== 'people') return {}
  /** Rollout and gate that somebody who may has said yes to; whoever heard no answer may have been heard. */
  const approved = new Set<string>()
  const rejected = new Set<string>()
  let before: ReadonlyMap<string, number> = new Map()
  const shares = (): Map<string, number> =>
    new Map(
      pairs.flatMap((pair) => {
        const { weights } = seeRelease(aws, pair)
        return (['blue', 'green'] as const).map((side): [string, number] => [
          `${pair.release}/${side}`,
          weights?.[side] ?? 0,
        ])
      }),
    )
  const judge = (release: string, side: string, rollout: StoredRollout): void => {
    for (const gate of rollout.spec.gates ?? []) {
      if (!BEFORE_TRAFFIC.has(gateStage(gate)) || gate.onFailure === 'Ignore') continue
      const key = `${rollout.name} ${gate.name}`
      const result = rollout.status.gates?.find(({ name }) => name === gate.name)?.result
      const hasPassed = gate.manual === undefined && result === 'Passed'
      if (!hasPassed && !approved.has(key))
        report(
          'I6',
          `${release}: traffic to ${side} by ${rollout.name} before gate ${gate.name} has passed (${result ?? 'no result'})`,
        )
      if (rejected.has(key))
        report(
          'I6',
          `${release}: traffic to ${side} by ${rollout.name} although gate ${gate.name} was rejected`,
        )
    }
    const { awaiting } = rollout.status
    if (awaiting !== undefined && !checkers.excuses.mayBeOnItsWay(awaiting.since))
      report('I6', `${release}: traffic to ${side} by ${rollout.name} while it waits for a person`)
  }
  return {
    asking(asked) {
      if (asked.verb !== 'decide' || asked.verdict !== 'Approved') return
      if (mayApprove(asked.gate, asked.by)) approved.add(`${asked.rollout} ${asked.gate}`)
    },
    asked(asked) {
      if (asked.verb !== 'decide' || asked.verdict !== 'Rejected') return
      const stored = storedObjects(machine, 'Rollout').find(({ metadata }) => metadata.name === asked.rollout)
      const wasTaken = stored?.metadata.annotations?.[annotations.decisionToken] === asked.token
      if (wasTaken) rejected.add(`${asked.rollout} ${asked.gate}`)
    },
    beforeCall({ who, service, writes }) {
      if (writes && who !== 'people' && service === 'elasticloadbalancing') before = shares()
    },
    afterCall({ who, service, writes }, _reply, happened) {
      if (!writes || !happened || who === 'people' || service !== 'elasticloadbalancing') return
      const now = shares()
      for (const { release } of pairs) {
        const rollout = storedRollouts(machine, release).find(({ status }) => !isFinished(status))
        if (rollout === undefined || rollout.status.phase === 'RollingBack') continue
        const { side } = rollout.spec.to
        if (side === undefined) continue
        const key = `${release}/${side}`
        if ((before.get(key) ?? 0) === 0 && (now.get(key) ?? 0) > 0 && isFirst(rollout))
          judge(release, side, rollout)
      }
    },
    told(event) {
      if (event.type !== 'GateDecided' || event.verdict !== 'Approved') return
      if (!mayApprove(event.gate, event.by))
        report('I6', `gate ${event.gate} of ${event.rollout} is approved by ${event.by}, who may not`)
    },
  }
}

/** Only one gate names its approvers. */
const mayApprove = (gate: string, by: string): boolean =>
  gate === 'sign-off' ? (APPROVERS as readonly string[]).includes(by) : by !== PUSHER

/** Weights that a rollout moves for the first time; later it puts back what a person changed. */
const isFirst = ({ status }: StoredRollout): boolean =>
  status.phase === 'Shifting' || status.shiftedAt === undefined
