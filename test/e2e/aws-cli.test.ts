import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { requires } from '../support/requires.ts'
import type { Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

const found = requires('aws')
const run = promisify(execFile)
const PATIENCE = { withinMs: 60_000, everyMs: 100 }

/** Runs the AWS CLI as a user does who exported what `steersman sandbox` prints; resolves to its answer. */
async function aws<Answer>(town: Town, ...words: readonly string[]): Promise<Answer> {
  const { stdout } = await run('aws', [...words, '--output', 'json'], {
    env: { ...process.env, ...town.variables(), AWS_DEFAULT_REGION: 'eu-west-1', AWS_PAGER: '' },
    timeout: 60_000,
  })
  return JSON.parse(stdout) as Answer
}

interface Services {
  readonly services: readonly {
    readonly serviceName: string
    readonly desiredCount: number
    readonly runningCount: number
    readonly taskDefinition: string
  }[]
}

interface Listeners {
  readonly Listeners: readonly {
    readonly ListenerArn: string
    readonly Port: number
    readonly DefaultActions: readonly {
      readonly ForwardConfig?: {
        readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]
      }
    }[]
  }[]
}

const describeServices = (town: Town): Promise<Services> =>
  aws(town, 'ecs', 'describe-services', '--cluster', 'demo', '--services', 'web-blue', 'web-green')

async function targetGroup(town: Town, name: string): Promise<string> {
  const { TargetGroups } = await aws<{ TargetGroups: { TargetGroupArn: string }[] }>(
    town,
    'elbv2',
    'describe-target-groups',
    '--names',
    name,
  )
  return TargetGroups[0]?.TargetGroupArn ?? ''
}

async function production(town: Town): Promise<Listeners['Listeners'][number]> {
  const { LoadBalancers } = await aws<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    town,
    'elbv2',
    'describe-load-balancers',
    '--names',
    'demo',
  )
  const arn = LoadBalancers[0]?.LoadBalancerArn ?? ''
  const { Listeners } = await aws<Listeners>(town, 'elbv2', 'describe-listeners', '--load-balancer-arn', arn)
  const listener = Listeners.find(({ Port }) => Port === 80)
  if (listener === undefined) throw new Error('the AWS CLI shows no listener at port 80')
  return listener
}

async function weightOf(town: Town, group: string): Promise<number | undefined> {
  const { DefaultActions } = await production(town)
  const groups = DefaultActions[0]?.ForwardConfig?.TargetGroups ?? []
  return groups.find(({ TargetGroupArn }) => TargetGroupArn === group)?.Weight
}

describe.skipIf(found.missing !== undefined)(found.title('the AWS CLI beside a controller'), () => {
  it('sees what was deployed, and what it changes by hand is put back under live requests', async (context) => {
    const town = await startTown(context)
    const controller = await town.run()
    const commit = town.push({ version: 'v1' })
    await controller.untilDeployed(commit)
    const load = await town.load()

    const green = (await describeServices(town)).services.find(
      ({ serviceName }) => serviceName === 'web-green',
    )
    expect(green).toMatchObject({ desiredCount: 2, runningCount: 2 })
    expect(green?.taskDefinition).toMatch(/task-definition\/demo-web:1$/)
    const groups = { blue: await targetGroup(town, 'web-blue'), green: await targetGroup(town, 'web-green') }
    const health = await aws<{ TargetHealthDescriptions: { TargetHealth: { State: string } }[] }>(
      town,
      'elbv2',
      'describe-target-health',
      '--target-group-arn',
      groups.green,
    )
    expect(health.TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth.State)).toEqual([
      'healthy',
      'healthy',
    ])

    await aws(
      town,
      'ecs',
      'update-service',
      '--cluster',
      'demo',
      '--service',
      'web-green',
      '--desired-count',
      '3',
    )
    await eventually(
      () => describeServices(town),
      ({ services }) => services.find(({ serviceName }) => serviceName === 'web-green')?.desiredCount === 2,
      { ...PATIENCE, what: 'the desired count put back' },
    )

    const TargetGroups = [
      { TargetGroupArn: groups.blue, Weight: 1 },
      { TargetGroupArn: groups.green, Weight: 99 },
    ]
    const { ListenerArn } = await production(town)
    const actions = JSON.stringify([{ Type: 'forward', ForwardConfig: { TargetGroups } }])
    await aws(town, 'elbv2', 'modify-listener', '--listener-arn', ListenerArn, '--default-actions', actions)
    await eventually(
      () => weightOf(town, groups.blue),
      (weight) => weight === 0,
      {
        ...PATIENCE,
        what: 'the weights put back',
      },
    )

    await load.more(50)
    await load.stop()
    expect(load.versions().filter((version) => version.startsWith('v'))).toEqual(['v1'])
    const corrected = controller.process.lines.filter((line) => line['event'] === 'DriftCorrected')
    expect(corrected.map((line) => line['action'])).toEqual(
      expect.arrayContaining(['ScaleService', 'SetWeights']),
    )
    expect(await controller.process.end()).toBe(0)
  })
})
