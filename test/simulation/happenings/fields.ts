import { AwsError } from '../../../controller/sandbox/kernel/error.ts'
import { behaviorOf } from '../scenarios/version.ts'
import type { SideName } from '../aws/names.ts'
import { serviceAt } from '../aws/workers.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { Place } from './fields/field.ts'
import { IMAGE_BY_HAND } from './fields/task-definition-fields.ts'
import { fieldsByHand } from './fields/table.ts'
import type { HappeningKind } from './kind.ts'
import { drawSide } from './tasks.ts'

/** Fields that Steersman puts back; what else somebody changes is Terraform's, and put back by it. */
const isOurs = (field: string): boolean =>
  /^(?:service|taskDefinition|container)\//.test(field) || field === 'rule/weights'

/** Settings that somebody wants otherwise again and again: a write each, and no other tasks. */
const STUBBORN = ['service/enableECSManagedTags', 'service/propagateTags', 'service/tags', 'rule/weights']
/** So long after its last change a field that flips is put back: as long as it is let be, and a while. */
const FLAPPING_MS = 13 * 60_000

/** Hands, and Terraform of somebody else's pipeline, at whatever is compared. */
export const fieldKinds: readonly HappeningKind[] = [
  {
    name: 'any field by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, shape) => ({
      ...drawSide(random, shape),
      field: oneOf(random, [...fieldsByHand.keys()]),
      backAfterMs: between(random, 2_000, 150_000),
    }),
    apply(simulation, { release, side, field, backAfterMs }) {
      const what = { release: String(release), side: side as SideName, field: String(field) }
      const undo = changeField(simulation, what)
      if (undo === undefined) return simulation.strikes.missed()
      if (isOurs(what.field)) return
      const original = originalOf(simulation, what, undo)
      simulation.later(Number(backAfterMs), () => {
        if (simulation.changedByHand.get(placeOf(what)) === original) putBack(simulation, what, original)
      })
    },
  },
  {
    name: 'a stubborn hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, shape) => ({
      ...drawSide(random, shape),
      field: oneOf(random, STUBBORN),
      everyMs: between(random, 20_000, 60_000),
      times: between(random, 3, 7),
    }),
    apply(simulation, { release, side, field, everyMs, times }) {
      const what = { release: String(release), side: side as SideName, field: String(field) }
      for (let time = 0; time < Number(times); time += 1)
        simulation.later(time * Number(everyMs), () => void changeField(simulation, what))
      simulation.later(Number(times) * Number(everyMs) + FLAPPING_MS, () => undefined)
    },
  },
]

interface Changed {
  readonly release: string
  readonly side: SideName
  readonly field: string
}

/** What a change and its undoing write as one: the actions of a rule are written together, and a rule belongs to no side. */
function placeOf({ release, side, field }: Changed): string {
  if (!field.startsWith('rule/')) return `${release}/${side}/${field}`
  return /\/(?:Tags|conditions)$/.test(field) ? `${release}/${field}` : `${release}/rule/actions`
}

/** What makes a place as it was before the first hand that nobody has undone yet: a second hand found the first one's value there. */
function originalOf({ changedByHand }: Simulation, what: Changed, undo: () => void): () => void {
  const original = changedByHand.get(placeOf(what)) ?? undo
  changedByHand.set(placeOf(what), original)
  return original
}

/** Undefined where there is nothing to change. */
function changeField(simulation: Simulation, { release, side, field }: Changed): (() => void) | undefined {
  const { aws, trace, checkers } = simulation
  const place: Place = {
    aws,
    pair: simulation.pairOf(release),
    side,
    service: serviceAt(simulation, release, side),
  }
  if (!isThere(simulation, place, field)) return undefined
  aws.images.set(IMAGE_BY_HAND, behaviorOf('h1-slow'))
  try {
    checkers?.disturbed({ release })
    const undo = fieldsByHand.get(field)?.change(place)
    trace.add('people', `${field} of ${release}, ${side}, by hand`)
    return undo
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    // Whoever tries that at this moment is told so, and lets it be.
    trace.add('people', `${field} of ${release}, ${side}: ${error.code}`)
    return undefined
  }
}

function isThere({ aws, story }: Simulation, { service }: Place, field: string): boolean {
  const found = aws.ecs.tables.services.list().find(({ serviceName: name }) => name === service)
  if (field.startsWith('scal')) return story.scaling !== undefined && found !== undefined
  return !/^(?:service|taskDefinition|container)\//.test(field) || found?.status === 'ACTIVE'
}

/** Terraform makes what it owns as it was; where it is gone, there is nothing to make. */
function putBack(simulation: Simulation, what: Changed, undo: () => void): void {
  const { trace, checkers, changedByHand } = simulation
  const { release, side, field } = what
  changedByHand.delete(placeOf(what))
  try {
    checkers?.disturbed({ release })
    undo()
    trace.add('people', `${field} of ${release}, ${side}, as it was`)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    trace.add('people', `${field} of ${release}, ${side}: ${error.code}`)
  }
}
