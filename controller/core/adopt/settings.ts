import type { ServiceSettings } from '../../resources/types.ts'
import { isObject } from '../defaults/shape.ts'
import type { AdoptedService } from './facts.ts'
import { peoplesTags } from './tags.ts'

/** Settings that a Release may name, as the live service has them; what ECS would fill in by itself is left out. */
export function settingsOf({ settings, tags }: Pick<AdoptedService, 'settings' | 'tags'>): ServiceSettings {
  const named: Record<string, unknown> = {}
  for (const [name, filledIn] of NAMES) {
    const value = settings[name]
    if (value !== undefined && value !== filledIn && !isEmpty(value)) named[name] = value
  }
  if (named['capacityProviderStrategy'] !== undefined) delete named['launchType']
  const bounds = boundsOf(settings['deploymentConfiguration'])
  if (bounds !== undefined) named['deploymentConfiguration'] = bounds
  const own = Object.entries(peoplesTags(tags)).map(([key, value]) => ({ key, value }))
  if (own.length > 0) named['tags'] = own
  return named
}

/** Each with the value that CreateService gives it. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const NAMES: readonly (readonly [name: string, filledIn?: unknown])[] = [
  ['launchType'],
  ['capacityProviderStrategy'],
  ['platformVersion', 'LATEST'],
  ['networkConfiguration'],
  ['placementConstraints'],
  ['placementStrategy'],
  ['healthCheckGracePeriodSeconds', 0],
  ['enableECSManagedTags', false],
  ['propagateTags', 'NONE'],
  ['enableExecuteCommand', false],
  // ECS gives new services another value than old ones, so it is always named.
  ['availabilityZoneRebalancing'],
  ['volumeConfigurations'],
]

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

function boundsOf(configuration: unknown): object | undefined {
  if (!isObject(configuration)) return undefined
  const { maximumPercent, minimumHealthyPercent } = configuration
  const isUsual = maximumPercent === 200 && minimumHealthyPercent === 100
  return isUsual || maximumPercent === undefined ? undefined : { maximumPercent, minimumHealthyPercent }
}
