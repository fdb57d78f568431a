import { serviceNames } from '../resources/names.ts'
import type { DefaultedReleaseSpec } from '../resources/generated/release.ts'
import type { RolloutEngine, RolloutSpec } from '../resources/generated/rollout.ts'
import type { Place } from './observation.ts'
import { sides } from './observation.ts'

/** The names of a release's services, by where they stand. */
export type ServiceNames = Readonly<Partial<Record<Place, string>>>

/** Whether a release has no load balancer, and ECS replaces the tasks of its one service. */
export const isRolling = ({ strategy }: Pick<DefaultedReleaseSpec, 'strategy'>): boolean =>
  strategy.type === 'Rolling'

/** Whether a release is one service, whose tasks ECS itself replaces, or within which an engine of AWS's own moves the traffic; the others are pairs. */
export const isOneService = (spec: Pick<DefaultedReleaseSpec, 'strategy' | 'engine'>): boolean =>
  isRolling(spec) || ownEngineOf(spec) !== undefined

/** The engine of AWS's own that moves the traffic within the one service of a release; undefined where Steersman does, or there is none to move. */
export const ownEngineOf = ({
  engine,
}: Partial<Pick<DefaultedReleaseSpec, 'engine'>>): RolloutEngine | undefined =>
  engine === 'Native' || engine === 'CodeDeploy' ? engine : undefined

/** The places of a release: the two sides of its pair, or the only one. */
export const placesOf = (spec: Pick<DefaultedReleaseSpec, 'strategy' | 'engine'>): readonly Place[] =>
  isOneService(spec) ? ['only'] : sides

/** Given, or derived from the release's name. */
export const namesOf = ({
  name,
  spec,
}: {
  readonly name: string
  readonly spec: Pick<DefaultedReleaseSpec, 'strategy' | 'engine' | 'service'>
}): ServiceNames =>
  isOneService(spec)
    ? { only: spec.service.name ?? name }
    : serviceNames({ release: name, names: spec.service.names })

/** As the rollout wrote them down. */
export const namesOfRollout = ({ service }: Pick<RolloutSpec, 'service'>): ServiceNames =>
  service.name === undefined ? { ...service.names } : { only: service.name }
