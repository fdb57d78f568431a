import { IMAGE_REPOSITORY } from './shape.ts'

/** How a worker of a scenario differs from the usual one. */
export interface WorkerVariant {
  readonly version: string
  readonly release?: string
  /** Null leaves it out. */
  readonly desiredCount?: number | null
  readonly bake?: string
  readonly deadline?: string
  readonly name?: string
  /** `spec.gates` as YAML flow. */
  readonly gates?: string | undefined
  readonly supersede?: string | undefined
  /** `spec.pin` as YAML flow. */
  readonly pin?: string | undefined
}

/** What a developer of a queue consumer would have committed: a rolling release without a load balancer. */
export function workerFiles(variant: WorkerVariant): Record<string, string> {
  const { version, release = 'web', desiredCount = 2, bake = '100ms', deadline = '2m' } = variant
  const lines = [
    'apiVersion: steersman.dev/v1alpha1',
    'kind: Release',
    `metadata: { name: ${release} }`,
    'spec:',
    ...(variant.pin === undefined ? [] : [`  pin: ${variant.pin}`]),
    `  image: { repository: ${IMAGE_REPOSITORY}, tag: ${version} }`,
    `  taskDefinition: { file: taskdefs/${release}.json }`,
    '  service:',
    '    cluster: demo',
    ...(variant.name === undefined ? [] : [`    name: ${variant.name}`]),
    ...(desiredCount === null ? [] : [`    desiredCount: ${desiredCount}`]),
    '    settings:',
    '      launchType: FARGATE',
    '      networkConfiguration: { awsvpcConfiguration: { subnets: [subnet-demo], securityGroups: [sg-demo] } }',
    `  strategy: { type: Rolling, bake: ${bake}, deadline: ${deadline}, supersede: ${variant.supersede ?? 'BeforeShift'} }`,
    ...(variant.gates === undefined ? [] : [`  gates: ${variant.gates}`]),
  ]
  const taskDefinition = {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
    containerDefinitions: [{ name: release, essential: true }],
  }
  return {
    [`deploy/releases/${release}.yaml`]: `${lines.join('\n')}\n`,
    [`deploy/taskdefs/${release}.json`]: JSON.stringify(taskDefinition),
  }
}
