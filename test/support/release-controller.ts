import type { Action } from '../../controller/core/action.ts'
import { describeAction, effectOf, writes } from '../../controller/core/action.ts'
import type { DesiredRelease } from '../../controller/core/desired.ts'
import type { Freeze } from '../../controller/core/freeze.ts'
import type { Part, ReleaseObservation } from '../../controller/core/observation.ts'
import { planRelease } from '../../controller/core/plan.ts'
import type { Requests } from '../../controller/core/plan/decision.ts'
import { pursuedDigest } from '../../controller/core/plan/last-good.ts'
import { liveSide } from '../../controller/core/plan/live.ts'
import { recordAttempt } from '../../controller/core/rollout/gates.ts'
import { afterSetBack } from '../../controller/core/rollout/clock-set-back.ts'
import { assertSafe, expectedSides } from '../../controller/core/rollout/invariants.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import { firstStatus, isFinished } from '../../controller/core/rollout/state.ts'
import { nextStep } from '../../controller/core/rollout/transition.ts'
import { releaseStatus } from '../../controller/core/status.ts'
import { STALENESS_BOUND_MS, timestamp } from '../../controller/core/time.ts'
import { seenAfter } from '../../controller/engine/observe.ts'
import type {
  DefaultedDriftPolicy,
  GateDecision,
  RecentWrite,
  ReleaseStatus,
  RolloutSpec,
  RolloutStatus,
} from '../../controller/resources/types.ts'
import type { GateAnswer, GateAnswers } from './release-answers.ts'
import { answered, blank, messages } from './release-answers.ts'
import { isOpen, rememberWrite, statusAfterRollout, takeBackWrite } from './release-bookkeeping.ts'
import type { DesiredOptions } from './release-fixtures.ts'
import { desiredRelease } from './release-fixtures.ts'
import type { CrashPoint, TurnEnd } from './release-turns.ts'
import { Crash } from './release-turns.ts'
import { Refusal, ReleaseWorld, sideAt } from './release-world.ts'

export type { GateAnswer } from './release-answers.ts'
export type { CrashPoint, TurnEnd } from './release-turns.ts'
export { blank } from './release-answers.ts'

const POLL_MS = 1_000
const MAXIMUM_STEPS = 64

/** A release whose version 1 serves from the green side: its warm time is over, and nothing is left to do or to read. */
export function served(options: DesiredOptions = {}): ReleaseController {
  const controller = new ReleaseController(new ReleaseWorld(options), desiredRelease(options))
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  controller.log.length = 0
  return controller
}

/** The loop around the decisions, without AWS and without a store: decide, look or write, decide again. What it keeps is what the store would keep. */
export class ReleaseController {
  readonly world: ReleaseWorld
  desired: DesiredRelease
  freeze: Freeze | undefined
  drift: DefaultedDriftPolicy = {
    service: 'Correct',
    traffic: 'Correct',
    infrastructure: 'Alert',
    unmanaged: 'Alert',
  }
  requests: Requests = { restart: undefined, retry: undefined }
  mayWrite = true
  status: ReleaseStatus = {}
  rollouts: RolloutState[] = []
  /** Every action, as `Phase: what was done`. */
  readonly log: string[] = []
  /** What a gate is answered, by its name, or by how often it was asked before; left out: what the side says. */
  readonly answers = new Map<string, GateAnswers>()
  /** Asked before each write, with the rollout it belongs to. */
  onWrite: (action: Action, rollout: RolloutState | undefined) => void = () => {}
  onStart: (spec: RolloutSpec) => void = () => {}
  /** Age of the next look, in milliseconds. */
  ageOfLook: () => number = () => 0
  /** Where the next action ends the process, if it does. */
  crashAt: CrashPoint | undefined
  #observation: ReleaseObservation = blank

  constructor(world: ReleaseWorld, desired: DesiredRelease) {
    this.world = world
    this.desired = desired
  }

  get active(): RolloutState | undefined {
    return this.rollouts.find((rollout) => !isFinished(rollout.status))
  }

  get last(): RolloutState | undefined {
    return this.rollouts.findLast((rollout) => isFinished(rollout.status))
  }

  get lastSucceeded(): RolloutState | undefined {
    return this.rollouts.findLast((rollout) => rollout.status.outcome === 'Succeeded')
  }

  get phase(): string {
    return (this.active ?? this.last)?.status.phase ?? 'none'
  }

  /** One reconcile. Nothing that was seen before counts, as after a restart. */
  turn(): TurnEnd {
    this.#observation = blank
    this.#takeBackTimes()
    try {
      for (let step = 0; step < MAXIMUM_STEPS; step += 1) {
        const { active } = this
        const end = active === undefined ? this.#plan() : this.#advance(active)
        if (end !== undefined) return end
      }
    } catch (error) {
      if (error instanceof Refusal) return { kind: 'Progressing', reason: error.message, message: '' }
      if (!(error instanceof Crash)) throw error
      return { kind: 'Crashed', reason: 'Crashed', message: '' }
    }
    throw new Error(`${MAXIMUM_STEPS} steps without waiting: ${this.log.slice(-8).join('; ')}`)
  }

  /** Turns and waits until nothing is left to do; resolves to how the last turn ended. */
  run(limitTurns = 1_500): TurnEnd {
    for (let turns = 0; turns < limitTurns; turns += 1) {
      const end = this.turn()
      if (end.kind === 'Converged' || end.kind === 'Failed' || end.kind === 'Stalled') return end
      this.world.pass(POLL_MS)
    }
    const last = this.turn()
    throw new Error(`still ${last.reason} (${last.message}) in ${this.phase} after ${limitTurns} turns`)
  }

  /** Turns until the rollout is in the given phase. */
  runInto(phase: string, limitTurns = 400): TurnEnd {
    for (let turns = 0; turns < limitTurns; turns += 1) {
      const end = this.turn()
      if (this.phase === phase) return end
      this.world.pass(POLL_MS)
    }
    throw new Error(`never came to ${phase}, but to ${this.phase}`)
  }

  abort(by = 'ada'): void {
    const { active } = this
    if (active !== undefined)
      this.#keep(active, { ...active.status, abortRequested: { by, at: timestamp(this.world.now) } })
  }

  /** A person decides of a gate of the running rollout. */
  decide(verdict: GateDecision['verdict'], { gate = 'sign-off', by = 'bob' } = {}): void {
    const { active } = this
    if (active === undefined) return
    const decisionRequested = { gate, verdict, by, at: timestamp(this.world.now) }
    this.#keep(active, { ...active.status, decisionRequested })
  }

  #takeBackTimes(): void {
    const { active, last, status } = this
    const after = afterSetBack({ status, active, last }, this.world.now)
    this.status = after.status
    for (const rollout of [after.active, after.last])
      if (rollout !== undefined) this.#keep(rollout, rollout.status)
  }

  #advance(rollout: RolloutState): TurnEnd | undefined {
    const step = nextStep({
      rollout,
      observation: this.#observation,
      wantedDigest: pursuedDigest(this),
      writes: this.status.writes ?? {},
      now: this.world.now,
      mayWrite: this.mayWrite,
      pollMs: POLL_MS,
      stalenessBoundMs: STALENESS_BOUND_MS,
    })
    this.#keep(rollout, step.status)
    switch (step.kind) {
      case 'Look':
        return this.#look(step.parts)
      case 'Act':
        return this.#act(step.action, step.before)
      case 'Wait':
        return { kind: 'Progressing', reason: step.reason, message: step.message }
      case 'Finished':
        return this.#endRollout({ ...rollout, status: step.status })
    }
  }

  #plan(): TurnEnd | undefined {
    const decision = planRelease({
      desired: this.desired,
      status: this.status,
      last: this.last,
      lastSucceeded: this.lastSucceeded,
      nextNumber: this.rollouts.length + 1,
      requests: this.requests,
      drift: this.drift,
      freeze: this.freeze,
      served: new Set(
        this.rollouts.flatMap(({ status, spec }) => (status.outcome === 'Succeeded' ? [spec.digest] : [])),
      ),
      observation: this.#observation,
      now: this.world.now,
      mayWrite: this.mayWrite,
      pollMs: POLL_MS,
      stalenessBoundMs: STALENESS_BOUND_MS,
    })
    switch (decision.kind) {
      case 'Look':
        return this.#look(decision.parts)
      case 'Act':
        return this.#act(decision.action, decision.before)
      case 'Start':
        return this.#start(decision.spec)
      case 'Wait':
      case 'Blocked':
        return { kind: 'Progressing', reason: decision.reason, message: decision.message }
      case 'Frozen':
        return { kind: 'Progressing', reason: 'Frozen', message: decision.message }
      case 'Stall':
        return { kind: 'Stalled', reason: decision.reason, message: decision.message }
      case 'Refused':
        return { kind: 'Failed', reason: decision.reason, message: decision.message }
      case 'Converged':
        return this.#converged()
    }
  }

  #look(parts: readonly Part[]): undefined {
    this.#observation = this.world.look(this.#observation, parts, this.ageOfLook())
  }

  #start(spec: RolloutSpec): undefined {
    this.onStart(spec)
    const side = sideAt(spec.to.side ?? 'only')
    const tasks = this.#observation.sides[side].members?.tasks ?? []
    const status = firstStatus(spec, { now: this.world.now, tasks })
    this.log.push(`start rollout ${spec.number} to the ${side} side because of ${spec.why}`)
    this.rollouts.push({ name: `prod-web-${spec.number}`, spec: spec as RolloutState['spec'], status })
    if (spec.why === 'Restart') this.requests = { ...this.requests, restart: undefined }
    if (spec.why === 'Retry') this.requests = { ...this.requests, retry: undefined }
  }

  #act(action: Action, before: string): undefined {
    const rollout = this.active
    this.log.push(`${rollout?.status.phase ?? 'Correction'}: ${describeAction(action)}`)
    if (action.kind === 'ProbeGate') {
      this.#probe(action.gate)
    } else {
      assertSafe(action, { observation: this.#observation, expected: this.#expected(rollout) })
      this.#write(action, before, rollout)
    }
    this.#observation = seenAfter(action, this.#observation)
  }

  #expected(rollout: RolloutState | undefined): ReturnType<typeof expectedSides> {
    const { desired, last } = this
    const observation = this.#observation
    const live = liveSide({ desired, last, observation })
    return expectedSides({ rollout, observation, live, desiredCount: desired.spec.service.desiredCount })
  }

  #write(action: Action, before: string, rollout: RolloutState | undefined): void {
    if (!writes(action)) return
    this.onWrite(action, rollout)
    const { object, value } = effectOf(action)
    const { kind, ...rest } = action
    const startedAt = timestamp(this.world.now)
    const writesBefore = this.status.writes
    if (!isOpen(action, writesBefore?.[object], this.world.now))
      this.#remember(object, { before, after: value, at: startedAt, ambiguous: true })
    if (rollout !== undefined)
      this.#keep(rollout, { ...rollout.status, intent: { action: kind, arguments: rest, startedAt } })
    this.#crash('before the write')
    try {
      this.world.execute(action)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#takeBack(object, writesBefore)
      throw error
    }
    this.#crash('after the write')
    this.#remember(object, { before, after: value, at: startedAt })
    const { active } = this
    if (active === undefined) return
    const { intent: _done, ...status } = active.status
    this.#keep(active, status)
  }

  /** AWS refused: it never happened. */
  #takeBack(object: string, before: ReleaseStatus['writes']): void {
    this.status = { ...this.status, writes: takeBackWrite(this.status.writes, { object, before }) }
    const { active } = this
    if (active === undefined) return
    const { intent: _given, ...status } = active.status
    this.#keep(active, status)
  }

  #crash(point: CrashPoint): void {
    if (this.crashAt !== point) return
    this.crashAt = undefined
    throw new Crash(point)
  }

  #probe(name: string): void {
    const { active } = this
    const gate = active?.spec.gates?.find((candidate) => candidate.name === name)
    if (active === undefined || gate === undefined) throw new Error(`gate ${name} is of no rollout`)
    const { now } = this.world
    const result = answered(this.answers.get(name) ?? this.#answer(active), active.status, name)
    this.#keep(
      active,
      recordAttempt(active.status, { gate, result, message: messages[result], startedAt: now, now }),
    )
  }

  #answer({ status }: RolloutState): GateAnswer {
    return status.phase === 'Baking' || this.world.passesGate() ? 'Success' : 'Failure'
  }

  #remember(object: string, write: RecentWrite): void {
    this.status = { ...this.status, writes: rememberWrite(this.status.writes, object, write) }
  }

  #endRollout(ended: RolloutState): undefined {
    const { spec, status } = ended
    this.log.push(`rollout ${spec.number} ended as ${status.outcome ?? ''}: ${status.reason ?? ''}`)
    this.status = statusAfterRollout(this.status, ended)
    this.#observation = { ...this.#observation, seen: [] }
  }

  #converged(): TurnEnd {
    this.status = releaseStatus({
      previous: this.status,
      generation: 1,
      outcome: { kind: 'Converged', lookAgainMs: undefined },
      desired: this.desired,
      observation: this.#observation,
      live: liveSide({ desired: this.desired, last: this.last, observation: this.#observation }),
      last: this.last,
      lastSucceeded: this.lastSucceeded,
      drift: [],
      held: undefined,
      now: this.world.now,
    })
    return { kind: 'Converged', reason: 'Serving', message: 'the wanted version serves' }
  }

  #keep(rollout: RolloutState, status: RolloutStatus): void {
    this.rollouts = this.rollouts.map((known) => (known.name === rollout.name ? { ...known, status } : known))
  }
}
