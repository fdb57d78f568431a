interface Forbidden {
  because: string
  instead: string
}

const SET_BY_STEERSMAN = 'Steersman sets it for each side'

/** Fields of CreateService that a release may not set, by ECS's names, and why. */
const SERVICE_SETTINGS: ReadonlyMap<string, Forbidden> = new Map([
  ['cluster', { because: 'both services live in one cluster', instead: 'service.cluster' }],
  ['serviceName', { because: SET_BY_STEERSMAN, instead: 'service.names' }],
  ['taskDefinition', { because: SET_BY_STEERSMAN, instead: 'spec.taskDefinition' }],
  ['desiredCount', { because: SET_BY_STEERSMAN, instead: 'service.desiredCount' }],
  ['loadBalancers', { because: SET_BY_STEERSMAN, instead: 'traffic.targetGroups' }],
  ['role', { because: 'ECS uses its service-linked role', instead: 'no role' }],
  ['clientToken', { because: SET_BY_STEERSMAN, instead: 'no token' }],
  ['deploymentController', { because: 'the engine decides it', instead: 'spec.engine' }],
  [
    'serviceRegistries',
    { because: 'Cloud Map would send calls to both sides', instead: 'the load balancer alone' },
  ],
  [
    'serviceConnectConfiguration',
    { because: 'Service Connect would send calls to both sides', instead: 'the load balancer alone' },
  ],
  [
    'vpcLatticeConfigurations',
    { because: 'VPC Lattice would send calls to both sides', instead: 'the load balancer alone' },
  ],
])

/** Fields of ECS's deploymentConfiguration that belong to ECS's own strategies. */
const DEPLOYMENT_CONFIGURATION: ReadonlyMap<string, Forbidden> = new Map([
  ['strategy', { because: 'Steersman moves the traffic, ECS does not', instead: 'spec.strategy' }],
  ['bakeTimeInMinutes', { because: 'Steersman bakes, ECS does not', instead: 'strategy.bake' }],
  ['lifecycleHooks', { because: 'hooks belong to the strategies of ECS', instead: 'spec.gates' }],
  ['linearConfiguration', { because: 'it belongs to the strategies of ECS', instead: 'spec.strategy' }],
  ['canaryConfiguration', { because: 'it belongs to the strategies of ECS', instead: 'spec.strategy' }],
  ['alarms', { because: 'ECS would roll a side back by itself', instead: 'a gate with alarms' }],
  ['deploymentCircuitBreaker', { because: 'Steersman turns it on with rollback off', instead: 'nothing' }],
])

/** Why a known field may not stand where it stands; undefined for a field that is simply unknown. */
export function forbiddenReason({
  path,
  name,
  owner,
}: {
  path: string
  name: string
  owner: string | undefined
}): Forbidden | undefined {
  if (owner === 'ServiceSettings') return SERVICE_SETTINGS.get(name)
  if (owner === 'DeploymentConfiguration') return DEPLOYMENT_CONFIGURATION.get(name)
  if (path === '' && name === 'status') return { because: 'Steersman writes it', instead: 'no status' }
  return undefined
}
