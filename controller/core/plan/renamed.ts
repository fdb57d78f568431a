import type { ServiceNames } from '../places.ts'
import { namesOf, namesOfRollout, placesOf } from '../places.ts'
import { seenAt } from '../observation.ts'
import type { Place } from '../observation.ts'
import type { PlanInput } from './decision.ts'

type Input = Pick<PlanInput, 'desired' | 'lastSucceeded' | 'observation'>

/** Sides whose service had another name, or cluster, when the release was rolled out last, and that nobody has made under the new one. */
export function renamedSides({ desired, lastSucceeded, observation }: Input): readonly Place[] {
  if (lastSucceeded === undefined) return []
  const before = namesOfRollout(lastSucceeded.spec)
  const names = namesOf(desired)
  const isElsewhere = lastSucceeded.spec.service.cluster !== desired.spec.service.cluster
  return placesOf(desired.spec).filter(
    (place) => (before[place] !== names[place] || isElsewhere) && seenAt(observation, place).service === null,
  )
}

/** ECS can't rename a service: another one would take over, and the old one would be left running in the same target group. */
export function renameProblem(
  input: Input,
): { readonly reason: 'ServicesRenamed'; readonly message: string } | undefined {
  const renamed = renamedSides(input)
  const { lastSucceeded, desired } = input
  if (renamed.length === 0 || lastSucceeded === undefined) return undefined
  const { cluster } = desired.spec.service
  const before = { ...lastSucceeded.spec.service, names: namesOfRollout(lastSucceeded.spec) }
  const old = textOf(before.names, renamed)
  const wanted = textOf(namesOf(desired), renamed)
  const message = `this release runs as service ${old} in cluster ${before.cluster}, and ${wanted} in cluster ${cluster} is wanted, which does not exist; ECS can't rename a service, and the old ones would be left running; put spec.service back, or create the new services yourself and delete the old ones`
  return { reason: 'ServicesRenamed', message }
}

/** Those at the places; all of them where the release was of another kind before. */
const textOf = (names: ServiceNames, at: readonly Place[]): string =>
  (at.some((place) => names[place] !== undefined)
    ? at.map((place) => names[place])
    : Object.values(names)
  ).join(' and ')
