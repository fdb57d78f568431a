import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'
import {
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { REGION } from '../support/machine/shape.ts'
import type { Town } from '../support/town.ts'
import { startCluster, type Cluster } from './kube-cluster.ts'

const pathOf = ({ client }: Cluster): string =>
  `/apis/steersman.dev/v1alpha1/namespaces/${client.namespace}/environments/demo`

const asPerson = ({ sandboxUrl }: Town) => ({
  region: REGION,
  endpoint: sandboxUrl,
  credentials: { accessKeyId: 'person', secretAccessKey: 'test' },
})

/** What a person does to take the traffic off: the production listener sends nobody to the pair any more. */
async function takeTrafficOff(town: Town): Promise<void> {
  const client = new ElasticLoadBalancingV2Client(asPerson(town))
  onTestFinished(() => client.destroy())
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ Names: ['demo'] }))
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn
  const { Listeners } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }))
  const ListenerArn = Listeners?.find(({ Port }) => Port === 80)?.ListenerArn
  const { TargetGroups: made } = await client.send(
    new CreateTargetGroupCommand({
      Name: 'elsewhere',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-1',
      TargetType: 'ip',
    }),
  )
  const { TargetGroups: known } = await client.send(
    new DescribeTargetGroupsCommand({ Names: ['web-blue', 'web-green'] }),
  )
  // ECS changes no service whose target group is in nobody's use: both stay, without weight.
  const TargetGroups = [
    ...(known ?? []).map(({ TargetGroupArn }) => ({ TargetGroupArn, Weight: 0 })),
    { TargetGroupArn: made?.[0]?.TargetGroupArn, Weight: 1 },
  ]
  const DefaultActions = [{ Type: 'forward', ForwardConfig: { TargetGroups } } as const]
  await client.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }))
}

const conditionsOf = async ({ get }: Cluster): Promise<string> => {
  const { status } = await get('environments', 'demo')
  return JSON.stringify(status?.conditions?.filter(({ status: is }) => is === 'True'))
}

const untilGone = async ({ get }: Cluster): Promise<void> => {
  for (const [kind, name] of [
    ['environments', 'demo'],
    ['releases', 'demo-web'],
  ] as const)
    await eventually(
      () => get(kind, name).then(String, String),
      (seen) => seen.includes('not found'),
      { what: `${kind} ${name} to be gone`, withinMs: 60_000 },
    )
}

/** The wanted count of the side that served. */
async function liveCount({ town }: Cluster): Promise<number | undefined> {
  const client = new ECSClient(asPerson(town))
  onTestFinished(() => client.destroy())
  const wanted = { cluster: 'demo', services: ['web-green'] }
  const { services } = await client.send(new DescribeServicesCommand(wanted))
  return services?.[0]?.desiredCount
}

describe('an Environment that says Drain and is deleted', () => {
  it('stays while its rule sends requests, over a crash as well, and takes its services down after that', async () => {
    const cluster = await startCluster({ spec: { deletionPolicy: 'Drain' } })
    const { town, client, get, reasonsOf } = cluster
    const first = await town.run()
    await first.untilDeployed(town.push({ version: 'v1', keepPrevious: '0s' }))
    const load = await town.load()
    const before = await town.writes()
    await client.request({ method: 'DELETE', path: pathOf(cluster) })
    await eventually(
      () => conditionsOf(cluster),
      (said) => said.includes('its rule still sends requests to the green side'),
      { what: 'it to say what it waits for', withinMs: 60_000 },
    )
    expect(await conditionsOf(cluster)).toMatch(/"Draining".*"Reconciling"/)
    expect(await reasonsOf('Environment', 'demo')).toContain('Draining')
    await first.process.kill()
    const second = await town.run()
    await second.process.line((line) => line['event'] === 'EnvironmentDraining', 'to go on with it')
    expect(await get('releases', 'demo-web')).toBeDefined()
    await load.more(40)
    expect(load.failures()).toEqual([])
    expect(await town.writes()).toEqual(before)
    await load.stop()
    await takeTrafficOff(town)
    await untilGone(cluster)
    expect(await liveCount(cluster)).toBe(0)
    const { UpdateService = 0 } = await town.writes()
    expect(UpdateService - (before['UpdateService'] ?? 0)).toBe(1)
    expect(await second.process.end()).toBe(0)
  })

  it('is let go as it is once it says Orphan instead', async () => {
    const cluster = await startCluster({ spec: { deletionPolicy: 'Drain' } })
    const { town, client } = cluster
    const controller = await town.run()
    await controller.untilDeployed(town.push({ version: 'v1' }))
    const before = await town.writes()
    await client.request({ method: 'DELETE', path: pathOf(cluster) })
    await eventually(
      () => conditionsOf(cluster),
      (said) => said.includes('Draining'),
      { what: 'it to be drained', withinMs: 60_000 },
    )
    const body = { spec: { deletionPolicy: 'Orphan' } }
    const contentType = 'application/merge-patch+json'
    await client.request({ method: 'PATCH', path: pathOf(cluster), body, contentType })
    await untilGone(cluster)
    expect(await town.writes()).toEqual(before)
    expect(await liveCount(cluster)).toBe(2)
    expect(await controller.process.end()).toBe(0)
  })
})
