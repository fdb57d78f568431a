import type { ServiceSettings } from '../../resources/types.ts'
import { serviceShape } from '../defaults.ts'
import { diffRelease } from '../diff.ts'
import type { Document } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import type { Change } from '../diff.ts'
import { pointer, pointerSegments } from '../diff/change.ts'
import { pruned } from '../diff/prune.ts'
import type { Place, ServiceFacts } from '../observation.ts'

/** Settings that ECS only brings to tasks by replacing them. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
const replacesTasks: ReadonlySet<string> = new Set([
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'enableExecuteCommand',
  'volumeConfigurations',
])

/** Whether a setting reaches a service without other tasks; the rest needs a rollout. */
export const isInPlace = (name: string): boolean => !replacesTasks.has(name)

export interface SettingsChange {
  /** Names of settings that differ and need other tasks: a rollout. */
  readonly replacing: readonly string[]
  /** Settings that differ and can be set on a running service by UpdateService; tags have an operation of their own. */
  readonly inPlace: Readonly<Record<string, unknown>>
}

/** Which of the wanted settings a service does not have, but for those that are left to others. */
export function settingsChange(
  service: ServiceFacts | null,
  settings: ServiceSettings | undefined,
  ignore?: readonly string[],
): SettingsChange {
  if (service === null || settings === undefined) return { replacing: [], inPlace: {} }
  const changes = diffRelease(
    { service: { name: service.name, settings: settings as Readonly<Record<string, unknown>> }, ignore },
    { service },
  )
  const named = pruned(serviceShape, settings as Document, { roots: ['service'], ignore })
  const names = [...new Set(changes.flatMap((change) => pointerSegments(change.path).slice(1, 2)))]
  const inPlace = names.filter((name) => isInPlace(name) && name !== 'tags')
  return {
    replacing: names.filter((name) => replacesTasks.has(name)),
    inPlace: Object.fromEntries(inPlace.map((name) => [name, written(named[name], changes, [name])])),
  }
}

/**
 * A setting as it is written: as it is named, with what AWS would fill in where that was changed. UpdateService keeps the members of a setting that a request
 * leaves out, so that a default comes back only where it is spelled out.
 */
function written(value: unknown, changes: readonly Change[], path: readonly string[]): unknown {
  const place = pointer(['service', ...path])
  const own = changes.find((change) => change.path === place)
  if (value === undefined && own !== undefined) return own.wanted ?? undefined
  if (value !== undefined && !isObject(value)) return value
  const below = changes.filter((change) => change.path.startsWith(`${place}/`))
  const names = new Set(below.flatMap((change) => pointerSegments(change.path)[path.length + 1] ?? []))
  const members = [...names].map((name) => [name, written(value?.[name], changes, [...path, name])] as const)
  return { ...value, ...Object.fromEntries(members.filter(([, member]) => member !== undefined)) }
}

/** Whether ECS only takes the change together with a new deployment: it refuses another choice of where tasks run without one. */
export const needsNewDeployment = ({ replacing }: SettingsChange): boolean =>
  replacing.some((name) => name === 'launchType' || name === 'capacityProviderStrategy')

/** Providers are given up for a launch type by an empty list of them: UpdateService takes no launch type. */
export const leavesProviders = (
  service: ServiceFacts | null,
  settings: ServiceSettings | undefined,
): boolean => settings?.launchType !== undefined && hasProviders(service)

/** Why a service never gets the wanted launch type: what it was created with stays; undefined where it has it, or can get it. */
export function launchTypeProblem(
  service: ServiceFacts | null,
  settings: ServiceSettings | undefined,
  place: Place,
): { readonly reason: 'LaunchTypeFixed'; readonly message: string } | undefined {
  const wanted = settings?.launchType
  if (service?.status !== 'ACTIVE' || wanted === undefined || hasProviders(service)) return undefined
  if (!settingsChange(service, settings).replacing.includes('launchType')) return undefined
  const live =
    typeof service.settings['launchType'] === 'string' ? ` from ${service.settings['launchType']}` : ''
  const message = `ECS can't change the launch type of service ${service.name}${live} to ${wanted}; delete the service, ${DELETED[place === 'only' ? 'only' : 'side']}, and Steersman creates it anew (where Terraform made it, let Terraform replace it), or name the launch type that it has`
  return { reason: 'LaunchTypeFixed', message }
}

/** What becomes of a service's work when a person deletes it. */
const DELETED = { side: 'whose side is idle', only: 'whose work stands still meanwhile' } as const

function hasProviders(service: ServiceFacts | null): boolean {
  const providers = service?.settings['capacityProviderStrategy']
  return Array.isArray(providers) && providers.length > 0
}
