import type { Action } from '../../controller/core/action.ts'
import { describeAction, isTagging } from '../../controller/core/action.ts'
import type { Side } from '../../controller/core/observation.ts'
import { otherSide, sides } from '../../controller/core/observation.ts'
import type { ReleaseController } from './release-controller.ts'
import type { ReleaseWorld } from './release-world.ts'
import { assertOfPair, sideAt, taskDefinitionArn, testRule } from './release-world.ts'

/** A promise of ARCHITECTURE.md section 6 was broken on the world itself, whatever the program believed. */
class BrokenPromise extends Error {}

/** Watches every write of a controller, and keeps the failures of contents, to see that I1 to I4, I7, I8 and I11 hold. */
export class Promises {
  readonly #controller: ReleaseController
  readonly #world: ReleaseWorld
  /** Versions that must never be given traffic, since their gate fails. */
  readonly #unfit: ReadonlySet<string>
  /** Until then what was read may be older than what bad luck or a person did: nobody could have known. */
  #excusedUntil = -Infinity

  constructor(controller: ReleaseController, unfit: readonly string[] = []) {
    this.#controller = controller
    this.#world = controller.world
    this.#unfit = new Set(unfit.map(taskDefinitionArn))
    const { onWrite } = controller
    controller.onWrite = (action, rollout) => {
      onWrite(action, rollout)
      this.#check(action)
    }
    controller.onStart = (spec) => {
      this.#hold(controller.active === undefined, 'I4', 'a second rollout starts')
      const failed = controller.rollouts.findLast(({ spec: { digest } }) => digest === spec.digest)?.status
        .outcome
      const isAgain = failed === 'RolledBack' || failed === 'Aborted'
      this.#hold(
        !isAgain || spec.why === 'Retry',
        'I8',
        `${spec.digest} failed and is tried again because of ${spec.why}`,
      )
    }
  }

  /** Something happened outside that a read of that age would not show. */
  excuse(durationMs: number): void {
    this.#excusedUntil = Math.max(this.#excusedUntil, this.#world.now + durationMs)
  }

  /** The end of a run in which a version ever served: all traffic at one side, which is whole, and the other side at rest. */
  checkRest(): void {
    if (this.#controller.lastSucceeded === undefined) return
    const live = sides.find((side) => this.#world.takesTraffic(side))
    const idle = live === undefined ? undefined : otherSide(live)
    if (live === undefined || idle === undefined) throw new BrokenPromise('I2: nothing takes the traffic')
    this.#hold(!this.#world.takesTraffic(idle), 'I5', 'the traffic is still divided')
    const wanted = this.#controller.lastSucceeded?.spec.taskDefinition
    const targets = this.#world.targets(live)
    this.#hold(
      wanted === undefined ||
        targets.every(({ taskDefinition, healthy }) => healthy && taskDefinition === wanted),
      'I5',
      `the ${live} side does not run ${wanted ?? ''} alone`,
    )
    const { desiredCount } = this.#controller.desired.spec.service
    if (wanted !== undefined && desiredCount !== undefined)
      this.#hold(targets.length === desiredCount, 'I5', `the ${live} side has ${targets.length} tasks`)
    this.#hold(this.#world.targets(idle).length === 0, 'I5', `the ${idle} side still has tasks`)
    if (testRule in this.#world.state.rules && wanted !== undefined)
      this.#hold(this.#world.weight(testRule, idle) > 0, 'I5', 'the test rule points at the live side')
  }

  #check(action: Action): void {
    const act = describeAction(action)
    this.#hold(this.#controller.mayWrite, 'I7', `${act} while suspended`)
    assertOfPair(action)
    if (isTagging(action)) return
    switch (action.kind) {
      case 'SetWeights':
        return this.#checkWeights(action)
      case 'CreateService':
        // A service anew with what served there before harms nobody where there is none.
        return this.#unlessExcused(
          !this.#world.takesTraffic(sideAt(action.side)) || this.#comesBack(action),
          'I3',
          `${act} while it takes traffic`,
        )
      case 'UpdateService':
        return this.#unlessExcused(
          !this.#world.takesTraffic(sideAt(action.side)),
          'I3',
          `${act} while it takes traffic`,
        )
      case 'ScaleService': {
        const wanted = this.#controller.desired.spec.service.desiredCount ?? 1
        const isSafe = !this.#world.takesTraffic(sideAt(action.side)) || action.desiredCount >= wanted
        return this.#unlessExcused(isSafe, 'I3', `${act} while it takes traffic`)
      }
      case 'SetScaling':
      case 'ContinueDeployment':
      case 'StopDeployment':
      case 'PointSchedule':
      case 'ApplySettings':
      case 'PointTest':
      case 'RegisterTaskDefinition':
      case 'RunTask':
      case 'StopTask':
      case 'ProbeGate':
    }
  }

  #comesBack({ side, taskDefinition }: Extract<Action, { kind: 'CreateService' }>): boolean {
    const hasServed = this.#controller.rollouts.some(
      ({ spec, status }) => status.outcome === 'Succeeded' && spec.taskDefinition === taskDefinition,
    )
    return hasServed && this.#world.state.sides[sideAt(side)].service === null
  }

  #checkWeights(action: Extract<Action, { kind: 'SetWeights' }>): void {
    const act = describeAction(action)
    const { weights, rule } = action
    this.#hold(weights.blue + weights.green > 0, 'I2', `${act}: the sum is zero`)
    this.#hold(this.#world.production.includes(rule), 'I2', `${act}: not a rule of the release`)
    for (const side of sides) if (weights[side] > 0) this.#checkServing(side, act)
  }

  #checkServing(side: Side, act: string): void {
    const healthy = this.#world.healthy(side) > 0
    this.#unlessExcused(
      healthy || this.#world.healthy(otherSide(side)) === 0,
      'I1',
      `${act}: it has no healthy target`,
    )
    const revisions = new Set(this.#world.targets(side).map(({ taskDefinition }) => taskDefinition))
    this.#unlessExcused(revisions.size <= 1, 'I11', `${act}: it has targets of several revisions`)
    const isUnfit = [...revisions].some((revision) => this.#unfit.has(revision))
    this.#unlessExcused(!isUnfit, 'I1', `${act}: its gate fails`)
  }

  #unlessExcused(isKept: boolean, promise: string, message: string): void {
    if (this.#world.now >= this.#excusedUntil) this.#hold(isKept, promise, message)
  }

  #hold(isKept: boolean, promise: string, message: string): void {
    if (!isKept) throw new BrokenPromise(`${promise}: ${message}\n${this.#controller.log.join('\n')}`)
  }
}
