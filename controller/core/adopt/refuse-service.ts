import type { AdoptedService, AdoptionFacts } from './facts.ts'
import { engineOf, strategyOf } from './moved.ts'
import { containersOf } from './same-content.ts'
import type { Refusal } from './refusal.ts'
import { when } from './refusal.ts'

/** What of a service keeps it from being one side of a pair. */
export function refuseService(service: AdoptedService, facts: AdoptionFacts): readonly Refusal[] {
  return [
    ...refuseDeployments(service),
    ...refuseCallers(service),
    ...refuseLoadBalancers(service),
    ...refuseCount(service),
    ...refuseContent(facts),
  ]
}

const textAt = (value: unknown, key: string): string | undefined => {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof member === 'string' ? member : undefined
}

function refuseDeployments(service: AdoptedService): readonly Refusal[] {
  const { name, settings, deployments, status } = service
  const engine = engineOf(service)
  const controller = textAt(settings['deploymentController'], 'type') ?? 'ECS'
  const configuration = settings['deploymentConfiguration']
  const strategy = strategyOf(settings)
  const scheduling = settings['schedulingStrategy'] ?? 'REPLICA'
  const isUnderWay = deployments.some(
    ({ status: of, rolloutState }) => of !== 'PRIMARY' || rolloutState === 'IN_PROGRESS',
  )
  const hasFailed = deployments.some(({ rolloutState }) => rolloutState === 'FAILED')
  return [
    ...when(
      status !== 'ACTIVE',
      'ServiceNotActive',
      `service ${name} is ${status}`,
      'name a service that is ACTIVE',
    ),
    ...when(
      controller !== 'ECS' && engine !== 'CodeDeploy',
      'DeploymentControllerNotSupported',
      `service ${name} has the deployment controller ${controller}, which ECS never changes`,
      'make a service with the controller ECS beside it, move the traffic there, and adopt that one',
    ),
    ...when(
      strategy !== 'ROLLING' && engine !== 'Native',
      'DeploymentStrategyNotSupported',
      `service ${name} has ECS's own deployment strategy ${strategy}, and no target groups between which it moves the traffic`,
      `set it back: aws ecs update-service --service ${name} --deployment-configuration strategy=ROLLING`,
    ),
    ...when(
      hasAlarms(configuration),
      'DeploymentAlarms',
      `deployments of service ${name} have alarms by which ECS goes back by itself`,
      'turn them off (deploymentConfiguration.alarms.enable false), and give the release a gate with these alarms',
    ),
    ...when(
      scheduling !== 'REPLICA',
      'SchedulingNotSupported',
      `service ${name} is a daemon, which has no two sides`,
      'adopt services with the scheduling strategy REPLICA',
    ),
    ...when(
      isUnderWay,
      'DeploymentUnderWay',
      `service ${name} is being deployed`,
      'wait until the deployment is COMPLETED, and ask again',
    ),
    ...when(
      hasFailed && !isUnderWay,
      'DeploymentFailed',
      `the last deployment of service ${name} failed`,
      'deploy a version that starts, and ask again',
    ),
  ]
}

function hasAlarms(configuration: unknown): boolean {
  const alarms: unknown =
    typeof configuration === 'object' && configuration !== null ? Reflect.get(configuration, 'alarms') : null
  return typeof alarms === 'object' && alarms !== null && Reflect.get(alarms, 'enable') === true
}

/** Who else calls the service's tasks would reach both sides of a pair, or lose it. */
function refuseCallers({ name, settings }: AdoptedService): readonly Refusal[] {
  const connect: unknown = settings['serviceConnectConfiguration']
  const isConnected =
    typeof connect === 'object' && connect !== null && Reflect.get(connect, 'enabled') === true
  return [
    ...when(
      isFilled(settings['serviceRegistries']),
      'CloudMap',
      `service ${name} is registered in Cloud Map, which would send calls to both sides`,
      'let callers come through the load balancer, and make the service without service registries',
    ),
    ...when(
      isConnected,
      'ServiceConnect',
      `service ${name} takes part in Service Connect, which a pair can't`,
      'let callers come through the load balancer, and turn Service Connect off for this service',
    ),
    ...when(
      isFilled(settings['vpcLatticeConfigurations']),
      'VpcLattice',
      `service ${name} is a target of VPC Lattice, which would send calls to both sides`,
      'let callers come through the load balancer, and take vpcLatticeConfigurations away',
    ),
  ]
}

const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0

function refuseLoadBalancers({ name, loadBalancers }: AdoptedService): readonly Refusal[] {
  const isClassic = loadBalancers.some(({ targetGroupArn }) => targetGroupArn === undefined)
  return [
    ...when(
      loadBalancers.length === 0,
      'NoTargetGroup',
      `service ${name} has no target group, so nothing could move its traffic`,
      'put it behind an application load balancer first; for workers write a release with strategy.type Rolling',
    ),
    ...when(
      loadBalancers.length > 1,
      'SeveralLoadBalancers',
      `service ${name} registers its tasks in ${loadBalancers.length} target groups; a side of a pair has one`,
      'leave it one target group with the rules of all the traffic, or split the service',
    ),
    ...when(
      isClassic,
      'ClassicLoadBalancer',
      `service ${name} is behind a classic load balancer, which has no rules`,
      'put it behind an application load balancer first',
    ),
  ]
}

function refuseCount({ name, desiredCount, runningCount }: AdoptedService): readonly Refusal[] {
  return when(
    desiredCount === 0 || runningCount < desiredCount,
    'NotServing',
    `service ${name} runs ${runningCount} of ${desiredCount} tasks`,
    'adopt it while it serves: bring it to its count first',
  )
}

function refuseContent({ service, taskDefinition, imageDigests }: AdoptionFacts): readonly Refusal[] {
  if (taskDefinition?.status !== 'ACTIVE')
    return when(
      true,
      'TaskDefinitionNotActive',
      `the task definition ${service?.taskDefinition ?? ''} is not active`,
      'deploy an active revision, so that it can be gone back to, and ask again',
    )
  const container = service?.loadBalancers[0]?.containerName ?? ''
  const isThere = containersOf(taskDefinition.document).some(({ name }) => name === container)
  const digests = imageDigests[container] ?? []
  return when(
    isThere && digests.length > 1,
    'SeveralImages',
    `the tasks run ${digests.length} contents of one tag in container ${container}: it was moved while they ran`,
    'start them anew (aws ecs update-service --force-new-deployment), and ask again',
  )
}
