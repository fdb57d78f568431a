import { serviceNames } from '../../resources/names.ts'
import { sides } from '../observation.ts'
import type { Side } from '../observation.ts'
import type { PlanInput } from './decision.ts'

type Input = Pick<PlanInput, 'desired' | 'lastSucceeded' | 'observation'>

/** Sides whose service had another name, or cluster, when the release was rolled out last, and that nobody has made under the new one. */
export function renamedSides({ desired, lastSucceeded, observation }: Input): readonly Side[] {
  if (lastSucceeded === undefined) return []
  const before = lastSucceeded.spec.service
  const { cluster, names } = placeOf(desired)
  return sides.filter(
    (side) =>
      (before.names?.[side] !== names[side] || before.cluster !== cluster) &&
      observation.sides[side].service === null,
  )
}

/** ECS can't rename a service: another one would take over, and the old one would be left running in the same target group. */
export function renameProblem(
  input: Input,
): { readonly reason: 'ServicesRenamed'; readonly message: string } | undefined {
  const renamed = renamedSides(input)
  const before = input.lastSucceeded?.spec.service
  if (renamed.length === 0 || before === undefined) return undefined
  const { cluster, names } = placeOf(input.desired)
  const old = renamed.map((side) => before.names?.[side] ?? side).join(' and ')
  const wanted = renamed.map((side) => names[side]).join(' and ')
  const message = `this release runs as service ${old} in cluster ${before.cluster}, and ${wanted} in cluster ${cluster} is wanted, which does not exist; ECS can't rename a service, and the old ones would be left running; put spec.service back, or create the new services yourself and delete the old ones`
  return { reason: 'ServicesRenamed', message }
}

const placeOf = ({
  name,
  spec,
}: Input['desired']): {
  readonly cluster: string
  readonly names: Readonly<Record<Side, string>>
} => ({
  cluster: spec.service.cluster,
  names: serviceNames({ release: name, names: spec.service.names }),
})
