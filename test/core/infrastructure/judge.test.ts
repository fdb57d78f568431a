import { describe, expect, it } from 'vitest'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import {
  ACCOUNT,
  environmentOf,
  forward,
  judge,
  planOf,
  resourceChange,
  RULE_ARN,
  service,
  told,
} from './plans.ts'
import type { ChangeOptions } from './plans.ts'

interface Row {
  readonly title: string
  readonly type: string
  readonly actions: readonly string[]
  readonly options?: ChangeOptions
  readonly told: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    title: 'a new service',
    type: 'aws_ecs_service',
    actions: ['create'],
    options: { after: service() },
    told: ['Safe'],
  },
  {
    title: 'tags of a service',
    type: 'aws_ecs_service',
    actions: ['update'],
    options: { before: service(), after: service({ tags: { team: 'shop' } }) },
    told: ['Safe'],
  },
  {
    title: 'a deleted log group',
    type: 'aws_cloudwatch_log_group',
    actions: ['delete'],
    told: ['Destructive', 'Deleted: aws_cloudwatch_log_group.web is deleted'],
  },
  {
    title: 'a replaced subnet',
    type: 'aws_subnet',
    actions: ['delete', 'create'],
    options: { replacePaths: [['cidr_block'], ['availability_zone']] },
    told: ['Destructive', 'Replaced: aws_subnet.web is replaced for availability_zone, cidr_block'],
  },
  {
    title: 'a replace that creates first',
    type: 'aws_subnet',
    actions: ['create', 'delete'],
    told: ['Destructive', 'Replaced: aws_subnet.web is replaced'],
  },
  {
    title: 'a deleted task definition',
    type: 'aws_ecs_task_definition',
    actions: ['delete'],
    options: { before: { skip_destroy: true } },
    told: ['Destructive', 'Deleted: aws_ecs_task_definition.web is deleted'],
  },
  {
    title: 'another object that has skip_destroy',
    type: 'aws_cloudwatch_log_group',
    actions: ['delete', 'create'],
    options: { before: { skip_destroy: true }, after: { skip_destroy: true } },
    told: ['Destructive', 'Replaced: aws_cloudwatch_log_group.web is replaced'],
  },
  {
    title: 'an object that is let go',
    type: 'aws_subnet',
    actions: ['forget'],
    told: ['Destructive', 'Forgotten: aws_subnet.web is forgotten'],
  },
  {
    title: 'a task definition that leaves its old revision alone',
    type: 'aws_ecs_task_definition',
    actions: ['delete', 'create'],
    options: {
      before: { skip_destroy: true },
      after: { skip_destroy: true },
      replacePaths: [['container_definitions']],
    },
    told: ['Safe'],
  },
  ...[
    [{}, { skip_destroy: true }],
    [{ skip_destroy: true }, { skip_destroy: false }],
    [{ skip_destroy: 'true' }, { skip_destroy: 'true' }],
  ].map(([before = {}, after = {}]): Row => ({
    title: `a task definition with ${JSON.stringify(before)} before and ${JSON.stringify(after)} after`,
    type: 'aws_ecs_task_definition',
    actions: ['delete', 'create'],
    options: { before, after },
    told: [
      'Destructive',
      'TaskDefinitionDeregistered: aws_ecs_task_definition.web is replaced, which deregisters the old revision: skip_destroy is not true both before and after',
    ],
  })),
  {
    title: 'weights of a rule',
    type: 'aws_lb_listener_rule',
    actions: ['update'],
    options: {
      before: { arn: RULE_ARN, action: forward(0, 100) },
      after: { arn: RULE_ARN, action: forward(100, 0) },
    },
    told: [
      'ResetsTraffic',
      'ListenerAction: aws_lb_listener_rule.web changes action of a rule that takes traffic; ignore_changes leaves that to Steersman',
    ],
  },
  {
    title: 'an action that is not known yet',
    type: 'aws_alb_listener_rule',
    actions: ['update'],
    options: {
      before: { arn: RULE_ARN, action: forward(0, 100) },
      after: { arn: RULE_ARN, action: forward(0, 100) },
      unknown: { action: [{ forward: [{ target_group: [{ arn: true }] }] }] },
    },
    told: [
      'ResetsTraffic',
      'ListenerAction: aws_alb_listener_rule.web changes action of a rule that takes traffic; ignore_changes leaves that to Steersman',
    ],
  },
  {
    title: 'a deleted rule',
    type: 'aws_lb_listener_rule',
    actions: ['delete'],
    told: [
      'ResetsTraffic',
      'ListenerAction: aws_lb_listener_rule.web is deleted, and a rule takes traffic',
      'Deleted: aws_lb_listener_rule.web is deleted',
    ],
  },
  {
    title: 'the default action of a listener',
    type: 'aws_lb_listener',
    actions: ['update'],
    options: { before: { default_action: forward(0, 1) }, after: { default_action: forward(1, 0) } },
    told: [
      'ResetsTraffic',
      'ListenerAction: aws_lb_listener.web changes default_action of a listener that takes traffic; ignore_changes leaves that to Steersman',
    ],
  },
  {
    title: 'the certificate of a listener',
    type: 'aws_lb_listener',
    actions: ['update'],
    options: { before: { certificate_arn: 'one' }, after: { certificate_arn: 'two' } },
    told: ['Safe'],
  },
  {
    title: 'a replaced target group',
    type: 'aws_lb_target_group',
    actions: ['create', 'delete'],
    options: { replacePaths: [['port']] },
    told: [
      'ResetsTraffic',
      'TargetGroup: aws_lb_target_group.web is replaced, and a target group takes traffic',
      'Replaced: aws_lb_target_group.web is replaced for port',
    ],
  },
  {
    title: 'the health check of a target group',
    type: 'aws_lb_target_group',
    actions: ['update'],
    options: { before: { health_check: [{ path: '/' }] }, after: { health_check: [{ path: '/healthz' }] } },
    told: ['Safe'],
  },
  {
    title: 'count and task definition of a service',
    type: 'aws_ecs_service',
    actions: ['update'],
    options: {
      before: service(),
      after: service({ desired_count: 0, task_definition: undefined }),
      unknown: { task_definition: true },
    },
    told: [
      'ResetsTraffic',
      'LiveService: aws_ecs_service.web changes desired_count, task_definition of a service that takes traffic; ignore_changes leaves that to Steersman',
    ],
  },
  {
    title: 'scaling to nothing',
    type: 'aws_appautoscaling_target',
    actions: ['update'],
    options: { before: { max_capacity: 9 }, after: { max_capacity: 0 } },
    told: [
      'ResetsTraffic',
      'LiveCount: aws_appautoscaling_target.web changes max_capacity of the scaling of a service that takes traffic; ignore_changes leaves that to Steersman',
    ],
  },
  {
    title: 'a lower maximum',
    type: 'aws_appautoscaling_target',
    actions: ['update'],
    options: { before: { max_capacity: 9 }, after: { max_capacity: 6 } },
    told: ['Safe'],
  },
  {
    title: 'a role of another account',
    type: 'aws_sns_topic',
    actions: ['update'],
    options: {
      before: { arn: 'arn:aws:sns:eu-west-1:999999999999:x' },
      after: { arn: 'arn:aws:sns:eu-west-1:999999999999:x' },
    },
    told: ['Wider', `OtherAccount: aws_sns_topic.web belongs to another account than ${ACCOUNT}`],
  },
  {
    title: 'a policy that names another account',
    type: 'aws_sns_topic_policy',
    actions: ['create'],
    options: { after: { policy: '{"Principal":"arn:aws:iam::999999999999:root"}' } },
    told: ['Safe'],
  },
  {
    title: 'versioning of the state’s bucket',
    type: 'aws_s3_bucket_versioning',
    actions: ['create'],
    options: { after: { bucket: 'acme-tfstate' } },
    told: ['Wider', 'StateBackend: aws_s3_bucket_versioning.web is, or belongs to, the bucket of the state'],
  },
  {
    title: 'another bucket',
    type: 'aws_s3_bucket',
    actions: ['update'],
    options: { before: { bucket: 'acme-assets' }, after: { bucket: 'acme-assets' } },
    told: ['Safe'],
  },
  {
    title: 'the lock table',
    type: 'aws_dynamodb_table',
    actions: ['update'],
    options: { before: { name: 'acme-locks' }, after: { name: 'acme-locks' } },
    told: ['Wider', 'StateBackend: aws_dynamodb_table.web is, or belongs to, the lock table of the state'],
  },
  {
    title: 'a policy of Steersman’s own role',
    type: 'aws_iam_role_policy_attachment',
    actions: ['create'],
    options: { after: { role: 'steersman-prod', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' } },
    told: [
      'Wider',
      'OwnRole: aws_iam_role_policy_attachment.web is, or changes, a role that Steersman itself runs as',
    ],
  },
  {
    title: 'a policy of several roles, one of them Steersman’s own',
    type: 'aws_iam_policy_attachment',
    actions: ['create'],
    options: { after: { roles: ['web', 'steersman-prod'] } },
    told: [
      'Wider',
      'OwnRole: aws_iam_policy_attachment.web is, or changes, a role that Steersman itself runs as',
    ],
  },
  {
    title: 'the role of a task',
    type: 'aws_iam_role',
    actions: ['update'],
    options: { before: { name: 'shop-task' }, after: { name: 'shop-task' } },
    told: ['Safe'],
  },
]

describe('The judge over a plan says of', () => {
  it.each(ROWS)('$title what it is and why', ({ type, actions, options, told: expected }) => {
    expect(told(judge([resourceChange(type, actions, options)]))).toEqual(expected)
  })

  it('a provider that acts as somebody else that it reaches wider', () => {
    const providers = {
      'module.web:aws.other': { expressions: { region: {}, profile: {}, assume_role: [{}] } },
    }
    const plan = planOf([], { configuration: { provider_config: providers } })
    expect(told(judgePlan(plan, environmentOf()))).toEqual([
      'Wider',
      'ProviderIdentity: provider module.web:aws.other sets assume_role, profile; Steersman alone says as whom Terraform acts',
    ])
  })

  it('several changes the worst first', () => {
    const judgement = judge([
      resourceChange('aws_subnet', ['delete']),
      resourceChange('aws_lb', ['delete']),
      resourceChange('aws_iam_role', ['delete'], { before: { name: 'steersman-prod' } }),
    ])
    expect(judgement.verdict).toBe('Wider')
    expect(judgement.reasons.map(({ verdict, address }) => `${verdict} ${address}`)).toEqual([
      'Wider aws_iam_role.web',
      'ResetsTraffic aws_lb.web',
      'Destructive aws_iam_role.web',
      'Destructive aws_lb.web',
      'Destructive aws_subnet.web',
    ])
  })

  it('an empty plan that it is safe', () => {
    const judgement = judge([])
    expect(judgement).toMatchObject({ verdict: 'Safe', reasons: [], summary: { hasChanges: false } })
  })
})
