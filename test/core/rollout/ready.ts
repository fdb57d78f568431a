import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import type { RolloutState, Step, StepInput } from '../../../controller/core/rollout/state.ts'
import { nextStep } from '../../../controller/core/rollout/transition.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { blank, ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

/** Everything there is to look at. */
export const all = ['services', 'rules', 'blue', 'green'] as const

/** Version 1 serves from green, and version 2 is ready on blue. */
export function ready(): { readonly controller: ReleaseController; readonly rollout: RolloutState } {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  controller.desired = desiredRelease({ version: '2' })
  controller.runInto('Provisioning')
  controller.world.pass(61_000)
  const rollout = controller.active
  if (rollout === undefined) throw new Error('no rollout')
  return { controller, rollout }
}

/** What that rollout does next from a status, and with what else is changed. */
export function stepOf(status: RolloutStatus, change: Partial<StepInput> = {}): Step {
  const { controller, rollout } = ready()
  return nextStep({
    rollout: { ...rollout, status },
    observation: controller.world.look(blank, all),
    wantedDigest: rollout.spec.digest,
    writes: {},
    now: controller.world.now,
    mayWrite: true,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
    ...change,
  })
}

/** A step as a line. */
export const line = (step: Step): string =>
  step.kind === 'Wait'
    ? `${step.status.phase ?? ''} waits: ${step.reason}`
    : `${step.status.phase ?? ''} ${step.kind} ${step.kind === 'Act' ? step.action.kind : ''}`.trim()

/** What is seen there, with a change. */
export const seen = (change: Partial<ReleaseObservation>): Partial<StepInput> => ({
  observation: { ...ready().controller.world.look(blank, all), ...change },
})

/** The step from a status, after something was changed in the world in which version 2 is ready on blue. */
export function after(
  status: (now: number) => RolloutStatus,
  change: (world: ReleaseWorld) => void,
  rest: (seen: ReleaseObservation, rollout: RolloutState) => Partial<StepInput> = () => ({}),
): Step {
  const { controller, rollout } = ready()
  change(controller.world)
  const observation = controller.world.look(blank, all)
  return stepOf(status(controller.world.now), { observation, ...rest(observation, rollout) })
}

/** A step with what it says. */
export const said = (step: Step): string =>
  step.kind === 'Wait' ? `${step.reason}: ${step.message}` : `${line(step)}: ${step.status.message ?? ''}`

export const nothing = (): void => {}
/** Gives all the traffic to the new side. */
export const toBlue = (world: ReleaseWorld): void => world.setWeights('arn:rule/1', { blue: 100, green: 0 })
