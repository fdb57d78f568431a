import type { TaskDefinitionFacts } from '../core/observation.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import { PortError } from '../ports/error.ts'

/** The container and port that the target group's requests go to: as the release says, or the only port mapping there is. */
export function servingContainer(
  definition: TaskDefinitionFacts | undefined,
  { rollout }: { readonly rollout: RolloutState | undefined },
): { readonly containerName: string; readonly containerPort: number } {
  const containers = (definition?.document['containerDefinitions'] ?? []) as readonly {
    readonly name: string
    readonly portMappings?: readonly { readonly containerPort: number }[]
  }[]
  const wanted = rollout?.spec.traffic?.container
  const candidates = containers.filter((container) =>
    wanted === undefined ? (container.portMappings?.length ?? 0) > 0 : container.name === wanted,
  )
  const [container] = candidates
  const ports = container?.portMappings ?? []
  const port =
    rollout?.spec.traffic?.containerPort ?? (ports.length === 1 ? ports[0]?.containerPort : undefined)
  if (candidates.length === 1 && container !== undefined && port !== undefined)
    return { containerName: container.name, containerPort: port }
  throw new PortError('it is not clear which container and port take the requests', {
    code: 'ContainerPortUnclear',
    handling: 'stall',
    remedy: 'set spec.image.container and spec.traffic.containerPort of the release',
  })
}
