import fc from 'fast-check'

import type { Side } from '../../controller/core/observation.ts'
import { timestamp } from '../../controller/core/time.ts'
import type { CrashPoint } from './release-controller.ts'
import { ReleaseController } from './release-controller.ts'
import type { DesiredOptions } from './release-fixtures.ts'
import { desiredRelease, smokeGate } from './release-fixtures.ts'
import { Promises } from './release-promises.ts'
import { ReleaseWorld, taskDefinitionArn } from './release-world.ts'

/** What happens to a release from one moment to the next. */
export type Happening =
  | { readonly kind: 'turn'; readonly agesMs: readonly number[]; readonly crash: CrashPoint | undefined }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'commit'; readonly version: string }
  | { readonly kind: 'suspend' | 'resume' | 'abort' | 'retry' | 'restart' }
  /** Bad luck, or a person at the console. */
  | { readonly kind: 'weights'; readonly rule: number; readonly blue: number; readonly green: number }
  | { readonly kind: 'scale'; readonly side: Side; readonly desiredCount: number }
  | { readonly kind: 'repoint'; readonly side: Side; readonly version: string }
  | { readonly kind: 'test'; readonly side: Side }
  | { readonly kind: 'kill' | 'remove'; readonly side: Side }

export interface RunOptions extends DesiredOptions {
  readonly happenings: readonly Happening[]
  readonly hasGate?: boolean
}

/** Version 3 fails its gate, version 4 never becomes healthy, the others are good. */
const versions = ['1', '2', '3', '4', '5'] as const
const STALENESS_MS = 60_000

/** Plays a story, then lets the faults stop and everything come to rest; throws where a promise is broken. */
export function play(options: RunOptions): ReleaseController {
  const { happenings, hasGate = true, rules = ['arn:rule/1'], test = true } = options
  const world = new ReleaseWorld({ rules, test })
  world.behaves('3', { passesGates: false })
  world.behaves('4', { becomesHealthy: false })
  const settings = { ...options, rules, test, gates: hasGate && test ? [smokeGate] : [] }
  const controller = new ReleaseController(world, desiredRelease(settings))
  const isTouched = happenings.some(({ kind }) => kind === 'repoint')
  const promises = new Promises(controller, settings.gates.length > 0 && !isTouched ? ['3', '4'] : ['4'])
  for (const happening of happenings) {
    happen(controller, happening, settings)
    if (isOutside(happening) && happenings.some(isStale)) promises.excuse(STALENESS_MS)
  }
  controller.mayWrite = true
  controller.crashAt = undefined
  controller.ageOfLook = () => 0
  rest(controller)
  promises.checkRest()
  return controller
}

const isOutside = ({ kind }: Happening): boolean =>
  ['weights', 'scale', 'repoint', 'test', 'kill', 'remove'].includes(kind)
const isStale = (happening: Happening): boolean =>
  happening.kind === 'turn' && happening.agesMs.some((age) => age > 0)

/** Comes to rest, and stays there: after the warm time nothing is written any more. */
function rest(controller: ReleaseController): void {
  controller.run()
  for (let turns = 0; turns < 3; turns += 1) {
    controller.world.pass(61_000)
    controller.run()
  }
  const { length } = controller.log
  for (let turns = 0; turns < 5; turns += 1) {
    controller.world.pass(5_000)
    controller.turn()
  }
  if (controller.log.length > length)
    throw new Error(`I5: it does not stay at rest\n${controller.log.join('\n')}`)
}

function happen(controller: ReleaseController, happening: Happening, settings: DesiredOptions): void {
  const { world } = controller
  switch (happening.kind) {
    case 'turn': {
      const ages = [...happening.agesMs]
      controller.ageOfLook = () => ages.shift() ?? 0
      controller.crashAt = happening.crash
      controller.turn()
      controller.crashAt = undefined
      world.pass(1_000)
      return
    }
    case 'pass':
      return world.pass(happening.seconds * 1_000)
    case 'commit':
      controller.desired = desiredRelease({ ...settings, version: happening.version })
      return
    case 'weights': {
      const rule = world.production[happening.rule % world.production.length] ?? ''
      return world.setWeights(rule, { blue: happening.blue, green: happening.green })
    }
    case 'scale':
      return world.setService(happening.side, { desiredCount: happening.desiredCount })
    case 'repoint':
      return world.setService(happening.side, { taskDefinition: taskDefinitionArn(happening.version) })
    case 'test':
      return world.pointTest(happening.side)
    case 'kill':
      return world.kill(happening.side)
    case 'remove':
      return world.removeService(happening.side)
    default:
      return ask(controller, happening.kind)
  }
}

function ask(
  controller: ReleaseController,
  wish: 'suspend' | 'resume' | 'abort' | 'retry' | 'restart',
): void {
  const request = { id: timestamp(controller.world.now), by: 'ada' }
  switch (wish) {
    case 'suspend':
      controller.mayWrite = false
      return
    case 'resume':
      controller.mayWrite = true
      return
    case 'abort':
      return controller.abort()
    case 'retry':
      controller.requests = { ...controller.requests, retry: request }
      return
    case 'restart':
      controller.requests = { ...controller.requests, restart: request }
  }
}

const side = fc.constantFrom<Side>('blue', 'green')
const version = fc.constantFrom(...versions)

const turn = (
  agesMs: fc.Arbitrary<number[]>,
  crash: fc.Arbitrary<CrashPoint | undefined>,
): fc.Arbitrary<Happening> => fc.record({ kind: fc.constant('turn' as const), agesMs, crash })

/** Turns whose looks see the present. */
export const freshTurn = turn(fc.constant([]), fc.constant(undefined))
/** Turns whose looks may each be old, and that may end in the middle of a write. */
export const roughTurn = turn(
  fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 59_000 })), { maxLength: 6 }),
  fc.constantFrom(undefined, undefined, undefined, 'before the write', 'after the write'),
)
export const time = fc.record({
  kind: fc.constant('pass' as const),
  seconds: fc.integer({ min: 1, max: 40 }),
})
export const commit = fc.record({ kind: fc.constant('commit' as const), version })
export const wish = fc.record({
  kind: fc.constantFrom(
    'suspend' as const,
    'resume' as const,
    'abort' as const,
    'retry' as const,
    'restart' as const,
  ),
})
export const trouble: fc.Arbitrary<Happening> = fc.oneof(
  fc
    .record({ kind: fc.constant('weights' as const), rule: fc.nat(1), blue: fc.nat(2), green: fc.nat(2) })
    .filter(({ blue, green }) => blue + green > 0),
  fc.record({ kind: fc.constant('scale' as const), side, desiredCount: fc.nat(4) }),
  fc.record({ kind: fc.constant('repoint' as const), side, version }),
  fc.record({ kind: fc.constant('test' as const), side }),
  fc.record({ kind: fc.constantFrom('kill' as const, 'remove' as const), side }),
)
