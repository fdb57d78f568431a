import { DescribeServicesCommand, DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs'
import { BatchGetDeploymentsCommand } from '@aws-sdk/client-codedeploy'
import type { LoadBalancer, Service } from '@aws-sdk/client-ecs'
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type {
  AdoptedListener,
  AdoptedRule,
  AdoptedService,
  AdoptedTargetGroup,
  LoadBalancerEntry,
} from '../../../core/adopt/facts.ts'
import type { CodeDeployReference } from '../../../core/code-deploy.ts'
import type { AdoptionAws } from '../../../ports/adoption.ts'
import { PortError } from '../../../ports/error.ts'
import type { ServiceReference } from '../../../ports/platform.ts'
import { objectsIn, optionalText, portOrZero, requiredText, textOrEmpty, textsIn } from '../client/members.ts'
import { plainDocument } from '../client/plain.ts'
import type { AwsTools } from '../client/tools.ts'
import { serviceFacts } from '../platform/service-facts.ts'
import { loadBalancerFacts } from '../traffic/load-balancers.ts'
import { defaultRuleFacts, ruleFacts } from '../traffic/rule-facts.ts'
import { createRuleLists } from '../traffic/rule-lists.ts'
import { targetGroupFacts } from '../traffic/target-groups.ts'

type Reads = Pick<
  AdoptionAws,
  'service' | 'imageDigests' | 'targetGroup' | 'loadBalancer' | 'listeners' | 'deploymentGroupOf'
>

/** What ECS and Elastic Load Balancing show of a service that is to be adopted. */
export function createAdoptionReads(tools: AwsTools): Reads {
  return {
    service: (reference) => readService(tools, reference),
    imageDigests: (reference) => readDigests(tools, reference),
    targetGroup: (named) => readTargetGroup(tools, named),
    loadBalancer: (arn) => readLoadBalancer(tools, arn),
    listeners: (loadBalancerArn) => readListeners(tools, loadBalancerArn),
    deploymentGroupOf: (deployment) => readDeploymentGroup(tools, deployment),
  }
}

async function readService(
  { clients, send }: AwsTools,
  { cluster, name }: ServiceReference,
): Promise<AdoptedService | null> {
  const command = new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] })
  const answer = await send('ecs:DescribeServices', (options) => clients.ecs.send(command, options))
  const service = objectsIn(answer.services, 'a list of services').find(({ status }) => status !== 'INACTIVE')
  return service === undefined ? null : { ...serviceFacts(service), loadBalancers: entriesOf(service) }
}

const entriesOf = (service: Service): AdoptedService['loadBalancers'] =>
  objectsIn(service.loadBalancers, "a service's load balancers").map((entry) => ({
    targetGroupArn: optionalText(entry.targetGroupArn, "a service's target group"),
    loadBalancerName: optionalText(entry.loadBalancerName, "a service's load balancer"),
    containerName: textOrEmpty(entry.containerName, "a service's container"),
    containerPort: portOrZero(entry.containerPort, "a service's container port"),
    ...movedOf(entry),
  }))

function movedOf({ advancedConfiguration: moved }: LoadBalancer): Pick<LoadBalancerEntry, 'moved'> {
  if (moved === undefined) return {}
  return {
    moved: {
      alternateTargetGroupArn: optionalText(moved.alternateTargetGroupArn, 'an alternate target group'),
      productionRule: optionalText(moved.productionListenerRule, 'a production rule'),
      testRule: optionalText(moved.testListenerRule, 'a test rule'),
      roleArn: optionalText(moved.roleArn, 'a role'),
    },
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const TASKS_LOOKED_AT = 100

/** Of a service with more tasks the first hundred are looked at. */
async function readDigests(
  { clients, send }: AwsTools,
  { cluster, name }: ServiceReference,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const list = new ListTasksCommand({ cluster, serviceName: name, maxResults: TASKS_LOOKED_AT })
  const { taskArns } = await send('ecs:ListTasks', (options) => clients.ecs.send(list, options))
  const tasks = [...textsIn(taskArns, 'a list of tasks')]
  if (tasks.length === 0) return {}
  const command = new DescribeTasksCommand({ cluster, tasks })
  const answer = await send('ecs:DescribeTasks', (options) => clients.ecs.send(command, options))
  const digests = new Map<string, Set<string>>()
  for (const task of objectsIn(answer.tasks, 'a list of tasks')) {
    if (task.lastStatus !== 'RUNNING') continue
    for (const { name: container = '', imageDigest } of objectsIn(task.containers, "a task's containers")) {
      const digest = optionalText(imageDigest, "a container's image digest")
      if (digest !== undefined) digests.set(container, (digests.get(container) ?? new Set()).add(digest))
    }
  }
  return Object.fromEntries([...digests].map(([container, found]) => [container, [...found].toSorted()]))
}

/** Members of a described target group that CreateTargetGroup takes. */
const TARGET_GROUP_SETTINGS = [
  'Protocol',
  'ProtocolVersion',
  'Port',
  'VpcId',
  'TargetType',
  'IpAddressType',
  'HealthCheckEnabled',
  'HealthCheckProtocol',
  'HealthCheckPort',
  'HealthCheckPath',
  'HealthCheckIntervalSeconds',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
  'Matcher',
] as const

async function readTargetGroup(
  { clients, send }: AwsTools,
  named: { readonly arn: string } | { readonly name: string },
): Promise<AdoptedTargetGroup | null> {
  const command = new DescribeTargetGroupsCommand(
    'arn' in named ? { TargetGroupArns: [named.arn] } : { Names: [named.name] },
  )
  const answer = await orNull('TargetGroupMissing', () =>
    send('elasticloadbalancing:DescribeTargetGroups', (options) => clients.elb.send(command, options)),
  )
  const [group] = objectsIn(answer?.TargetGroups, 'a list of target groups')
  if (group === undefined) return null
  const facts = targetGroupFacts(group)
  const described = await send('elasticloadbalancing:DescribeTargetGroupAttributes', (options) =>
    clients.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: facts.arn }), options),
  )
  const tagged = await send('elasticloadbalancing:DescribeTags', (options) =>
    clients.elb.send(new DescribeTagsCommand({ ResourceArns: [facts.arn] }), options),
  )
  const tags = objectsIn(tagged.TagDescriptions, 'a list of tags').flatMap(({ Tags }) =>
    objectsIn(Tags, 'a list of tags'),
  )
  return {
    ...facts,
    settings: plainDocument(Object.fromEntries(TARGET_GROUP_SETTINGS.map((name) => [name, group[name]]))),
    attributes: recordOf(objectsIn(described.Attributes, 'a list of attributes')),
    tags: recordOf(tags),
  }
}

const recordOf = (
  pairs: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.map(({ Key, Value }) => [requiredText(Key, 'a key'), textOrEmpty(Value, 'a value')]),
  )

async function readLoadBalancer({ clients, send }: AwsTools, arn: string): ReturnType<Reads['loadBalancer']> {
  const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })
  const answer = await orNull('LoadBalancerMissing', () =>
    send('elasticloadbalancing:DescribeLoadBalancers', (options) => clients.elb.send(command, options)),
  )
  const [described] = objectsIn(answer?.LoadBalancers, 'a list of load balancers')
  return described === undefined ? null : loadBalancerFacts(described)
}

async function readListeners(tools: AwsTools, loadBalancerArn: string): Promise<readonly AdoptedListener[]> {
  const lists = createRuleLists(tools)
  const listeners = await lists.listeners(loadBalancerArn)
  return Promise.all(
    listeners.map(async (listener) =>
      adoptedListener(listener, await lists.rulesOf(requiredText(listener.ListenerArn, "a listener's ARN"))),
    ),
  )
}

function adoptedListener(listener: Listener, rules: readonly Rule[]): AdoptedListener {
  const byDefault = defaultRuleFacts(listener)
  const { SslPolicy, Certificates, AlpnPolicy } = listener
  return {
    arn: byDefault.listenerArn,
    port: byDefault.port,
    protocol: byDefault.protocol,
    settings: plainDocument({
      SslPolicy,
      AlpnPolicy,
      Certificates: Certificates?.map(({ CertificateArn }) => ({ CertificateArn })),
    }),
    rules: [
      { rule: byDefault, priority: undefined },
      ...rules.filter(({ IsDefault }) => IsDefault !== true).map((rule) => adoptedRule(listener, rule)),
    ],
  }
}

function adoptedRule(listener: Listener, rule: Rule): AdoptedRule {
  const priority = Number(rule.Priority)
  return { rule: ruleFacts(listener, rule), priority: Number.isSafeInteger(priority) ? priority : undefined }
}

async function readDeploymentGroup(
  { clients, send }: AwsTools,
  deployment: string,
): Promise<CodeDeployReference | undefined> {
  const command = new BatchGetDeploymentsCommand({ deploymentIds: [deployment] })
  const answer = await send('codedeploy:BatchGetDeployments', (options) =>
    clients.codeDeploy.send(command, options),
  )
  const [info] = objectsIn(answer.deploymentsInfo, 'a list of deployments')
  const application = optionalText(info?.applicationName, "a deployment's application")
  const deploymentGroup = optionalText(info?.deploymentGroupName, "a deployment's group")
  if (application === undefined || deploymentGroup === undefined) return undefined
  return { application, deploymentGroup }
}

async function orNull<Answer>(code: string, read: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PortError && error.code === code) return null
    throw error
  }
}
