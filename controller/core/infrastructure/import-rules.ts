/** How the resources of one type stand in ARNs, and what an `import` block calls them. */
export interface ImportRule {
  /** Of the ARN, as `ecs`. */
  readonly service: string
  /** With which the last part of the ARN begins, as `cluster/`; what follows is called its rest. */
  readonly prefix: string
  /** What `import { id }` takes: the whole ARN, or its rest. */
  readonly importId: 'Arn' | 'Rest'
  /** The attribute that has the name, and the name as the rest has it; undefined where ARNs tell none. */
  readonly name?: { readonly attribute: string; readonly in: (rest: string) => string }
  /** The attribute that names what it lies in, by ARN or by name: the rest begins with that. */
  readonly parent?: string
}

const part =
  (index: number) =>
  (rest: string): string =>
    rest.split('/').at(index) ?? ''

const byName = (service: string, prefix: string, attribute = 'name'): ImportRule => ({
  service,
  prefix,
  importId: 'Rest',
  name: { attribute, in: (rest) => rest },
})
const byId = (prefix: string): ImportRule => ({ service: 'ec2', prefix, importId: 'Rest' })
const byArn = (service: string, prefix: string, more: Partial<ImportRule> = {}): ImportRule => ({
  service,
  prefix,
  importId: 'Arn',
  ...more,
})

const ELB = 'elasticloadbalancing'
const LOAD_BALANCER = byArn(ELB, 'loadbalancer/', { name: { attribute: 'name', in: part(1) } })
const TARGET_GROUP = byArn(ELB, 'targetgroup/', { name: { attribute: 'name', in: part(0) } })
const LISTENER = byArn(ELB, 'listener/', { parent: 'load_balancer_arn' })
const LISTENER_RULE = byArn(ELB, 'listener-rule/', { parent: 'listener_arn' })

/**
 * What the shipped modules make, as far as tags show it. ARNs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html;
 * import IDs: the last section of each page of https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs.
 */
const RULES: Readonly<Record<string, ImportRule>> = {
  aws_ecs_cluster: byName('ecs', 'cluster/'),
  aws_ecs_service: {
    service: 'ecs',
    prefix: 'service/',
    importId: 'Rest',
    name: { attribute: 'name', in: part(-1) },
    parent: 'cluster',
  },
  aws_ecr_repository: byName('ecr', 'repository/'),
  aws_lb: LOAD_BALANCER,
  aws_alb: LOAD_BALANCER,
  aws_lb_target_group: TARGET_GROUP,
  aws_alb_target_group: TARGET_GROUP,
  aws_lb_listener: LISTENER,
  aws_alb_listener: LISTENER,
  aws_lb_listener_rule: LISTENER_RULE,
  aws_alb_listener_rule: LISTENER_RULE,
  aws_security_group: byId('security-group/'),
  aws_vpc_security_group_ingress_rule: byId('security-group-rule/'),
  aws_vpc_security_group_egress_rule: byId('security-group-rule/'),
  aws_vpc: byId('vpc/'),
  aws_subnet: byId('subnet/'),
  aws_route_table: byId('route-table/'),
  aws_internet_gateway: byId('internet-gateway/'),
  aws_nat_gateway: byId('natgateway/'),
  aws_eip: byId('elastic-ip/'),
  aws_vpc_endpoint: byId('vpc-endpoint/'),
  aws_flow_log: byId('vpc-flow-log/'),
  aws_cloudwatch_log_group: byName('logs', 'log-group:'),
  aws_cloudwatch_metric_alarm: byName('cloudwatch', 'alarm:', 'alarm_name'),
  aws_sns_topic: byArn('sns', '', { name: { attribute: 'name', in: (rest) => rest } }),
  aws_s3_bucket: byName('s3', '', 'bucket'),
  aws_dynamodb_table: byName('dynamodb', 'table/'),
  aws_db_instance: byName('rds', 'db:', 'identifier'),
  aws_db_subnet_group: byName('rds', 'subgrp:'),
  aws_db_parameter_group: byName('rds', 'pg:'),
  aws_elasticache_cluster: byName('elasticache', 'cluster:', 'cluster_id'),
  aws_elasticache_replication_group: byName('elasticache', 'replicationgroup:', 'replication_group_id'),
  aws_elasticache_subnet_group: byName('elasticache', 'subnetgroup:'),
  aws_elasticache_parameter_group: byName('elasticache', 'parametergroup:'),
  aws_kms_key: { service: 'kms', prefix: 'key/', importId: 'Rest' },
  aws_secretsmanager_secret: byArn('secretsmanager', 'secret:'),
  aws_iam_policy: byArn('iam', 'policy/', { name: { attribute: 'name', in: part(-1) } }),
}

/** Of one type; undefined for a type that is not known. */
export const importRuleOf = (type: string): ImportRule | undefined =>
  Object.hasOwn(RULES, type) ? RULES[type] : undefined

/** Every known form of ARN. */
export const importRules: readonly ImportRule[] = Object.values(RULES)

/**
 * Types with a name, of which AWS makes no second one, and which `GetResources` does not show, or in us-east-1 only: the attribute that is both name and
 * import ID.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
const HIDDEN: ReadonlyMap<string, string> = new Map([
  ['aws_iam_role', 'name'],
  ['aws_iam_instance_profile', 'name'],
])

/** The attribute that names a resource that tags don't show. */
export const hiddenNameOf = (type: string): string | undefined => HIDDEN.get(type)

/** A second one does no harm: a new revision beside one that nothing uses, or the same target registered again. */
const HARMLESS: ReadonlySet<string> = new Set(['aws_ecs_task_definition', 'aws_appautoscaling_target'])

export const isHarmlessTwice = (type: string): boolean => HARMLESS.has(type)
