import type { Members } from '../kernel/operation.ts'
import { optionalRecord, optionalRecords, optionalText, present } from '../members.ts'
import { isEcrImage } from './task-definition-validation.ts'

const EMPTY_LISTS = ['portMappings', 'environment', 'mountPoints', 'volumesFrom', 'systemControls']

/** A container definition as DescribeTaskDefinition shows it: what the request said and what AWS fills in. */
export function withContainerDefaults(container: Members, networkMode: string): Members {
  const filled: Members = { essential: true, ...present(container), cpu: container['cpu'] ?? 0 }
  for (const name of EMPTY_LISTS) filled[name] = container[name] ?? []
  filled['portMappings'] = (optionalRecords(container, 'portMappings') ?? []).map((mapping) => ({
    ...present(mapping),
    hostPort: mapping['hostPort'] ?? (networkMode === 'bridge' ? 0 : mapping['containerPort']),
    protocol: mapping['protocol'] ?? 'tcp',
  }))
  const healthCheck = optionalRecord(container, 'healthCheck')
  if (healthCheck !== undefined) {
    filled['healthCheck'] = { interval: 30, timeout: 5, retries: 3, ...present(healthCheck) }
  }
  return filled
}

/** Which launch types could run the task definition; a Fargate task has a network interface of its own. */
export function compatibilities(members: Members, requested: readonly string[]): string[] {
  const fargate = requested.includes('FARGATE') || couldBeFargate(members)
  const external = requested.includes('EXTERNAL')
  return ['EC2', ...(fargate ? ['FARGATE'] : []), ...(external ? ['EXTERNAL'] : [])]
}

function couldBeFargate(members: Members): boolean {
  return (
    members['networkMode'] === 'awsvpc' && members['cpu'] !== undefined && members['memory'] !== undefined
  )
}

/** The agent capabilities that ECS derives from what the containers use. */
export function requiredAttributes(members: Members, containers: readonly Members[]): Members[] {
  const hasExecutionRole = members['executionRoleArn'] !== undefined
  const usesEcr = containers.some((container) => isEcrImage(optionalText(container, 'image') ?? ''))
  const logs = containers.map((container) => optionalRecord(container, 'logConfiguration')?.['logDriver'])
  const usesAwsLogs = logs.includes('awslogs')
  const has = (name: string): boolean => containers.some((container) => container[name] !== undefined)
  const capability = (condition: boolean, ...names: string[]): string[] => (condition ? names : [])
  return [
    ...capability(usesAwsLogs, 'com.amazonaws.ecs.capability.logging-driver.awslogs'),
    ...capability(usesAwsLogs && hasExecutionRole, 'ecs.capability.execution-role-awslogs'),
    ...capability(usesEcr, 'com.amazonaws.ecs.capability.ecr-auth'),
    ...capability(usesAwsLogs, 'com.amazonaws.ecs.capability.docker-remote-api.1.19'),
    ...capability(usesEcr && hasExecutionRole, 'ecs.capability.execution-role-ecr-pull'),
    ...capability(members['taskRoleArn'] !== undefined, 'com.amazonaws.ecs.capability.task-iam-role'),
    ...capability(has('healthCheck'), 'ecs.capability.container-health-check'),
    ...capability(has('secrets'), 'ecs.capability.secrets.asm.environment-variables'),
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
    ...capability(members['networkMode'] === 'awsvpc', 'ecs.capability.task-eni'),
  ].map((name) => ({ name }))
}
