import type { FailedContent } from '../resources/generated/release.ts'
import type { Part, Place, Side } from './observation.ts'
import { otherSide, seenAt } from './observation.ts'
import type { Decision, PlanInput } from './plan/decision.ts'
import { unseen } from './plan/decision.ts'
import { corrections } from './plan/corrections.ts'
import { heldBack, underFreeze } from './plan/frozen.ts'
import { restoreLastGood } from './plan/last-good.ts'
import { livePlace } from './plan/live.ts'
import { withoutResting } from './plan/flapping.ts'
import { failureOf, openRetry, rolloutNeeded, servesWanted } from './plan/need.ts'
import { waitsForOthers } from './plan/order.ts'
import { schedulesFirst } from './plan/schedules.ts'
import { problemOf } from './plan/problem.ts'
import { renameProblem } from './plan/renamed.ts'
import { keptSide, rolloutSpec } from './plan/rollout-spec.ts'
import { notServing } from './plan/serving.ts'
import { launchTypeProblem } from './plan/settings.ts'
import { beginTogether } from './plan/together.ts'
import { untilCold } from './plan/warm-side.ts'
import { isRolling, ownEngineOf } from './places.ts'

/** Decides what a release without a running rollout needs. Pure: the same input gives the same decision. */
export function planRelease(given: PlanInput): Decision {
  const input = withoutResting(underFreeze(given))
  const look = unseen(input, partsOf(input), sideOfWayBack(input))
  if (look !== undefined) return look
  const problem = problemOf(input) ?? renameProblem(input)
  if (problem !== undefined) return { kind: 'Stall', ...problem }
  const live = livePlace(input)
  const failed = openRetry(input) === undefined ? failureOf(input) : undefined
  const isServed = failed !== undefined && servesWanted(input, live)
  const failure = failed === undefined || isServed ? undefined : refusal(input, failed)
  const begin = failure === undefined ? beginRollout(input, live) : goBack(input, live)
  if (begin !== undefined && !isHeldBack(begin)) return schedulesFirst(input, begin)
  const correction = corrections(input, live)
  const isStuck = correction?.kind === 'Wait' && correction.reason === 'LiveNotReady'
  if (correction !== undefined && !(isStuck && failure !== undefined)) return correction
  if (begin !== undefined) return begin
  if (failure !== undefined) return failure
  const note = isServed ? { message: `the wanted version serves; ${failureNote(failed)}` } : {}
  return notServing(input, live) ?? { kind: 'Converged', lookAgainMs: untilCold(input), ...note }
}

const partsOf = ({ desired }: PlanInput): readonly Part[] =>
  isRolling(desired.spec) ? ['services'] : ['services', 'rules']

/** What holds a rollout back for now holds back nothing of what serves. */
const isHeldBack = ({ kind }: Decision): boolean => kind === 'Frozen' || kind === 'Blocked'

/** The side that a way back goes to, most likely: it is looked at along with the rest, since a way back is to be quick. */
const sideOfWayBack = (input: PlanInput): readonly Side[] =>
  input.desired.goesBack === true && input.lastSucceeded?.spec.digest !== input.desired.digest
    ? idleSides(livePlace(input))
    : []

const idleSides = (live: Place): readonly Side[] => (live === 'only' ? [] : [otherSide(live)])

/** The wanted version is refused, but the last good one has to be brought back. */
function goBack(input: PlanInput, live: Place): Decision | undefined {
  const spec = restoreLastGood(input, live)
  if (spec === undefined) return undefined
  return input.mayWrite ? { kind: 'Start', spec } : suspended(input)
}

function beginRollout(input: PlanInput, live: Place): Decision | undefined {
  const { taskDefinition } = input.desired.version
  if (taskDefinition === undefined) return heldBack(input, input.desired.why) ?? register(input)
  const need = rolloutNeeded(input, live)
  if (need === undefined) return undefined
  const held = heldBack(input, need.why)
  if (held !== undefined) return held
  if (!input.mayWrite) return suspended(input)
  const order = waitsForOthers(input, need.why)
  if (order !== undefined) return order
  const side = live === 'only' ? live : otherSide(keptSide(input, live))
  // ECS itself tells the tasks of its deployment from those that were there.
  const look = unseen(input, ownEngineOf(input.desired.spec) === 'Native' ? ['services'] : [side])
  if (look !== undefined) return look
  const { service } = seenAt(input.observation, side)
  const fixed = launchTypeProblem(service, input.desired.spec.service.settings, side)
  if (fixed !== undefined) return { kind: 'Stall', ...fixed }
  const together = beginTogether(input, need.why)
  if (together.kind === 'Blocked') return together
  const { group } = together
  return {
    kind: 'Start',
    spec: rolloutSpec(input, { live, taskDefinition, group, ...need }),
  }
}

function register(input: PlanInput): Decision {
  const { document } = input.desired.version
  if (document === undefined)
    return { kind: 'Stall', reason: 'VersionMissing', message: 'the release names no task definition' }
  if (!input.mayWrite) return suspended(input)
  return { kind: 'Act', action: { kind: 'RegisterTaskDefinition', ...document }, before: '', drift: false }
}

/** The failure of this very content: it is not tried again by itself. */
function refusal(input: PlanInput, failed: FailedContent): Extract<Decision, { kind: 'Refused' }> {
  const { environment, name } = input.desired
  const where = failed.rollout === undefined ? '' : ` in rollout ${failed.rollout}`
  const message = `this version failed${where} (${failed.message ?? failed.reason}); push a new one, or run steersman retry ${environment}/${name}`
  return { kind: 'Refused', reason: failed.reason, message }
}

/** What serves was verified before; that it could not be started once more is worth a word, and no failure of what is wanted. */
const failureNote = ({ rollout, message, reason }: FailedContent): string =>
  `${rollout === undefined ? 'another rollout' : `rollout ${rollout}`} of the same version failed (${message ?? reason})`

const suspended = (input: PlanInput): Decision => ({
  kind: 'Wait',
  reason: 'Suspended',
  message: 'the environment is suspended or paused: nothing is written',
  lookAgainMs: input.pollMs,
})
