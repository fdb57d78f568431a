import { describe, expect, it } from 'vitest'
import { leftoversOf } from '../../../controller/core/infrastructure/leftovers.ts'
import type { Leftover } from '../../../controller/core/infrastructure/leftovers.ts'
import { readPlan, isReadable } from '../../../controller/core/infrastructure/plan-json.ts'
import type { Plan } from '../../../controller/core/infrastructure/plan-json.ts'
import { commonTags } from '../../../controller/core/infrastructure/planned-tags.ts'
import { ACCOUNT, planOf, resourceChange } from './plans.ts'

const SHOP = { project: 'shop', environment: 'prod' }
type Values = Readonly<Record<string, unknown>>

function read(changes: readonly unknown[]): Plan {
  const plan = readPlan(planOf(changes))
  if (!isReadable(plan)) throw new Error(plan.problems.join())
  return plan
}

const created = (type: string, after: Values = {}, tags: Values | null = SHOP, name = 'web'): unknown =>
  resourceChange(type, ['create'], { address: `${type}.${name}`, after: { ...after, tags_all: tags } })

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`
const elb = (resource: string): string => arn('elasticloadbalancing', resource)

const found = (arns: readonly string[], tags: Readonly<Record<string, string>> = SHOP) =>
  arns.map((one) => ({ arn: one, tags }))

/** As lines: whether certain, the import ID, the addresses. */
const told = (leftovers: readonly Leftover[]): string[] =>
  leftovers.map(
    ({ isCertain, importId = 'unknown', addresses }) =>
      `${isCertain ? 'certain' : 'maybe'} ${importId} -> ${addresses.join(' or ')}`,
  )

describe('The tags that are looked for', () => {
  it('are those that all resources to be created have in common', () => {
    const plan = read([
      created('aws_vpc', {}, { ...SHOP, Name: 'shop' }),
      created('aws_subnet', {}, { ...SHOP, Name: 'shop-a' }),
      created('aws_route', {}, null),
      resourceChange('aws_lb', ['no-op'], { after: { tags_all: { team: 'x' } } }),
    ])
    expect(commonTags(plan)).toEqual(SHOP)
  })

  it.each([
    ['nothing is created', []],
    ['no resource has tags', [created('aws_vpc', {}, null)]],
    ['they have none in common', [created('aws_vpc', {}, { a: '1' }), created('aws_lb', {}, { a: '2' })]],
  ])('are none where %s', (_, changes) => {
    expect(commonTags(read(changes))).toEqual({})
  })

  it('leave out values that are known only after the apply', () => {
    expect(commonTags(read([created('aws_vpc', {}, { ...SHOP, made: null })]))).toEqual(SHOP)
  })
})

describe('What exists and would be made again', () => {
  it.each([
    ['aws_ecs_cluster', { name: 'shop' }, arn('ecs', 'cluster/shop'), 'shop'],
    [
      'aws_ecs_service',
      { name: 'web-blue', cluster: arn('ecs', 'cluster/shop') },
      arn('ecs', 'service/shop/web-blue'),
      'shop/web-blue',
    ],
    ['aws_ecs_service', { name: 'web', cluster: 'shop' }, arn('ecs', 'service/shop/web'), 'shop/web'],
    ['aws_ecr_repository', { name: 'shop/web' }, arn('ecr', 'repository/shop/web'), 'shop/web'],
    ['aws_lb', { name: 'shop' }, elb('loadbalancer/app/shop/50dc6c49'), 'ARN'],
    ['aws_lb_target_group', { name: 'web-blue' }, elb('targetgroup/web-blue/6d0ecf83'), 'ARN'],
    [
      'aws_cloudwatch_log_group',
      { name: '/ecs/shop/web' },
      arn('logs', 'log-group:/ecs/shop/web'),
      '/ecs/shop/web',
    ],
    [
      'aws_cloudwatch_metric_alarm',
      { alarm_name: 'shop-5xx' },
      arn('cloudwatch', 'alarm:shop-5xx'),
      'shop-5xx',
    ],
    ['aws_sns_topic', { name: 'shop' }, arn('sns', 'shop'), 'ARN'],
    ['aws_s3_bucket', { bucket: 'shop-logs' }, 'arn:aws:s3:::shop-logs', 'shop-logs'],
    ['aws_dynamodb_table', { name: 'carts' }, arn('dynamodb', 'table/carts'), 'carts'],
    ['aws_db_instance', { identifier: 'shop' }, arn('rds', 'db:shop'), 'shop'],
    ['aws_db_subnet_group', { name: 'shop' }, arn('rds', 'subgrp:shop'), 'shop'],
    ['aws_db_parameter_group', { name: 'shop' }, arn('rds', 'pg:shop'), 'shop'],
    ['aws_elasticache_cluster', { cluster_id: 'shop' }, arn('elasticache', 'cluster:shop'), 'shop'],
    [
      'aws_elasticache_replication_group',
      { replication_group_id: 'shop' },
      arn('elasticache', 'replicationgroup:shop'),
      'shop',
    ],
    ['aws_elasticache_subnet_group', { name: 'shop' }, arn('elasticache', 'subnetgroup:shop'), 'shop'],
    ['aws_iam_policy', { name: 'boundary' }, `arn:aws:iam::${ACCOUNT}:policy/team/boundary`, 'ARN'],
  ])('%s %j is told for certain by its name', (type, after, one, id) => {
    const plan = read([created(type, after)])
    expect(told(leftoversOf(plan, found([one])))).toEqual([
      `certain ${id === 'ARN' ? one : id} -> ${type}.web`,
    ])
  })

  it.each([
    ['aws_ecs_cluster', { name: 'other' }, arn('ecs', 'cluster/shop')],
    ['aws_ecs_service', { name: 'web', cluster: 'other' }, arn('ecs', 'service/shop/web')],
    ['aws_lb', { name: 'sho' }, elb('loadbalancer/app/shop/50dc6c49')],
    ['aws_lb_target_group', { name: 'shop' }, elb('loadbalancer/app/shop/50dc6c49')],
    ['aws_lb_listener', { load_balancer_arn: elb('loadbalancer/app/other/1') }, elb('listener/app/shop/1/2')],
    ['aws_security_group', { name: 'x' }, arn('ec2', 'security-group-rule/sgr-1')],
    ['aws_ecs_task_definition', { family: 'web' }, arn('ecs', 'task-definition/web:1')],
    ['aws_vpc', {}, 'no ARN'],
  ])('%s %j is not %s', (type, after, one) => {
    expect(leftoversOf(read([created(type, after)]), found([one]))).toEqual([])
  })

  it.each([
    ['aws_vpc', {}, arn('ec2', 'vpc/vpc-1'), 'vpc-1'],
    ['aws_subnet', {}, arn('ec2', 'subnet/subnet-1'), 'subnet-1'],
    ['aws_security_group', { name: 'web' }, arn('ec2', 'security-group/sg-1'), 'sg-1'],
    ['aws_vpc_security_group_ingress_rule', {}, arn('ec2', 'security-group-rule/sgr-1'), 'sgr-1'],
    ['aws_nat_gateway', {}, arn('ec2', 'natgateway/nat-1'), 'nat-1'],
    ['aws_eip', {}, arn('ec2', 'elastic-ip/eipalloc-1'), 'eipalloc-1'],
    ['aws_kms_key', {}, arn('kms', 'key/1234'), '1234'],
    [
      'aws_lb_listener',
      { load_balancer_arn: elb('loadbalancer/app/shop/1') },
      elb('listener/app/shop/1/2'),
      'ARN',
    ],
    [
      'aws_lb_listener_rule',
      { listener_arn: elb('listener/app/shop/1/2') },
      elb('listener-rule/app/shop/1/2/3'),
      'ARN',
    ],
    ['aws_lb_listener_rule', {}, elb('listener-rule/app/shop/1/2/3'), 'ARN'],
    ['aws_lb_target_group', { name_prefix: 'web' }, elb('targetgroup/web2026/6d0ecf83'), 'ARN'],
  ])('%s %j may be one with its tags, where no name tells', (type, after, one, id) => {
    const plan = read([created(type, after, { ...SHOP, Name: 'a' })])
    expect(told(leftoversOf(plan, found([one], { ...SHOP, Name: 'a', more: 'x' })))).toEqual([
      `maybe ${id === 'ARN' ? one : id} -> ${type}.web`,
    ])
    expect(leftoversOf(plan, found([one], { ...SHOP, Name: 'b' }))).toEqual([])
  })

  it('is not told where the state knows it, by its ARN or its id', () => {
    const known = [
      resourceChange('aws_vpc', ['no-op'], { before: { arn: arn('ec2', 'vpc/vpc-1'), id: 'vpc-1' } }),
      resourceChange('aws_nat_gateway', ['update'], { before: { id: 'nat-1' } }),
      resourceChange('aws_lb_listener', ['delete'], { before: { id: elb('listener/app/shop/1/2') } }),
    ]
    const plan = read([
      ...known,
      created('aws_vpc', {}, SHOP, 'second'),
      created('aws_nat_gateway'),
      created('aws_lb_listener'),
    ])
    const arns = [arn('ec2', 'vpc/vpc-1'), arn('ec2', 'natgateway/nat-1'), elb('listener/app/shop/1/2')]
    expect(leftoversOf(plan, found(arns))).toEqual([])
  })

  it('is one of several, where tags don’t tell them apart', () => {
    const plan = read([created('aws_subnet', {}, SHOP, 'a'), created('aws_subnet', {}, SHOP, 'b')])
    const arns = [arn('ec2', 'subnet/subnet-2'), arn('ec2', 'subnet/subnet-1')]
    expect(told(leftoversOf(plan, found(arns)))).toEqual([
      'maybe subnet-1 -> aws_subnet.a or aws_subnet.b',
      'maybe subnet-2 -> aws_subnet.a or aws_subnet.b',
    ])
  })

  it('is the one with exactly its tags, where others have fewer', () => {
    const named = { ...SHOP, Name: 'a' }
    const plan = read([created('aws_subnet', {}, named, 'a'), created('aws_subnet', {}, SHOP, 'b')])
    expect(told(leftoversOf(plan, found([arn('ec2', 'subnet/subnet-1')], named)))).toEqual([
      'maybe subnet-1 -> aws_subnet.a',
    ])
    expect(told(leftoversOf(plan, found([arn('ec2', 'subnet/subnet-1')], { ...named, by: 'x' })))).toEqual([
      'maybe subnet-1 -> aws_subnet.a or aws_subnet.b',
    ])
  })

  it('is told without an import ID where its type is not known, but for tasks and revisions', () => {
    const plan = read([created('aws_sqs_queue', { name: 'orders' })])
    const arns = [arn('sqs', 'orders'), arn('ecs', 'task/shop/1'), arn('ecs', 'task-definition/web:1')]
    expect(told(leftoversOf(plan, found(arns)))).toEqual(['maybe unknown -> aws_sqs_queue.web'])
  })

  it('is told as hidden where tags don’t show its type', () => {
    const plan = read([
      created('aws_iam_role', { name: 'web-task' }),
      created('aws_iam_role', {}, SHOP, 'unnamed'),
    ])
    expect(leftoversOf(plan, [])).toEqual([
      { arn: undefined, importId: 'web-task', addresses: ['aws_iam_role.web'], isCertain: false },
    ])
  })
})
