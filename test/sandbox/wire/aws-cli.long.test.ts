import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { requires } from '../../support/requires.ts'
import { textAt } from '../support/elb-world.ts'

const run = promisify(execFile)
const sandbox = await startSandbox({ port: 0 })
afterAll(() => sandbox.close())

const environment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
}

async function aws(...words: string[]): Promise<unknown> {
  const all = [...words, '--endpoint-url', sandbox.url, '--output', 'json']
  const { stdout } = await run('aws', all, { env: environment, timeout: 15_000 })
  return stdout === '' ? undefined : JSON.parse(stdout)
}

const cli = requires('aws')

describe.skipIf(cli.missing !== undefined)(cli.title('the AWS CLI'), () => {
  test('makes a listener over a pair of groups and reads its weights back', async () => {
    const balancer = textAt(
      await aws('elbv2', 'create-load-balancer', '--name', 'cli', '--subnets', 'subnet-a', 'subnet-b'),
      ['LoadBalancers', 0, 'LoadBalancerArn'],
    )
    const group = ['elbv2', 'create-target-group', '--protocol', 'HTTP', '--port', '80', '--vpc-id', 'vpc-1']
    const arns = await Promise.all(
      ['blue', 'green'].map(async (name) =>
        textAt(await aws(...group, '--target-type', 'ip', '--name', name), [
          'TargetGroups',
          0,
          'TargetGroupArn',
        ]),
      ),
    )
    const action = {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: arns.map((arn, index) => ({ TargetGroupArn: arn, Weight: index * 100 })),
      },
    }
    const made = ['--load-balancer-arn', balancer, '--protocol', 'HTTP', '--port', '80']
    await aws('elbv2', 'create-listener', ...made, '--default-actions', JSON.stringify(action))
    expect(await aws('elbv2', 'describe-listeners', '--load-balancer-arn', balancer)).toMatchObject({
      Listeners: [{ Port: 80, DefaultActions: [action] }],
    })
  }, 60_000)

  test.each([
    [
      'a name that is not there',
      ['elbv2', 'describe-target-groups', '--names', 'nothing'],
      /\(TargetGroupNotFound\).*One or more target groups not found/,
    ],
    [
      'a health check whose interval is not longer than its timeout',
      [
        'elbv2',
        'create-target-group',
        '--name',
        'x',
        '--protocol',
        'HTTP',
        '--port',
        '80',
        '--vpc-id',
        'vpc-1',
      ].concat(['--health-check-interval-seconds', '5', '--health-check-timeout-seconds', '5']),
      /\(ValidationError\)/,
    ],
    ['an operation that the sandbox lacks', ['ec2', 'describe-vpcs'], /\(InvalidAction\)/],
    ['a service that it lacks', ['ssm', 'describe-parameters'], /\(UnknownOperationException\)/],
    [
      'an ECS cluster that is not there',
      ['ecs', 'list-services', '--cluster', 'no'],
      /\(ClusterNotFoundException\)/,
    ],
  ])('is told of %s in AWS’s words', async (_title, words, expected) => {
    await expect(aws(...words)).rejects.toThrow(expected)
  })

  test('speaks to STS', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' })
  })
})
