import type { ApiClient } from '../../api/client.ts'
import { serviceNames } from '../../resources/names.ts'
import type { ReleaseSpec } from '../../resources/types.ts'
import { CommandError } from '../errors.ts'
import { listReleases } from '../lists.ts'

/** Throws a CommandError where a release of the running controller has the service already, in whichever environment. */
export async function assertUnclaimed(
  client: ApiClient,
  { cluster, service }: { readonly cluster: string; readonly service: string },
): Promise<void> {
  const { items } = await listReleases(client, {})
  const owner = items.find(({ metadata, spec }) => {
    const release = metadata.labels?.['steersman.dev/release'] ?? metadata.name
    return spec.service.cluster === cluster && namesOf(release, spec).includes(service)
  })
  if (owner === undefined) return
  throw new CommandError(`service ${service} of cluster ${cluster} belongs to a release`, {
    why: `${owner.metadata.name} has it`,
    remedy: 'look at steersman status; nothing has to be adopted',
  })
}

/** A release may leave out what has a default. */
function namesOf(
  release: string,
  { engine = 'TargetGroupSwap', strategy, service }: ReleaseSpec,
): readonly string[] {
  const isPair = engine === 'TargetGroupSwap' && strategy?.type !== 'Rolling'
  return isPair ? Object.values(serviceNames({ release, names: service.names })) : [service.name ?? release]
}
