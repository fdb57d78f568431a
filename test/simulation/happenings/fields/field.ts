import type { Members } from '../../../../controller/sandbox/kernel/operation.ts'
import type { Pair } from '../../aws/shape.ts'
import type { SideName } from '../../aws/names.ts'
import type { SimulatedAws } from '../../aws/simulated-aws.ts'

/** Where somebody changes a field: one side of one release. */
export interface Place {
  readonly aws: SimulatedAws
  readonly pair: Pair
  readonly side: SideName
  /** The name of the side's service. */
  readonly service: string
}

/** A field that core compares, and what somebody makes of it. */
export interface FieldByHand {
  /** By its place in the tables of `core/defaults`: `service/propagateTags`, `container/command`. */
  readonly name: string
  /** Changes it; what it returns makes it what it was. */
  change(place: Place): () => void
}

/** What the simulated world has no other value of, and why. */
export interface FieldLeftOut {
  readonly name: string
  readonly without: string
}

export const cluster = 'demo'

/** What a describing operation shows first. */
export function shown(
  aws: SimulatedAws,
  operation: readonly ['ecs' | 'elasticloadbalancing', string],
  input: Members,
  list: string,
): Members {
  const found = aws.byHand(operation[0], operation[1], input)[list]
  const [first] = found as readonly Members[]
  if (first === undefined) throw new RangeError(`${operation[1]} shows no ${list}`)
  return first
}

export const describeService = ({ aws, service }: Pick<Place, 'aws' | 'service'>): Members =>
  shown(aws, ['ecs', 'DescribeServices'], { cluster, services: [service], include: ['TAGS'] }, 'services')
