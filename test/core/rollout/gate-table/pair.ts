import type { DefaultedGate, DefaultedStrategy, GateStage } from '../../../../controller/resources/types.ts'
import type { ReleaseController } from '../../../support/release-controller.ts'
import { served } from '../../../support/release-controller.ts'
import { desiredRelease } from '../../../support/release-fixtures.ts'
import { Promises } from '../../../support/release-promises.ts'
import type { Result } from './results.ts'
import type { Told } from './told.ts'
import { halted, outcomeOf, word } from './told.ts'

/** Seconds that any of the rollouts lasts, and more. */
const MOST_TURNS = 1_200

/** Version 1 serves from green; version 2 comes to blue by the strategy, with one gate that comes to a result. */
export function rolloutOfPair(
  strategy: Partial<DefaultedStrategy>,
  { gate, when, result }: { readonly gate: DefaultedGate; readonly when: GateStage; readonly result: Result },
): Told {
  const controller = served()
  new Promises(controller).excuse(0)
  controller.desired = desiredRelease({
    version: '2',
    gates: [gate],
    strategy: { ...strategy, deadline: '20m' },
  })
  controller.answers.set(gate.name, result.answer)
  const done: string[] = []
  const { onWrite } = controller
  controller.onWrite = (action, rollout) => {
    onWrite(action, rollout)
    const said = word(action)
    if (said !== undefined) done.push(said)
  }
  const outcome = play(controller, { when, result, aborted: () => done.push('abort') })
  return { outcome, writes: done.join(', ') || 'none' }
}

interface Scene {
  readonly when: GateStage
  readonly result: Result
  readonly aborted: () => void
}

/** Turns, a second apart, until the rollout has ended or halts for a person. */
function play(controller: ReleaseController, scene: Scene): string {
  let isAborted = scene.when !== 'BeforeRollback'
  for (let turns = 0; turns < MOST_TURNS; turns += 1) {
    const { reason } = controller.turn()
    const { active, last } = controller
    if (active === undefined && last?.spec.digest === 'content-2') return outcomeOf(last.status)
    if (active?.status.awaiting !== undefined && !isAnswered(controller, scene.result))
      return halted(active.status, reason)
    if (!isAborted && holdsTraffic(controller)) {
      isAborted = true
      scene.aborted()
      controller.abort()
    } else controller.world.pass(1_000)
  }
  throw new Error(`still in ${controller.phase}`)
}

/** Lets the person decide, or the time of the question pass; false where the rollout halts on a result. */
function isAnswered(controller: ReleaseController, { verdict }: Result): boolean {
  if (controller.active?.status.awaiting?.until === undefined) return false
  if (verdict === undefined) controller.world.pass(1_000)
  else controller.decide(verdict, { gate: 'check' })
  return true
}

/** Whether the new version has some of the traffic, in a step or in the bake. */
function holdsTraffic({ active }: ReleaseController): boolean {
  const { phase, stepStartedAt } = active?.status ?? {}
  return phase === 'Baking' || (phase === 'Shifting' && stepStartedAt !== undefined)
}
