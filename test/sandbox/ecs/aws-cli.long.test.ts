import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { requires } from '../../support/requires.ts'
import { fargateDefinition } from '../support/ecs-world.ts'

const run = promisify(execFile)
const sandbox = await startSandbox({ port: 0, speed: 50 })
afterAll(() => sandbox.close())

const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
}

async function aws(...words: string[]): Promise<unknown> {
  const all = [...words, '--endpoint-url', sandbox.url, '--output', 'json']
  const { stdout } = await run('aws', all, { env, timeout: 30_000 })
  return stdout === '' ? undefined : JSON.parse(stdout)
}

const cli = requires('aws')

describe.skipIf(cli.missing !== undefined)(cli.title('the AWS CLI'), () => {
  test('registers, deploys, lists and deletes', { timeout: 60_000 }, async () => {
    await aws('ecs', 'create-cluster', '--cluster-name', 'cli')
    const definition = JSON.stringify(fargateDefinition('web:v1'))
    await aws('ecs', 'register-task-definition', '--cli-input-json', definition)
    const network = 'awsvpcConfiguration={subnets=[subnet-a]}'
    const named = ['--cluster', 'cli', '--service-name', 'web', '--task-definition', 'web']
    const launch = ['--launch-type', 'FARGATE', '--desired-count', '1', '--network-configuration', network]
    await aws('ecs', 'create-service', ...named, ...launch)
    const service = ['--cluster', 'cli', '--service', 'web']
    expect(await aws('ecs', 'update-service', ...service, '--desired-count', '2')).toMatchObject({
      service: { desiredCount: 2 },
    })
    expect(await aws('ecs', 'list-services', '--cluster', 'cli')).toEqual({
      serviceArns: ['arn:aws:ecs:eu-west-1:123456789012:service/cli/web'],
    })
    expect(await aws('ecs', 'delete-service', ...service, '--force')).toMatchObject({
      service: { status: 'DRAINING' },
    })
  })

  test('prints the refusals of ECS and ECR as those of AWS', { timeout: 60_000 }, async () => {
    await expect(aws('ecs', 'list-tasks', '--cluster', 'none')).rejects.toThrow(
      'An error occurred (ClusterNotFoundException) when calling the ListTasks operation: Cluster not found.',
    )
    await expect(aws('ecr', 'list-images', '--repository-name', 'Not/Valid')).rejects.toThrow(
      'RepositoryNotFoundException',
    )
  })

  test('says who it is, and reads a role', { timeout: 60_000 }, async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' })
    expect(await aws('iam', 'get-role', '--role-name', 'execution')).toMatchObject({
      Role: { Arn: 'arn:aws:iam::123456789012:role/execution', AssumeRolePolicyDocument: { Statement: [] } },
    })
  })
})
