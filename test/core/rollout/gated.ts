import type { DefaultedGate, GateStage } from '../../../controller/resources/types.ts'
import { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { Promises } from '../../support/release-promises.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

const { http: _http, ...plain } = smokeGate
/** A gate called sign-off that asks a person for an hour. */
export const manual = (when: GateStage, change: Partial<DefaultedGate> = {}): DefaultedGate => ({
  ...plain,
  name: 'sign-off',
  when,
  manual: {},
  timeout: '1h',
  ...change,
})
/** The smoke gate at a stage. */
export const probe = (when: GateStage, change: Partial<DefaultedGate> = {}): DefaultedGate => ({
  ...smokeGate,
  when,
  ...change,
})

/** Version 1 serves from green, and version 2 with the gates is merged. */
export function merged(...gates: readonly DefaultedGate[]): ReleaseController {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  new Promises(controller).excuse(0)
  controller.desired = desiredRelease({ version: '2', gates })
  controller.log.length = 0
  return controller
}

/** Turns until the rollout has ended, or a person is waited for. */
export function untilPeopleOrEnd(controller: ReleaseController): string {
  for (let turns = 0; turns < 400; turns += 1) {
    const end = controller.turn()
    const { active, last } = controller
    if (active === undefined && last?.spec.digest === 'content-2')
      return `${last.status.outcome ?? ''} ${last.status.reason ?? ''}`
    if (active?.status.awaiting !== undefined) return `${active.status.phase ?? ''} waits: ${end.reason}`
    controller.world.pass(1_000)
  }
  throw new Error(`still in ${controller.phase}`)
}

/** Where the traffic is, and every write that a rollout made, in a few letters. */
export function done(controller: ReleaseController): string {
  const writes = controller.log.flatMap((entry) => {
    if (entry.includes('set the weights')) return [entry.includes('blue 100') ? 'shift' : 'give back']
    if (entry.includes('scale the blue side to 0')) return ['empty']
    if (entry.includes('service')) return ['start']
    return entry.includes('test') ? ['point'] : []
  })
  const share = `blue ${controller.world.weight('arn:rule/1', 'blue')}`
  return [share, writes.join(', ') || 'nothing'].join(': ')
}
