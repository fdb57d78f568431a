import { describe, expect, it } from 'vitest'
import {
  serviceShape,
  targetGroupAttributesShape,
  targetGroupShape,
  taskDefinitionShape,
} from '../../../../controller/core/defaults.ts'
import { containerShape } from '../../../../controller/core/defaults/container.ts'
import type { Members } from '../../../../controller/sandbox/kernel/operation.ts'
import { seededRandom } from '../../../support/seeded-random.ts'
import { makeShape, serviceName } from '../../aws/shape.ts'
import { SimulatedAws } from '../../aws/simulated-aws.ts'
import { PlainTime } from '../../time/plain-time.ts'
import { cluster } from './field.ts'
import type { Place } from './field.ts'
import { fieldsByHand, fieldsLeftOut } from './table.ts'

/** What the diff's tables say that AWS reads, and what it compares beside them. */
const compared = [
  'service/desiredCount',
  'service/taskDefinition',
  ...membersOf('service', serviceShape.members),
  ...membersOf('taskDefinition', taskDefinitionShape.members),
  ...membersOf('container', containerShape.members),
  ...membersOf('targetGroup', targetGroupShape.members),
  ...membersOf('targetGroupAttributes', targetGroupAttributesShape.members),
  ...['weights', 'stickiness', 'actions', 'foreign target group', 'forward', 'Tags'].map(
    (name) => `rule/${name}`,
  ),
  'targetGroup/Tags',
  'container/running image',
  'scalingPolicy',
]

function membersOf(root: string, members: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(members).map((name) => `${root}/${name}`)
}

describe('the table of fields that people change by hand', () => {
  it('covers every field that core compares, with a change or a reason', () => {
    const named = [...fieldsByHand.keys(), ...fieldsLeftOut.map(({ name }) => name)]
    const isCovered = (field: string): boolean =>
      named.some((name) => name === field || name.startsWith(`${field}/`))
    expect(compared.filter((field) => !isCovered(field))).toEqual([])
    expect(fieldsLeftOut.filter(({ name }) => fieldsByHand.has(name))).toEqual([])
  })

  it.each([...fieldsByHand.keys()])('changes %s in AWS, and makes it as it was', (name) => {
    const place = aSide()
    const before = everything(place)
    const undo = fieldsByHand.get(name)?.change(place)
    expect(everything(place)).not.toEqual(before)
    undo?.()
    expect(everything(place)).toEqual(before)
  })
})

/** A service whose tasks are still to come, behind the rules of a release. */
function aSide(): Place {
  const aws = new SimulatedAws({ time: new PlainTime(), random: seededRandom(1) })
  const [pair] = makeShape(aws, { releases: ['web'], rules: 'named' })
  if (pair === undefined) throw new Error('no pair')
  const service = serviceName(pair, 'blue')
  aws.byHand('ecs', 'RegisterTaskDefinition', {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
    containerDefinitions: [{ name: 'web', image: 'web:v1', portMappings: [{ containerPort: 8080 }] }],
  })
  aws.byHand('ecs', 'CreateService', {
    cluster,
    serviceName: service,
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-demo'], securityGroups: ['sg-demo'] } },
    loadBalancers: [{ targetGroupArn: pair.targetGroups.blue, containerName: 'web', containerPort: 8080 }],
  })
  aws.byHand('application-autoscaling', 'RegisterScalableTarget', {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: `service/demo/${service}`,
    MinCapacity: 0,
    MaxCapacity: 6,
    SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false },
  })
  aws.byHand('application-autoscaling', 'PutScalingPolicy', {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: `service/demo/${service}`,
    PolicyName: 'requests',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 1_000 },
  })
  return { aws, pair, side: 'blue', service }
}

const BEGUN: ReadonlySet<string> = new Set([
  'deployments',
  'events',
  'currentServiceDeployment',
  'currentServiceRevisions',
])

/** What is described of the side, but for the deployments that a change begins. */
function everything({ aws, pair, service }: Place): unknown {
  const elb = 'elasticloadbalancing'
  const scaling = { ServiceNamespace: 'ecs', ResourceIds: [`service/demo/${service}`] }
  const { services } = aws.byHand('ecs', 'DescribeServices', {
    cluster,
    services: [service],
    include: ['TAGS'],
  })
  const [described] = services as readonly Members[]
  const rest = Object.fromEntries(Object.entries(described ?? {}).filter(([name]) => !BEGUN.has(name)))
  const { taskDefinition } = aws.byHand('ecs', 'DescribeTaskDefinition', {
    taskDefinition: rest['taskDefinition'],
  })
  return [
    rest,
    taskDefinition,
    aws.byHand(elb, 'DescribeRules', { RuleArns: [...pair.production] }),
    aws.byHand(elb, 'DescribeTargetGroups', { TargetGroupArns: [pair.targetGroups.blue] }),
    aws.byHand(elb, 'DescribeTargetGroupAttributes', { TargetGroupArn: pair.targetGroups.blue }),
    aws.byHand(elb, 'DescribeTags', { ResourceArns: [...pair.production, pair.targetGroups.blue] }),
    aws.byHand('application-autoscaling', 'DescribeScalableTargets', scaling),
    aws.byHand('application-autoscaling', 'DescribeScalingPolicies', {
      ServiceNamespace: 'ecs',
      ResourceId: `service/demo/${service}`,
    }),
  ]
}
