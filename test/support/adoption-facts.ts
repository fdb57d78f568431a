import type { AdoptionWishes } from '../../controller/core/adopt.ts'
import type { Adoptable } from '../../controller/core/adopt/release-document.ts'
import type { AdoptedService, AdoptedTargetGroup } from '../../controller/core/adopt/facts.ts'
import type { RuleFacts } from '../../controller/core/observation.ts'

const ELB = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'
const ECS = 'arn:aws:ecs:eu-west-1:123456789012'
export const BLUE_GROUP = `${ELB}:targetgroup/shop/0123456789abcdef`
export const LISTENER = `${ELB}:listener/app/shop/1/2`
export const DIGEST = `sha256:${'a'.repeat(64)}`
export const REPOSITORY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop'
export const REVISION = `${ECS}:task-definition/shop:7`

export const wishes: AdoptionWishes = {
  cluster: 'prod',
  service: 'shop',
  environment: 'prod',
  release: undefined,
  testPort: undefined,
  isAutoscaled: false,
  greenService: undefined,
  greenTargetGroup: undefined,
}

const service: AdoptedService = {
  arn: `${ECS}:service/prod/shop`,
  name: 'shop',
  cluster: 'prod',
  status: 'ACTIVE',
  taskDefinition: REVISION,
  desiredCount: 3,
  runningCount: 3,
  pendingCount: 0,
  targetGroupArns: [BLUE_GROUP],
  deployments: [
    {
      id: 'ecs-svc/1',
      status: 'PRIMARY',
      taskDefinition: REVISION,
      rolloutState: 'COMPLETED',
      rolloutStateReason: undefined,
      failedTasks: 0,
      createdAt: 0,
    },
  ],
  events: [],
  settings: {
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 50 },
    schedulingStrategy: 'REPLICA',
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    placementConstraints: [],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-1'],
        securityGroups: ['sg-1'],
        assignPublicIp: 'DISABLED',
      },
    },
  },
  tags: { team: 'shop', 'aws:cloudformation:stack-name': 'shop' },
  loadBalancers: [
    { targetGroupArn: BLUE_GROUP, loadBalancerName: undefined, containerName: 'app', containerPort: 8080 },
  ],
}

export const targetGroup: AdoptedTargetGroup = {
  arn: BLUE_GROUP,
  name: 'shop',
  targetType: 'ip',
  port: 8080,
  protocol: 'HTTP',
  loadBalancerArns: [`${ELB}:loadbalancer/app/shop/1`],
  settings: {
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    HealthCheckPath: '/healthz',
    HealthCheckIntervalSeconds: 10,
    Matcher: { HttpCode: '200-299' },
  },
  attributes: { 'deregistration_delay.timeout_seconds': '30', 'slow_start.duration_seconds': '0' },
  tags: { team: 'shop' },
}

/** The listener's default action, which answers 404 in most shops. */
export const defaultRule: RuleFacts = {
  arn: LISTENER,
  kind: 'ListenerDefault',
  listenerArn: LISTENER,
  port: 443,
  protocol: 'HTTPS',
  weights: [],
  stickiness: { enabled: false, durationSeconds: undefined },
  actions: [{ Type: 'fixed-response' }],
  conditions: [],
}

/** A rule of the listener for the host and path, or for either. */
export const ruleFor = (
  id: string,
  { host, path }: { readonly host?: string; readonly path?: string },
): RuleFacts => ({
  ...defaultRule,
  arn: `${LISTENER.replace(':listener/', ':listener-rule/')}/${id}`,
  kind: 'Rule',
  weights: [{ targetGroupArn: BLUE_GROUP, weight: 1 }],
  actions: [{ Type: 'forward', TargetGroupArn: BLUE_GROUP }],
  conditions: [
    ...(host === undefined
      ? []
      : [{ Field: 'host-header', Values: [host], HostHeaderConfig: { Values: [host] } }]),
    ...(path === undefined
      ? []
      : [{ Field: 'path-pattern', Values: [path], PathPatternConfig: { Values: [path] } }]),
  ],
})

/** A service behind one rule of a listener that has others, as it can be adopted. */
export const adoptable: Adoptable = {
  service,
  scaling: undefined,
  taskDefinition: {
    arn: REVISION,
    family: 'shop',
    revision: 7,
    status: 'ACTIVE',
    document: {
      taskDefinitionArn: REVISION,
      family: 'shop',
      revision: 7,
      status: 'ACTIVE',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      volumes: [],
      executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
      containerDefinitions: [
        {
          name: 'app',
          image: `${REPOSITORY}:1.4`,
          essential: true,
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
          environment: [
            { name: 'GREETING', value: 'hello ${you}' },
            { name: 'DB_PASSWORD', value: 'correct horse' },
          ],
          mountPoints: [],
        },
        { name: 'proxy', image: 'envoyproxy/envoy:v1.30', essential: false },
      ],
    },
    tags: { team: 'shop' },
  },
  imageDigests: { app: [DIGEST] },
  imageTagDigest: DIGEST,
  targetGroup,
  foreignTargets: [],
  loadBalancer: {
    arn: `${ELB}:loadbalancer/app/shop/1`,
    name: 'shop',
    dnsName: 'shop.example',
    type: 'application',
  },
  listeners: [
    {
      arn: LISTENER,
      port: 443,
      protocol: 'HTTPS',
      settings: { Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' }] },
      rules: [
        { rule: defaultRule, priority: undefined },
        { rule: ruleFor('10', { host: 'shop.example.com', path: '/*' }), priority: 10 },
      ],
    },
  ],
  second: { service: null, targetGroup: null },
}
