import type { Outcome } from '../core/outcome.ts'
import { timelineOfApply } from '../core/infrastructure/timeline.ts'
import { planRelease } from '../core/plan.ts'
import { endOfWarmSide } from '../core/plan/warm-side.ts'
import { pursuedDigest } from '../core/plan/last-good.ts'
import type { Blocked, Decision } from '../core/plan/decision.ts'
import type { Step } from '../core/rollout/state.ts'
import { firstStatus } from '../core/rollout/state.ts'
import { nextStep } from '../core/rollout/transition.ts'
import { owesTraffic } from '../core/rollout/urgency.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { releaseObjectName } from '../resources/names.ts'
import type { FinishedApply, RolloutSpec } from '../resources/types.ts'
import { PortError } from '../ports/error.ts'
import type { DesiredRelease } from '../core/desired.ts'
import { hostsOf, seenAt } from '../core/observation.ts'
import { checkRuleHostsAllowed } from '../core/policy.ts'
import { blankLike } from './observe.ts'
import { perform } from './act.ts'
import type { Engine } from './engine.ts'
import { isAsMirrored, mirrorAgain } from './environment/releases.ts'
import { followWall, holdTime } from './follow-wall.ts'
import { Hurry } from './hurry.ts'
import { environmentStatus } from './objects.ts'
import { partnersOf, relationsOf } from './relations.ts'
import { endRollout, keepStep, takeOverEnd, tellStart } from './milestones.ts'
import { conclude, irreversibleOf, noteDrift } from './conclude.ts'
import type { Turn } from './turn.ts'
import { membersOf, wake } from './wake.ts'
import { remove } from './remove.ts'
import { takeBackTimes } from './set-back.ts'
import { settlingNow } from './settling.ts'
import { assertMayWriteTo } from './permission.ts'
import { beginRollout, desiredOf, freezeOf, look, openTurn, requestsOf } from './turn.ts'

/** Steps of one reconcile: a whole swap without any waiting has about a dozen. */
const MAXIMUM_STEPS = 64

/**
 * Brings one release nearer to what is wanted: decide, look or write, decide again, until there is something to wait for. Resolves to the time after which
 * it wants to be looked at again.
 */
export async function reconcileRelease(engine: Engine, key: ReleaseKey): Promise<number | undefined> {
  const state = engine.environments.get(key.environment)
  if (state === undefined || !engine.leads.of(key.environment).holds()) return undefined
  const hurry = new Hurry()
  const name = releaseObjectName(key)
  followWall(engine, (environment) => engine.leads.of(environment).holds())
  const letGo = holdTime(engine, key)
  let turn: Turn | undefined
  engine.hurries.set(name, hurry)
  try {
    turn = await openTurn(engine, { state, key, hurry })
    if (!isAsMirrored(state, key.release, turn?.release)) mirrorAgain(engine, state)
    if (turn === undefined) return undefined
    await takeBackTimes(turn)
    const outcome = await settle(turn)
    return outcome === undefined ? undefined : await conclude(turn, outcome)
  } finally {
    letGo(turn)
    engine.hurries.delete(name)
  }
}

/**
 * Steps until there is something to wait for, or until somebody wants the traffic back of whom the turn does not know: the next turn begins at once, and
 * without an outcome of this one. Trouble that only time or a person can mend is an outcome; the rest is thrown and tried again.
 */
async function settle(turn: Turn): Promise<Outcome | undefined> {
  try {
    for (let step = 0; step < MAXIMUM_STEPS; step++) {
      // Who stood still for longer than the lease concludes nothing from what was seen before: its age is not known any more.
      turn.engine.leads.of(turn.key.environment).assertHeldFor(0, turn.epoch)
      const outcome = turn.active === undefined ? await plan(turn) : await advance(turn)
      if (turn.hurry.isUnheard) return undefined
      if (outcome !== undefined) return outcome
    }
  } catch (error) {
    return outcomeOf(turn, error)
  }
  throw new Error(`release ${turn.key.release} made ${MAXIMUM_STEPS} steps without waiting`)
}

function outcomeOf(turn: Turn, error: unknown): Outcome {
  if (!(error instanceof PortError) || error.handling === 'retry') throw error
  const message = error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`
  const lookAgainMs = turn.engine.settings.pollMs
  if (error.handling === 'wait') return { kind: 'Progressing', reason: error.code, message, lookAgainMs }
  return { kind: 'Stalled', reason: error.code, message }
}

/** One step of the running rollout. */
async function advance(turn: Turn): Promise<Outcome | undefined> {
  const { active, engine } = turn
  if (active === undefined) return undefined
  const { settings } = engine
  const desired = desiredOf(turn)
  const settling = settlingNow(engine, turn.state)
  const step: Step = nextStep({
    rollout: active.state,
    observation: turn.observation,
    wantedDigest:
      desired === undefined
        ? undefined
        : pursuedDigest({ ...turn, desired, active: active.state, requests: requestsOf(turn) }),
    partners: partnersOf(turn, active.state),
    writes: turn.status.writes ?? {},
    irreversible: irreversibleOf(turn).changes,
    mayWrite: turn.mayWrite,
    pollMs: settings.pollMs,
    ...settling,
  })
  turn.hurry.set(owesTraffic({ ...active.state, status: step.status }, turn.observation, settling.now))
  if (step.kind === 'Finished') await takeOverEnd(turn, step.status)
  switch (step.kind) {
    case 'Look':
      await both(keepStep(turn, step.status), look(turn, step.parts))
      return undefined
    case 'Act':
      await perform(turn, { ...step, drift: false })
      return undefined
    case 'Wait':
      await keepStep(turn, step.status)
      return {
        kind: 'Progressing',
        reason: step.reason,
        message: step.message,
        lookAgainMs: step.lookAgainMs,
      }
    case 'Finished':
      await keepStep(turn, step.status)
      await endRollout(turn)
      return undefined
  }
}

/** Waits for both also where one fails: nothing goes on in the background. */
async function both(...actions: readonly [Promise<void>, Promise<void>]): Promise<void> {
  for (const ended of await Promise.allSettled(actions)) if (ended.status === 'rejected') throw ended.reason
}

/** One decision about a release that has no running rollout. */
async function plan(turn: Turn): Promise<Outcome | undefined> {
  const { desire } = turn
  const left = leftToDo(turn)
  if (left !== undefined) return carryOut(turn, left)
  if (desire?.kind === 'Stalled') return { kind: 'Stalled', reason: desire.reason, message: desire.message }
  if (desire?.kind === 'Removed') return remove(turn, desire)
  if (desire?.kind === 'Waiting') return { ...desire, lookAgainMs: undefined }
  const desired = desiredOf(turn)
  if (desired === undefined)
    return {
      kind: 'Waiting',
      reason: 'NoDesiredState',
      message: 'the wanted commit was not read yet',
      until: undefined,
      lookAgainMs: undefined,
    }
  turn.hurry.set(desired.goesBack === true && turn.last?.spec.digest !== desired.digest)
  const refused = refusedHost(turn, desired)
  if (refused !== undefined) return { kind: 'Stalled', reason: 'HostNotAllowed', message: refused }
  const { settings, ports } = turn.engine
  const decision: Decision = planRelease({
    desired,
    status: turn.status,
    last: turn.last,
    lastSucceeded: turn.lastSucceeded,
    nextNumber: turn.nextNumber,
    requests: requestsOf(turn),
    drift: turn.state.environment.spec.drift,
    freeze: freezeOf(turn, ports.clock.wall()),
    relations: relationsOf(turn, turn.key.release),
    served: turn.served,
    observation: turn.observation,
    deepFacts: turn.state.deep.get(turn.key.release)?.facts,
    mayWrite: turn.mayWrite,
    pollMs: settings.pollMs,
    ...settlingNow(turn.engine, turn.state),
  })
  if (turn.isSwept && !isWithoutHaste(decision)) return lookAnew(turn)
  return carryOut(turn, decision)
}

/** What the last rollout has promised and nobody has to be asked for, where what is wanted can't be read. */
function leftToDo(turn: Turn): Decision | undefined {
  if (turn.desire?.kind === 'Ready' || turn.desire?.kind === 'Removed') return undefined
  const { pollMs } = turn.engine.settings
  return endOfWarmSide({ ...turn, ...settlingNow(turn.engine, turn.state), pollMs })
}

/** A rule named by its ARN shows its hosts only when it is described; they must be allowed like any other. */
export function refusedHost(
  turn: Pick<Turn, 'observation'> & { readonly state: Pick<Turn['state'], 'environment'> },
  { spec }: DesiredRelease,
): string | undefined {
  const { allow, images } = turn.state.environment.spec
  const rules = spec.traffic?.rules ?? (spec.traffic?.rule === undefined ? [] : [spec.traffic.rule])
  const described = rules.flatMap((rule, index) =>
    rule.ruleArn === undefined ? [] : [turn.observation.production[index]],
  )
  if (spec.traffic?.test?.ruleArn !== undefined) described.push(turn.observation.test)
  if (!turn.observation.seen.includes('rules')) return undefined
  const problems = described.flatMap((rule) =>
    rule === undefined || rule === null
      ? []
      : checkRuleHostsAllowed({ hosts: hostsOf(rule), path: '/spec/traffic', policy: { allow, images } }),
  )
  return problems[0]?.message
}

/** Whether what the sweep saw will do: nothing is to be done, or only what no sweep looks at is to be seen, too. */
export const isWithoutHaste = (decision: Decision): boolean =>
  decision.kind === 'Converged' ||
  decision.kind === 'Frozen' ||
  (decision.kind === 'Look' && decision.parts.every((part) => part === 'schedules'))

/** What the sweep saw may be some seconds old: whatever is to be done is decided again on a look of our own. */
function lookAnew(turn: Turn): undefined {
  turn.isSwept = false
  turn.observation = blankLike(turn.observation)
}

async function carryOut(turn: Turn, decision: Decision): Promise<Outcome | undefined> {
  switch (decision.kind) {
    case 'Look':
      await look(turn, decision.parts)
      return undefined
    case 'Act':
      if (decision.drift) await noteDrift(turn)
      await perform(turn, decision)
      return undefined
    case 'Start':
      if (decision.spec.why === 'Drift') await noteDrift(turn)
      await start(turn, decision.spec)
      return undefined
    case 'Wait':
      return {
        kind: 'Progressing',
        reason: decision.reason,
        message: decision.message,
        lookAgainMs: decision.lookAgainMs,
      }
    case 'Frozen':
      return waitsFrozen(decision, turn.engine.ports.clock.wall())
    case 'Blocked':
      return waitsForOthers(decision)
    case 'Stall':
      return { kind: 'Stalled', reason: decision.reason, message: decision.message }
    case 'Refused':
      return { kind: 'Failed', reason: decision.reason, message: decision.message }
    case 'Converged':
      return decision
  }
}

/** A timer can't be set for weeks, and the regular looks at the environment come by anyway. */
const LONGEST_LOOK_MS = 3_600_000

/** Waits for the end of the freeze, and is there when it comes. */
export const waitsFrozen = (
  { message, until }: Extract<Decision, { kind: 'Frozen' }>,
  now: number,
): Outcome => ({
  kind: 'Waiting',
  reason: 'Frozen',
  message,
  until,
  lookAgainMs: until === undefined ? undefined : Math.min(LONGEST_LOOK_MS, Math.max(0, until - now)),
})

/** Nothing is wrong with the release itself: others come first, or come with it. */
export const waitsForOthers = ({ kind: _kind, ...said }: Blocked): Outcome => ({
  ...said,
  kind: 'Waiting',
  until: undefined,
})

/** The looks that it was decided on may have taken so long that a pause has come meanwhile. */
async function start(turn: Turn, spec: RolloutSpec): Promise<void> {
  await assertMayWriteTo(turn.engine, turn.key.environment)
  const now = turn.engine.ports.clock.now()
  const tasks = seenAt(turn.observation, spec.to.side ?? 'only').members?.tasks ?? []
  const timeline = timelineOfApply(await lastApply(turn), spec)
  const status = firstStatus(spec, { now, tasks })
  await beginRollout(turn, spec, timeline.length === 0 ? status : { ...status, timeline })
  tellStart(turn, spec)
  wake(turn, membersOf(spec))
}

/** Undefined where the environment has no Terraform. */
async function lastApply({ engine, state, key }: Turn): Promise<FinishedApply | undefined> {
  if (state.environment.spec.terraform === undefined) return undefined
  const object = await engine.ports.store.get('Environment', key.environment)
  return object === undefined ? undefined : environmentStatus(object).infrastructure?.lastApply
}
