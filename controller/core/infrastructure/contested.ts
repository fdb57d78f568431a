import type { ServiceSettings } from '../../resources/types.ts'
import { scalarText } from '../defaults/shape.ts'
import { pointer } from '../diff/change.ts'
import { isIgnored } from '../ignore.ts'
import type { InfrastructureDrift } from './drift.ts'

/** A field that Terraform and a release both set: each run of the one undoes what the other did. */
export interface ContestedField {
  readonly address: string
  readonly attribute: string
  readonly release: string
  /** What the release's `ignore` would name. */
  readonly path: string
}

interface SettingRelease {
  readonly name: string
  readonly settings: ServiceSettings | undefined
  readonly ignore: readonly string[] | undefined
}

/** Terraform's names of what `service.settings` may name. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service */
const SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['health_check_grace_period_seconds', ['healthCheckGracePeriodSeconds']],
  ['enable_ecs_managed_tags', ['enableECSManagedTags']],
  ['enable_execute_command', ['enableExecuteCommand']],
  ['propagate_tags', ['propagateTags']],
  ['availability_zone_rebalancing', ['availabilityZoneRebalancing']],
  ['platform_version', ['platformVersion']],
  ['deployment_maximum_percent', ['deploymentConfiguration', 'maximumPercent']],
  ['deployment_minimum_healthy_percent', ['deploymentConfiguration', 'minimumHealthyPercent']],
])

/** Attributes of services that are not as Terraform left them, but as a release says. */
export function contestedFields(
  drift: readonly Pick<InfrastructureDrift, 'address' | 'attribute' | 'live'>[],
  releases: readonly SettingRelease[],
): readonly ContestedField[] {
  return drift.flatMap(({ address, attribute, live }) => {
    const place = placeOf(attribute)
    if (place === undefined || !/(^|\.)aws_ecs_service\./.test(address)) return []
    const path = pointer(['service', ...place])
    return releases
      .filter(({ settings, ignore }) => saidBy(settings, place) === textOf(live) && !isIgnored(path, ignore))
      .map(({ name }) => ({ address, attribute, release: name, path }))
  })
}

/** Where a release would set the attribute: `tags.team` is a tag. */
function placeOf(attribute: string): readonly string[] | undefined {
  const [name = '', ...key] = attribute.split('.')
  return name === 'tags' && key.length > 0 ? ['tags', key.join('.')] : SETTINGS.get(attribute)
}

function saidBy(settings: ServiceSettings | undefined, [name, inner]: readonly string[]): string | undefined {
  if (name === 'tags') return settings?.tags?.find(({ key }) => key === inner)?.value
  const setting: unknown = settings?.[name as keyof ServiceSettings]
  const value: unknown =
    inner === undefined ? setting : (setting as Record<string, unknown> | undefined)?.[inner]
  return value === undefined ? undefined : scalarText(value)
}

/** A shown text stands in quotes. */
const textOf = (shown: string): string => /^"(.*)"$/s.exec(shown)?.[1] ?? shown

/** How to settle it, for people; undefined where nothing is contested. */
export function contestedMessage(fields: readonly ContestedField[]): string | undefined {
  const [first] = fields
  if (first === undefined) return undefined
  const { address, attribute, release, path } = first
  const more = fields.length === 1 ? '' : ` (and ${fields.length - 1} more such fields)`
  return `Terraform and the release ${release} both set ${attribute} of ${address}${more}: let Terraform ignore it (lifecycle ignore_changes), or leave it to Terraform with ${path} in the release's ignore`
}
