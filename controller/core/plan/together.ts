import { rolloutObjectName } from '../../resources/names.ts'
import type { RolloutCause, RolloutGroup } from '../../resources/generated/rollout.ts'
import type { Relative } from '../relations.ts'
import { saidBy } from '../relations.ts'
import type { Blocked, PlanInput } from './decision.ts'

/** A rollout that may begin, with those that move their traffic with it. */
interface Begins {
  readonly kind: 'Begins'
  readonly group: RolloutGroup | undefined
}

/**
 * How a rollout of a group's member begins. Each member first asks for its own; when all have spoken, the first of them by name leads: it begins, and says who
 * takes part. The others join it. What a commit leaves as it is takes no part.
 */
export function beginTogether(input: PlanInput, why: RolloutCause): Begins | Blocked {
  const { desired, relations, nextNumber } = input
  const group = relations?.group
  if (group === undefined || !isOfCommit(desired, why)) return { kind: 'Begins', group: undefined }
  const asks = { digest: desired.digest, number: nextNumber }
  const invited = group.others
    .map((other) => invitation(other, { release: desired.name, ...asks }))
    .find((each) => each !== undefined)
  if (invited !== undefined) return { kind: 'Begins', group: invited }
  const wait = (message: string): Blocked => ({
    kind: 'Blocked',
    reason: 'GroupNotReady',
    message: `waits for group ${group.name}; ${message}`,
    lookAgainMs: input.pollMs,
    asks,
  })
  const busy = group.others.find(({ active }) => active?.spec.group?.name === group.name)
  if (busy?.active !== undefined) return wait(`rollout ${busy.active.name} has to end first`)
  const asking = new Set(group.others.filter(asksFor).map(({ release }) => release))
  const late = group.others.find((other) => !asking.has(other.release) && !isUnchanged(other))
  if (late !== undefined) return wait(saidBy(late))
  const members = [
    { release: desired.name, ...asks },
    ...group.others.flatMap(({ release, status }) =>
      status.waiting?.asks === undefined || !asking.has(release) ? [] : [{ release, ...status.waiting.asks }],
    ),
  ].toSorted((one, other) => (one.release < other.release ? -1 : 1))
  const [first] = members
  if (first === undefined || first.release !== desired.name)
    return wait(`${first?.release ?? 'another member'} begins first`)
  const leader = rolloutObjectName({ environment: desired.environment, ...first })
  return { kind: 'Begins', group: { name: group.name, leader, members } }
}

/** A pin is a person's decision for one release alone; a moved tag is one for all of them. */
export const isOfCommit = ({ why: cause }: PlanInput['desired'], why: RolloutCause): boolean =>
  cause !== 'Pin' && cause !== 'Failback' && (why === 'Commit' || why === 'Tag' || why === 'Retry')

/** The group of a leader that runs, where it names just this member and number. */
function invitation({ active }: Relative, member: RolloutGroup['members'][number]): RolloutGroup | undefined {
  const group = active?.spec.group
  if (active === undefined || group === undefined || group.leader !== active.name) return undefined
  if (active.status.phase === 'RollingBack') return undefined
  const isNamed = group.members.some(
    ({ release, digest, number }) =>
      release === member.release && digest === member.digest && number === member.number,
  )
  return isNamed ? group : undefined
}

function asksFor({ wanted, status, active, newest }: Relative): boolean {
  const asks = status.waiting?.asks
  return active === undefined && asks !== undefined && asks.digest === wanted && asks.number > newest
}

/** Whether the commit leaves the other as it is, so that it takes no part. */
export const isUnchanged = ({ wanted, status, lastSucceeded }: Relative): boolean =>
  wanted !== undefined && (lastSucceeded?.spec.digest ?? status.verified?.digest) === wanted
