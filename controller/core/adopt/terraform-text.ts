import { isObject } from '../defaults/shape.ts'
import type { AdoptionWishes } from './facts.ts'
import type { HclMember, HclValue } from './hcl.ts'
import { attributes, hclBlock } from './hcl.ts'
import type { AdoptedNames } from './names.ts'
import { productionRules } from './refuse-traffic.ts'
import type { Adoptable } from './release-document.ts'
import { settingsOf } from './settings.ts'
import { ownTags, peoplesTags } from './tags.ts'

/**
 * Terraform of the second side, in the style of terraform/modules/service: shape is Terraform's, motion is Steersman's. The parts that exist stay where they are; what
 * has to be said of them, nobody but their own code can say, so it stands in comments.
 */
export function terraformText(facts: Adoptable, wishes: AdoptionWishes, names: AdoptedNames): string {
  const label = `${names.release.replaceAll('-', '_')}_green`
  const owner = { environment: wishes.environment, release: names.release }
  const tags = ownTags(owner, 'green')
  return [
    comments(facts, wishes, names, label),
    hclBlock(`resource "aws_lb_target_group" "${label}"`, targetGroup(facts, names, tags)),
    hclBlock(`resource "aws_ecs_service" "${label}"`, service(facts, names, { label, tags })),
    ...imports(facts, names, label),
  ].join('\n')
}

function comments(
  facts: Adoptable,
  wishes: AdoptionWishes,
  { release, services }: AdoptedNames,
  label: string,
): string {
  const { targetGroup: group, listeners } = facts
  const rules = productionRules(listeners, group.arn, wishes.testPort)
  const places = rules.map(({ rule }) =>
    rule.kind === 'ListenerDefault'
      ? `default_action of the listener on port ${rule.port}`
      : `action of ${rule.arn}`,
  )
  const action = hclBlock(rules[0]?.rule.kind === 'ListenerDefault' ? 'default_action' : 'action', [
    ...attributes({ type: 'forward' }),
    {
      block: 'forward',
      members: [
        { block: 'target_group', members: attributes({ arn: group.arn, weight: 100 }) },
        {
          block: 'target_group',
          members: attributes({ arn: { expression: `aws_lb_target_group.${label}.arn` }, weight: 0 }),
        },
      ],
    },
  ])
  const lines = [
    `The second side of release ${release}. Service ${services.blue} is its blue side, as it is.`,
    '',
    'Steersman decides which revision a side runs, how many tasks of it, and the weights. So, where Terraform makes these, add:',
    '',
    `  to the service ${services.blue}:`,
    '    lifecycle { ignore_changes = [task_definition, desired_count] }',
    '',
    `  to its task definition ${facts.taskDefinition.family}:`,
    '    skip_destroy = true',
    '',
    ...places.map((place) => `  to the ${place}:`),
    `    lifecycle { ignore_changes = [${rules[0]?.rule.kind === 'ListenerDefault' ? 'default_action' : 'action'}] }`,
    '  and let it forward to both groups, beside its other actions:',
    ...action
      .trimEnd()
      .split('\n')
      .map((line) => (line.trim() === '' ? '' : `    ${line}`)),
    '',
    'To go over to terraform/modules/service later, move the addresses:',
    `  moved { from = aws_ecs_service.${label}, to = module.${release.replaceAll('-', '_')}.aws_ecs_service.side["green"] }`,
    `  moved { from = aws_lb_target_group.${label}, to = module.${release.replaceAll('-', '_')}.aws_lb_target_group.side["green"] }`,
  ]
  return `${lines.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n')}\n`
}

type Tags = Readonly<Record<string, string>>
type Document = Readonly<Record<string, unknown>>

/** A scalar of AWS's JSON. */
const scalar = (value: unknown): HclValue | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? value.map(String) : undefined

function targetGroup(
  { targetGroup: { settings, attributes: has, tags } }: Adoptable,
  { targetGroups }: AdoptedNames,
  own: Tags,
): readonly HclMember[] {
  const matcher = isObject(settings['Matcher']) ? settings['Matcher'] : {}
  return [
    ...attributes({
      name: targetGroups.green,
      vpc_id: scalar(settings['VpcId']),
      target_type: scalar(settings['TargetType']),
      protocol: scalar(settings['Protocol']),
      protocol_version: scalar(settings['ProtocolVersion']),
      ip_address_type: scalar(settings['IpAddressType']),
      port: scalar(settings['Port']),
      deregistration_delay: numeric(has['deregistration_delay.timeout_seconds']),
      slow_start: numeric(has['slow_start.duration_seconds']),
      load_balancing_algorithm_type: scalar(has['load_balancing.algorithm.type']),
      load_balancing_cross_zone_enabled: scalar(has['load_balancing.cross_zone.enabled']),
      tags: { ...peoplesTags(tags), ...own },
    }),
    {
      block: 'health_check',
      members: attributes({
        protocol: scalar(settings['HealthCheckProtocol']),
        port: scalar(settings['HealthCheckPort']),
        path: scalar(settings['HealthCheckPath']),
        matcher: scalar(matcher['HttpCode'] ?? matcher['GrpcCode']),
        interval: scalar(settings['HealthCheckIntervalSeconds']),
        timeout: scalar(settings['HealthCheckTimeoutSeconds']),
        healthy_threshold: scalar(settings['HealthyThresholdCount']),
        unhealthy_threshold: scalar(settings['UnhealthyThresholdCount']),
      }),
    },
    ...stickiness(has),
  ]
}

const numeric = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)

function stickiness(has: Readonly<Record<string, string>>): readonly HclMember[] {
  const type = has['stickiness.type']
  if (has['stickiness.enabled'] !== 'true' || type === undefined) return []
  const members = attributes({
    type,
    cookie_name: scalar(type === 'app_cookie' ? has['stickiness.app_cookie.cookie_name'] : undefined),
    cookie_duration: numeric(has[`stickiness.${type}.duration_seconds`]),
  })
  return [{ block: 'stickiness', members }]
}

function service(
  facts: Adoptable,
  { services }: AdoptedNames,
  { label, tags }: { readonly label: string; readonly tags: Tags },
): readonly HclMember[] {
  const settings = settingsOf(facts.service) as Document
  const bounds = isObject(settings['deploymentConfiguration']) ? settings['deploymentConfiguration'] : {}
  const [entry] = facts.service.loadBalancers
  return [
    ...attributes({
      name: services.green,
      cluster: clusterArn(facts),
      task_definition: facts.taskDefinition.arn,
      desired_count: 0,
      launch_type: scalar(settings['launchType']),
      platform_version: scalar(settings['platformVersion']),
      enable_execute_command: scalar(settings['enableExecuteCommand']),
      enable_ecs_managed_tags: scalar(settings['enableECSManagedTags']),
      propagate_tags: scalar(settings['propagateTags']),
      health_check_grace_period_seconds: scalar(settings['healthCheckGracePeriodSeconds']),
      deployment_minimum_healthy_percent: scalar(bounds['minimumHealthyPercent']),
      deployment_maximum_percent: scalar(bounds['maximumPercent']),
      availability_zone_rebalancing: scalar(settings['availabilityZoneRebalancing']),
      wait_for_steady_state: false,
      tags: { ...peoplesTags(facts.service.tags), ...tags },
    }),
    ...blocksOf(settings),
    {
      block: 'load_balancer',
      members: attributes({
        target_group_arn: { expression: `aws_lb_target_group.${label}.arn` },
        container_name: entry?.containerName,
        container_port: entry?.containerPort,
      }),
    },
    { block: 'deployment_circuit_breaker', members: attributes({ enable: true, rollback: false }) },
    {
      block: 'lifecycle',
      members: attributes({ ignore_changes: { expression: '[task_definition, desired_count]' } }),
    },
  ]
}

const clusterArn = ({ service: { arn, cluster } }: Adoptable): string =>
  `${arn.split(':').slice(0, 5).join(':')}:cluster/${cluster}`

/** The settings of a service that Terraform writes as blocks. */
function blocksOf(settings: Document): readonly HclMember[] {
  const network = isObject(settings['networkConfiguration'])
    ? settings['networkConfiguration']['awsvpcConfiguration']
    : undefined
  return [
    ...listOf(settings['capacityProviderStrategy']).map((item) => ({
      block: 'capacity_provider_strategy',
      members: attributes({
        capacity_provider: scalar(item['capacityProvider']),
        weight: scalar(item['weight']),
        base: scalar(item['base']),
      }),
    })),
    ...listOf(settings['placementStrategy']).map((item) => ({
      block: 'ordered_placement_strategy',
      members: attributes({ type: scalar(item['type']), field: scalar(item['field']) }),
    })),
    ...listOf(settings['placementConstraints']).map((item) => ({
      block: 'placement_constraints',
      members: attributes({ type: scalar(item['type']), expression: scalar(item['expression']) }),
    })),
    ...(isObject(network)
      ? [
          {
            block: 'network_configuration',
            members: attributes({
              subnets: texts(network['subnets']),
              security_groups: texts(network['securityGroups']),
              assign_public_ip: network['assignPublicIp'] === 'ENABLED',
            }),
          },
        ]
      : []),
  ]
}

const listOf = (value: unknown): readonly Document[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** What `--apply` has made is imported, so that Terraform makes no second one; without it these blocks are taken out. */
function imports(
  { service: { cluster }, second }: Adoptable,
  { services }: AdoptedNames,
  label: string,
): string[] {
  if (second.service === null || second.targetGroup === null) return []
  return [
    hclBlock(
      'import',
      attributes({ to: { expression: `aws_lb_target_group.${label}` }, id: second.targetGroup.arn }),
    ),
    hclBlock(
      'import',
      attributes({ to: { expression: `aws_ecs_service.${label}` }, id: `${cluster}/${services.green}` }),
    ),
  ]
}
