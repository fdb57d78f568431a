import { IMAGE_REPOSITORY } from './shape.ts'
import type { Surroundings } from './surroundings.ts'

/** How a release of ECS's own engine differs from the usual one. */
export interface NativeVariant {
  readonly version: string
  readonly release?: string
  readonly desiredCount?: number
  readonly bake?: string
  readonly deadline?: string
  /** `spec.strategy`'s type and pace as YAML flow members. */
  readonly pace?: string
  /** `spec.gates` as YAML flow. */
  readonly gates?: string
  readonly supersede?: string
  readonly loadBalancer?: string
  readonly host?: string
  /** `spec.pin` as YAML flow. */
  readonly pin?: string
}

const ENGINE_ROLE = 'arn:aws:iam::123456789012:role/ecs-traffic'

/** What a developer whose traffic ECS itself moves would have committed. */
export function nativeFiles(variant: NativeVariant): Record<string, string> {
  const { version, release = 'web', desiredCount = 2, bake = '100ms', deadline = '2m' } = variant
  const { pace = 'type: BlueGreen', supersede = 'BeforeShift', loadBalancer = 'demo' } = variant
  const named = variant.host === undefined ? 'path: "/*"' : `host: ${variant.host}`
  const lines = [
    'apiVersion: steersman.dev/v1alpha1',
    'kind: Release',
    `metadata: { name: ${release} }`,
    'spec:',
    '  engine: Native',
    ...(variant.pin === undefined ? [] : [`  pin: ${variant.pin}`]),
    `  engineRoleArn: ${ENGINE_ROLE}`,
    `  image: { repository: ${IMAGE_REPOSITORY}, tag: ${version} }`,
    `  taskDefinition: { file: taskdefs/${release}.json }`,
    '  service:',
    '    cluster: demo',
    `    desiredCount: ${desiredCount}`,
    '    settings:',
    '      launchType: FARGATE',
    '      networkConfiguration: { awsvpcConfiguration: { subnets: [subnet-demo], securityGroups: [sg-demo] } }',
    '  traffic:',
    `    loadBalancer: ${loadBalancer}`,
    `    rule: { port: 80, ${named} }`,
    `    test: { port: 8081, ${named} }`,
    `    targetGroups: { blue: ${release}-blue, green: ${release}-green }`,
    `  strategy: { ${pace}, bake: ${bake}, deadline: ${deadline}, supersede: ${supersede} }`,
    `  gates: ${variant.gates ?? '[{ name: smoke, when: Verify, http: { path: /, successes: 2, interval: 100ms }, timeout: 30s }]'}`,
  ]
  const taskDefinition = {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
    containerDefinitions: [{ name: release, essential: true, portMappings: [{ containerPort: 8080 }] }],
  }
  return {
    [`deploy/releases/${release}.yaml`]: `${lines.join('\n')}\n`,
    [`deploy/taskdefs/${release}.json`]: JSON.stringify(taskDefinition),
  }
}

/** Rules of the pair's two listeners with conditions of their own: ECS moves the traffic of no default action. */
export function makeRules(machine: Surroundings): void {
  const { elb } = machine.sandbox.world
  const group = elb.tables.targetGroups.list().find(({ name }) => name === 'web-blue')?.arn
  for (const port of [80, 8081])
    machine.byHand({
      service: 'elasticloadbalancing',
      operation: 'CreateRule',
      input: {
        ListenerArn: elb.tables.listeners.list().find((listener) => listener.port === port)?.arn,
        Priority: 10,
        Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
        Actions: [{ Type: 'forward', TargetGroupArn: group }],
      },
    })
}
