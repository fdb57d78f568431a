import { INVOCATION_MS } from '../../../core/gate/timing.ts'

/** One AWS throttling bucket of an account and region: `burst` calls at once, then `perSecond`. */
export interface BucketSize {
  readonly burst: number
  readonly perSecond: number
  /** Of the burst, for calls that can't wait: others find the bucket empty when so many are left. */
  readonly kept?: number
}

/**
 * The throttling buckets that AWS keeps per account and region, reads and writes apart. Those that the traffic's way back draws on keep some back for it: one
 * takes four reads of ECS at most, three of ELB, one of autoscaling, and a write of ELB for each rule.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/api-throttling.html
 * https://docs.aws.amazon.com/general/latest/gr/arg.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */
export const buckets = {
  EcsServiceReads: { burst: 100, perSecond: 20, kept: 20 },
  EcsServiceWrites: { burst: 50, perSecond: 5 },
  EcsServiceDeploymentReads: { burst: 50, perSecond: 20 },
  EcsServiceRevisionReads: { burst: 50, perSecond: 20 },
  EcsTaskDefinitionReads: { burst: 50, perSecond: 20 },
  EcsTaskDefinitionWrites: { burst: 20, perSecond: 1 },
  EcsTagWrites: { burst: 20, perSecond: 10 },
  EcsTaskWrites: { burst: 100, perSecond: 20 },
  EcsTaskReads: { burst: 100, perSecond: 20, kept: 20 },
  EcsContainerInstanceReads: { burst: 50, perSecond: 20 },
  ElbReads: { burst: 40, perSecond: 10, kept: 12 },
  ElbWrites: { burst: 20, perSecond: 3, kept: 6 },
  EcrReads: { burst: 50, perSecond: 20 },
  StsCalls: { burst: 20, perSecond: 10 },
  TaggingReads: { burst: 10, perSecond: 5 },
  ScalingReads: { burst: 10, perSecond: 10, kept: 2 },
  ScalingWrites: { burst: 10, perSecond: 10 },
  CloudWatchAlarmReads: { burst: 9, perSecond: 9 },
  CloudWatchDataReads: { burst: 50, perSecond: 50 },
  SchedulerReads: { burst: 50, perSecond: 50 },
  SchedulerWrites: { burst: 10, perSecond: 10 },
  LambdaInvocations: { burst: 20, perSecond: 10 },
  TrailLookups: { burst: 2, perSecond: 2 },
  CodeDeployReads: { burst: 10, perSecond: 5 },
  CodeDeployWrites: { burst: 5, perSecond: 2 },
  SqsCalls: { burst: 40, perSecond: 20 },
} as const satisfies Record<string, BucketSize>

/** SQS answers after 20 seconds when no message comes; the rest is the way there and back. */
export const LONG_POLL_MS = 25_000

export type BucketName = keyof typeof buckets

/** What the sender and the IAM policy have to know of one operation. */
export interface OperationTraits {
  readonly bucket: BucketName
  readonly writes: boolean
  /** How long one attempt may last, in milliseconds, where that is longer than other calls may. Whoever asks for one asks again, so there is one attempt only. */
  readonly longMs?: number
  /** IAM actions that the call needs; the first one is the operation's own. Empty where AWS asks for none. */
  readonly permissions: readonly string[]
}

const read = (bucket: BucketName, ...permissions: string[]): OperationTraits => ({
  bucket,
  writes: false,
  permissions,
})
const write = (bucket: BucketName, ...permissions: string[]): OperationTraits => ({
  bucket,
  writes: true,
  permissions,
})

/**
 * Every AWS operation that Steersman's adapter calls, as `<service>:<Operation>`. The sender takes nothing else, and the
 * shipped IAM policy allows exactly the permissions named here. Roles are passed with RegisterTaskDefinition and RunTask, with
 * the volumes and Service Connect certificates of a service, and with the target of a schedule.
 */
export const operations = {
  'sts:GetCallerIdentity': read('StsCalls'),
  'sts:AssumeRole': read('StsCalls', 'sts:AssumeRole'),
  'ecs:ListServices': read('EcsServiceReads', 'ecs:ListServices'),
  'ecs:DescribeServices': read('EcsServiceReads', 'ecs:DescribeServices'),
  'ecs:DescribeServiceRevisions': read('EcsServiceRevisionReads', 'ecs:DescribeServiceRevisions'),
  'ecs:DescribeServiceDeployments': read('EcsServiceDeploymentReads', 'ecs:DescribeServiceDeployments'),
  'ecs:ContinueServiceDeployment': write('EcsServiceWrites', 'ecs:ContinueServiceDeployment'),
  'ecs:StopServiceDeployment': write('EcsServiceWrites', 'ecs:StopServiceDeployment'),
  'ecs:ListTasks': read('EcsTaskReads', 'ecs:ListTasks'),
  'ecs:DescribeTasks': read('EcsTaskReads', 'ecs:DescribeTasks'),
  'ecs:DescribeContainerInstances': read('EcsContainerInstanceReads', 'ecs:DescribeContainerInstances'),
  'ecs:DescribeTaskDefinition': read('EcsTaskDefinitionReads', 'ecs:DescribeTaskDefinition'),
  'ecs:RegisterTaskDefinition': write(
    'EcsTaskDefinitionWrites',
    'ecs:RegisterTaskDefinition',
    'ecs:TagResource',
    'iam:PassRole',
  ),
  'ecs:CreateService': write('EcsServiceWrites', 'ecs:CreateService', 'ecs:TagResource', 'iam:PassRole'),
  'ecs:UpdateService': write('EcsServiceWrites', 'ecs:UpdateService', 'iam:PassRole'),
  'ecs:RunTask': write('EcsTaskWrites', 'ecs:RunTask', 'ecs:TagResource', 'iam:PassRole'),
  'ecs:StopTask': write('EcsTaskWrites', 'ecs:StopTask'),
  'ecs:TagResource': write('EcsTagWrites', 'ecs:TagResource'),
  'ecs:UntagResource': write('EcsTagWrites', 'ecs:UntagResource'),
  'elasticloadbalancing:DescribeLoadBalancers': read(
    'ElbReads',
    'elasticloadbalancing:DescribeLoadBalancers',
  ),
  'elasticloadbalancing:DescribeTargetGroups': read('ElbReads', 'elasticloadbalancing:DescribeTargetGroups'),
  'elasticloadbalancing:DescribeListeners': read('ElbReads', 'elasticloadbalancing:DescribeListeners'),
  'elasticloadbalancing:DescribeRules': read('ElbReads', 'elasticloadbalancing:DescribeRules'),
  'elasticloadbalancing:DescribeTargetHealth': read('ElbReads', 'elasticloadbalancing:DescribeTargetHealth'),
  'elasticloadbalancing:ModifyListener': write('ElbWrites', 'elasticloadbalancing:ModifyListener'),
  'elasticloadbalancing:ModifyRule': write('ElbWrites', 'elasticloadbalancing:ModifyRule'),
  'elasticloadbalancing:DescribeTargetGroupAttributes': read(
    'ElbReads',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
  ),
  'elasticloadbalancing:DescribeTags': read('ElbReads', 'elasticloadbalancing:DescribeTags'),
  'elasticloadbalancing:AddTags': write('ElbWrites', 'elasticloadbalancing:AddTags'),
  'elasticloadbalancing:CreateTargetGroup': write(
    'ElbWrites',
    'elasticloadbalancing:CreateTargetGroup',
    'elasticloadbalancing:AddTags',
  ),
  'elasticloadbalancing:ModifyTargetGroupAttributes': write(
    'ElbWrites',
    'elasticloadbalancing:ModifyTargetGroupAttributes',
  ),
  'elasticloadbalancing:CreateListener': write(
    'ElbWrites',
    'elasticloadbalancing:CreateListener',
    'elasticloadbalancing:AddTags',
  ),
  'elasticloadbalancing:CreateRule': write(
    'ElbWrites',
    'elasticloadbalancing:CreateRule',
    'elasticloadbalancing:AddTags',
  ),
  'application-autoscaling:DescribeScalableTargets': read(
    'ScalingReads',
    'application-autoscaling:DescribeScalableTargets',
  ),
  'application-autoscaling:DescribeScalingPolicies': read(
    'ScalingReads',
    'application-autoscaling:DescribeScalingPolicies',
  ),
  'application-autoscaling:RegisterScalableTarget': write(
    'ScalingWrites',
    'application-autoscaling:RegisterScalableTarget',
  ),
  'ecr:BatchGetImage': read('EcrReads', 'ecr:BatchGetImage'),
  'ecr:DescribeImageScanFindings': read('EcrReads', 'ecr:DescribeImageScanFindings'),
  'cloudwatch:DescribeAlarms': read('CloudWatchAlarmReads', 'cloudwatch:DescribeAlarms'),
  'cloudwatch:GetMetricData': read('CloudWatchDataReads', 'cloudwatch:GetMetricData'),
  'lambda:Invoke': { ...read('LambdaInvocations', 'lambda:InvokeFunction'), longMs: INVOCATION_MS },
  'scheduler:GetSchedule': read('SchedulerReads', 'scheduler:GetSchedule'),
  'scheduler:UpdateSchedule': write('SchedulerWrites', 'scheduler:UpdateSchedule', 'iam:PassRole'),
  'codedeploy:GetDeploymentGroup': read('CodeDeployReads', 'codedeploy:GetDeploymentGroup'),
  'codedeploy:ListDeployments': read('CodeDeployReads', 'codedeploy:ListDeployments'),
  'codedeploy:BatchGetDeployments': read('CodeDeployReads', 'codedeploy:BatchGetDeployments'),
  'codedeploy:CreateDeployment': write(
    'CodeDeployWrites',
    'codedeploy:CreateDeployment',
    'codedeploy:GetDeploymentConfig',
    'codedeploy:RegisterApplicationRevision',
  ),
  'codedeploy:ContinueDeployment': write('CodeDeployWrites', 'codedeploy:ContinueDeployment'),
  'codedeploy:StopDeployment': write('CodeDeployWrites', 'codedeploy:StopDeployment'),
  // A message that is taken off changes nothing that anybody looks at, and may be taken off again.
  'sqs:ReceiveMessage': { ...read('SqsCalls', 'sqs:ReceiveMessage'), longMs: LONG_POLL_MS },
  'sqs:DeleteMessageBatch': read('SqsCalls', 'sqs:DeleteMessage'),
  'cloudtrail:LookupEvents': read('TrailLookups', 'cloudtrail:LookupEvents'),
  'tag:GetResources': read('TaggingReads', 'tag:GetResources'),
} as const satisfies Record<string, OperationTraits>

export type OperationName = keyof typeof operations

interface Labels {
  readonly service: string
  readonly operation: string
}

const labels = Object.fromEntries(
  Object.keys(operations).map((name): [string, Labels] => {
    const [service = '', operation = ''] = name.split(':')
    return [name, { service, operation }]
  }),
) as Readonly<Record<OperationName, Labels>>

/** Splits an operation's key into the two labels that events and metrics carry. */
export function operationLabels(name: OperationName): Labels {
  return labels[name]
}
