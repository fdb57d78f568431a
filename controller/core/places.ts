import { serviceNames } from '../resources/names.ts'
import type { DefaultedReleaseSpec } from '../resources/generated/release.ts'
import type { RolloutSpec } from '../resources/generated/rollout.ts'
import type { Place } from './observation.ts'
import { sides } from './observation.ts'

/** The names of a release's services, by where they stand. */
export type ServiceNames = Readonly<Partial<Record<Place, string>>>

/** Whether a release is one service, whose tasks ECS itself replaces; the others are pairs. */
export const isOneService = ({ strategy }: Pick<DefaultedReleaseSpec, 'strategy'>): boolean =>
  strategy.type === 'Rolling'

/** The places of a release: the two sides of its pair, or the only one. */
export const placesOf = (spec: Pick<DefaultedReleaseSpec, 'strategy'>): readonly Place[] =>
  isOneService(spec) ? ['only'] : sides

/** Given, or derived from the release's name. */
export const namesOf = ({
  name,
  spec,
}: {
  readonly name: string
  readonly spec: Pick<DefaultedReleaseSpec, 'strategy' | 'service'>
}): ServiceNames =>
  isOneService(spec)
    ? { only: spec.service.name ?? name }
    : serviceNames({ release: name, names: spec.service.names })

/** As the rollout wrote them down. */
export const namesOfRollout = ({ service }: Pick<RolloutSpec, 'service'>): ServiceNames =>
  service.name === undefined ? { ...service.names } : { only: service.name }
