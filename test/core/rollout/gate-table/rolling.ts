import type { Action } from '../../../../controller/core/action.ts'
import { effectOf } from '../../../../controller/core/action.ts'
import type { ReleaseObservation } from '../../../../controller/core/observation.ts'
import { recordAttempt } from '../../../../controller/core/rollout/gates.ts'
import type { RolloutState } from '../../../../controller/core/rollout/state.ts'
import { firstStatus } from '../../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../../controller/core/time.ts'
import { blankObservation } from '../../../../controller/engine/observe.ts'
import type {
  DefaultedGate,
  GateStage,
  RecentWrite,
  RolloutStatus,
} from '../../../../controller/resources/types.ts'
import { answered, messages } from '../../../support/release-answers.ts'
import { deployment, NOW, OLD, seen, service, spec, step } from '../only.ts'
import type { Result } from './results.ts'
import type { Told } from './told.ts'
import { halted, outcomeOf, word } from './told.ts'

const MOST_STEPS = 5_000
const COUNT = 2
/** As long as ECS takes to replace the tasks, in milliseconds. */
const REPLACE_MS = 3_000
const GATE = 'check'

interface Scene {
  readonly gate: DefaultedGate
  readonly when: GateStage
  readonly result: Result
}

/** One service runs version 1; version 2 comes by ECS's own rolling update, with one gate that comes to a result. */
export function rolloutOfOne(scene: Scene): Told {
  const rolling = new Rolling(scene)
  return { outcome: rolling.run(), writes: rolling.done.join(', ') || 'none' }
}

/** A rollout with the one service that it changes. */
class Rolling {
  readonly done: string[] = []
  readonly #scene: Scene
  #rollout: RolloutState
  #now = NOW
  #runs = { taskDefinition: OLD, since: NOW - 3_600_000, deployments: 1 }
  #observation: ReleaseObservation = blankObservation
  #writes: Record<string, RecentWrite> = {}
  #isAborted: boolean

  constructor(scene: Scene) {
    this.#scene = scene
    this.#isAborted = scene.when !== 'BeforeRollback'
    const strategy = { ...spec().strategy, bake: '10s', deadline: '20m' }
    const given = spec({ gates: [scene.gate], strategy })
    this.#rollout = {
      name: 'prod-mailer-2',
      spec: given,
      status: firstStatus(given, { now: NOW, tasks: [] }),
    }
  }

  /** Steps until the rollout has ended or halts for a person. */
  run(): string {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const next = step(this.#rollout, this.#observation, { writes: this.#writes, now: this.#now })
      this.#keep(next.status)
      switch (next.kind) {
        case 'Look':
          this.#observation = this.#look()
          break
        case 'Act':
          this.#act(next.action, next.before)
          break
        case 'Wait':
          if (this.#isHalted()) return halted(next.status, next.reason)
          this.#wait()
          break
        case 'Finished':
          return outcomeOf(next.status)
      }
    }
    throw new Error(`still in ${this.#rollout.status.phase ?? ''}`)
  }

  #keep(status: RolloutStatus): void {
    this.#rollout = { ...this.#rollout, status }
  }

  #look(): ReleaseObservation {
    const { taskDefinition, since, deployments } = this.#runs
    const isOver = this.#now - since >= REPLACE_MS
    const running = Array.from({ length: COUNT }, (_, index) => ({
      arn: `${taskDefinition}/${deployments}/${index}`,
      taskDefinition,
      lastStatus: isOver ? 'RUNNING' : 'PENDING',
      desiredStatus: 'RUNNING',
      createdAt: since,
      targetIds: [],
    }))
    const primary = deployment({
      id: `ecs-svc/${deployments}`,
      taskDefinition,
      rolloutState: isOver ? 'COMPLETED' : 'IN_PROGRESS',
      createdAt: since,
    })
    return seen(service({ taskDefinition, deployments: [primary] }), running)
  }

  #act(action: Action, before: string): void {
    const at = timestamp(this.#now)
    if (action.kind === 'ProbeGate') this.#probe()
    else if (action.kind === 'UpdateService') {
      const { object, value } = effectOf(action)
      this.#writes = { ...this.#writes, [object]: { before, after: value, at } }
      const { taskDefinition } = action
      this.#runs = { taskDefinition, since: this.#now, deployments: this.#runs.deployments + 1 }
      this.done.push(word(action) ?? '')
    } else throw new Error(`a rolling release does no ${action.kind}`)
    this.#observation = blankObservation
  }

  #probe(): void {
    const { status } = this.#rollout
    const result = answered(this.#scene.result.answer, status, GATE)
    const [now, message] = [this.#now, messages[result]]
    const attempt = { gate: this.#scene.gate, result, message, startedAt: now, now }
    this.#keep(recordAttempt(status, attempt))
  }

  /** Whether a person has to decide of a result. */
  #isHalted(): boolean {
    const { awaiting } = this.#rollout.status
    return awaiting !== undefined && awaiting.until === undefined
  }

  /** A second, in which a person may decide, or abort. */
  #wait(): void {
    const { status } = this.#rollout
    const at = timestamp(this.#now)
    const { verdict } = this.#scene.result
    this.#observation = blankObservation
    if (status.awaiting !== undefined && verdict !== undefined)
      this.#keep({ ...status, decisionRequested: { gate: GATE, verdict, by: 'bob', at } })
    else if (!this.#isAborted && status.phase === 'Baking') {
      this.#isAborted = true
      this.done.push('abort')
      this.#keep({ ...status, abortRequested: { by: 'ada', at } })
    } else this.#now += 1_000
  }
}
