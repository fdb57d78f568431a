import {
  CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  DeploymentLimitExceededException,
  GetDeploymentCommand,
} from '@aws-sdk/client-codedeploy'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { requires } from '../../support/requires.ts'
import { APPLICATION, appSpec, codeDeployWorld } from '../support/code-deploy.ts'
import { inProcessHandler } from '../support/in-process-handler.ts'

const run = promisify(execFile)
const WAITS = { deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 } }
const sandbox = await startSandbox({ port: 0 })
afterAll(() => sandbox.close())

const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
}
const cli = requires('aws')

describe('the client of the AWS SDK', () => {
  test('starts a deployment, sees it wait, and lets it go on', async () => {
    const aws = codeDeployWorld({}, WAITS)
    const client = new CodeDeployClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: inProcessHandler(aws.world),
      maxAttempts: 1,
    })
    const { content } = appSpec(aws.define('web:v2'))['appSpecContent'] as { content: string }
    const start = new CreateDeploymentCommand({
      ...APPLICATION,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content } },
      description: 'v2',
    })
    const { deploymentId } = await client.send(start)
    await expect(client.send(start)).rejects.toBeInstanceOf(DeploymentLimitExceededException)
    aws.clock.advance(60_000)
    const seen = async () => (await client.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo
    expect(await seen()).toMatchObject({
      status: 'Ready',
      description: 'v2',
      createTime: expect.any(Date) as Date,
    })
    await client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType: 'READY_WAIT' }))
    aws.clock.advance(10 * 60_000)
    expect(await seen()).toMatchObject({ status: 'Succeeded', computePlatform: 'ECS' })
  })
})

describe.skipIf(cli.missing !== undefined)(cli.title('the AWS CLI'), () => {
  test('starts a deployment, reads it, and stops it', { timeout: 60_000 }, async () => {
    const aws = codeDeployWorld({}, WAITS)
    sandbox.world.load(JSON.parse(JSON.stringify(aws.world.dump())))
    const deploy = async (...words: string[]): Promise<Record<string, unknown>> => {
      const all = ['deploy', ...words, '--endpoint-url', sandbox.url, '--output', 'json']
      const { stdout } = await run('aws', all, { env, timeout: 30_000 })
      return JSON.parse(stdout) as Record<string, unknown>
    }
    const revision = JSON.stringify(appSpec('web:1'))
    const group = ['--application-name', 'shop', '--deployment-group-name', 'web']
    const { deploymentId } = await deploy('create-deployment', ...group, '--revision', revision)
    const named = ['--deployment-id', String(deploymentId)]
    expect(await deploy('get-deployment', ...named)).toMatchObject({
      deploymentInfo: { applicationName: 'shop', creator: 'user' },
    })
    expect(await deploy('stop-deployment', ...named)).toMatchObject({ status: 'Succeeded' })
    await expect(deploy('stop-deployment', ...named)).rejects.toThrow('DeploymentAlreadyCompletedException')
  })
})
