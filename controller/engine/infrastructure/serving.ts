import type { Serving } from '../../core/infrastructure/judge/traffic.ts'
import type { ReleaseObservation } from '../../core/observation.ts'
import { places, seenAt, sides } from '../../core/observation.ts'
import { getRelease, storedReleases } from '../objects.ts'
import { blankObservation, observe } from '../observe.ts'
import { subjectOfDesired } from '../turn.ts'
import type { Store } from '../../ports/store.ts'
import type { EnvironmentState } from '../engine.ts'

/** What takes traffic in the environment now; undefined when it can't be read: then everything counts as live. */
export async function servingNow(store: Store, state: EnvironmentState): Promise<Serving | undefined> {
  const environment = state.environment.metadata.name
  const seen: ReleaseObservation[] = []
  for (const name of await storedReleases(store, environment)) {
    const stored = await getRelease(store, { environment, release: name })
    const subject = stored === undefined ? undefined : subjectOfDesired({ name, spec: stored.spec })
    if (subject === undefined) continue
    try {
      seen.push(await observe(state.connections, subject, blankObservation, ['services', 'rules']))
    } catch {
      return undefined
    }
  }
  return servingOf(seen)
}

function servingOf(seen: readonly ReleaseObservation[]): Serving {
  const rules = seen.flatMap(({ production, test }) => [...production, test].filter((rule) => rule !== null))
  const groups = seen.flatMap((observation) =>
    sides.flatMap((side) => observation.sides[side].targetGroup?.arn ?? []),
  )
  const services = seen.flatMap((observation) =>
    places.flatMap((place) => {
      const { service, targetGroup } = seenAt(observation, place)
      return service === null ? [] : [{ service, isLive: hasWeight(observation, targetGroup?.arn) }]
    }),
  )
  return {
    arns: distinct([
      ...seen.flatMap(({ loadBalancer }) => loadBalancer?.arn ?? []),
      ...rules.flatMap(({ arn, listenerArn }) => [arn, listenerArn]),
      ...groups,
    ]),
    liveServices: distinct(
      services.flatMap(({ service, isLive }) => (isLive ? [`${service.cluster}/${service.name}`] : [])),
    ),
    clusters: distinct(services.map(({ service }) => service.cluster)),
  }
}

/** A side whose target group is not known counts as live. */
function hasWeight({ production }: ReleaseObservation, targetGroup: string | undefined): boolean {
  if (targetGroup === undefined) return true
  return production.some(
    (rule) => rule?.weights.some((one) => one.targetGroupArn === targetGroup && one.weight > 0) === true,
  )
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
