import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Line } from '../support/steersman-process.ts'
import { startCluster } from './kube-cluster.ts'

const phase =
  (rollout: string, name: string) =>
  (line: Line): boolean =>
    line['event'] === 'PhaseEntered' && line['rollout'] === rollout && line['phase'] === name

describe('a controller whose objects are in Kubernetes', () => {
  it('deploys, refuses a bad version, and shows both in the cluster', async () => {
    const { town, get, annotate, reasonsOf } = await startCluster()
    const controller = await town.run()
    const first = town.push({ version: 'v1' })
    await controller.reconcile()
    await controller.untilDeployed(first)
    expect(await get('releases', 'demo-web')).toMatchObject({
      metadata: { labels: { 'steersman.dev/environment': 'demo', 'steersman.dev/release': 'web' } },
      status: { live: { side: 'green' } },
    })
    expect(await get('rollouts', 'demo-web-1')).toMatchObject({ status: { outcome: 'Succeeded' } })
    await town.behaves('v2', { status: 500 })
    town.push({ version: 'v2' })
    // As `kubectl annotate` asks for it: the controller hears of it by its watch.
    await annotate('environments', 'demo', { 'steersman.dev/requestedAt': '2026-01-01T00:00:00Z' })
    const failed = await eventually(
      () => get('rollouts', 'demo-web-2').catch(() => undefined),
      (rollout) => rollout?.status?.['phase'] === 'RolledBack',
      { what: 'the bad version to be refused', withinMs: 60_000 },
    )
    expect(failed?.status).toMatchObject({ outcome: 'RolledBack' })
    expect(town.currentCommit()).toBe(first)
    const ofRelease = await eventually(
      () => reasonsOf('Release', 'demo-web'),
      (reasons) => reasons.includes('RolloutRolledBack'),
      { what: 'the Event of its end' },
    )
    expect(ofRelease).toEqual(expect.arrayContaining(['RolloutStarted', 'TrafficMoved', 'RolloutSucceeded']))
    expect(await reasonsOf('Rollout', 'demo-web-1')).toEqual(
      expect.arrayContaining([
        'RolloutStarted',
        'GatePassed',
        'Verified',
        'TrafficMoved',
        'RolloutSucceeded',
      ]),
    )
    expect(await reasonsOf('Lease', 'steersman-controller')).toEqual(['LeaderElection'])
    expect((await get('environments', 'demo')).status).toMatchObject({
      lastHandledReconcileAt: '2026-01-01T00:00:00Z',
    })
    expect(await controller.process.end()).toBe(0)
  })

  it('goes on where another one was killed, which stood by until then, with no write twice', async () => {
    const { town, get } = await startCluster()
    const first = await town.run()
    const second = await town.run()
    await second.process.line((line) => String(line['message']).includes('standing by'), 'to stand by')
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200)
    const commit = town.push({ version: 'v1' })
    // The one that stands by takes the wish, and the one that acts hears of it.
    await second.reconcile()
    await first.process.line(phase('demo-web-1', 'Provisioning'), 'provisioning')
    await first.process.kill()
    await second.untilDeployed(commit, 60_000)
    expect(await get('rollouts', 'demo-web-1')).toMatchObject({ status: { outcome: 'Succeeded' } })
    expect(await town.writes()).toMatchObject({ RegisterTaskDefinition: 1, CreateService: 1 })
    expect(await second.process.end()).toBe(0)
  })

  it('puts back what somebody changed or deleted of what it mirrors from git', async () => {
    const { town, client, get } = await startCluster()
    const controller = await town.run()
    await controller.untilDeployed(town.push({ version: 'v1' }))
    const release = await get('releases', 'demo-web')
    const path = `/apis/steersman.dev/v1alpha1/namespaces/${client.namespace}/releases/demo-web`
    const body = { spec: { strategy: { bake: '23h' } } }
    await client.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' })
    await eventually(
      () => get('releases', 'demo-web'),
      ({ spec }) => JSON.stringify(spec) === JSON.stringify(release.spec),
      { what: 'the spec of git' },
    )
    await client.request({ method: 'DELETE', path })
    await eventually(
      () => get('releases', 'demo-web').catch(() => undefined),
      (again) => JSON.stringify(again?.spec) === JSON.stringify(release.spec),
      { what: 'the Release to be there again' },
    )
    expect(await town.writes()).toMatchObject({ RegisterTaskDefinition: 1, CreateService: 1 })
    expect(await controller.process.end()).toBe(0)
  })

  it('ends a rollout first whose Environment is deleted, and lets what serves serve on', async () => {
    const { town, client, get, reasonsOf } = await startCluster()
    const controller = await town.run()
    await controller.untilDeployed(town.push({ version: 'v1' }))
    const load = await town.load()
    town.push({ version: 'v2', bake: '1h', deadline: '2h' })
    await controller.reconcile()
    await controller.process.line(phase('demo-web-2', 'Baking'), 'to bake')
    const path = `/apis/steersman.dev/v1alpha1/namespaces/${client.namespace}/environments/demo`
    await client.request({ method: 'DELETE', path })
    for (const [kind, name] of [
      ['environments', 'demo'],
      ['releases', 'demo-web'],
      ['rollouts', 'demo-web-2'],
    ] as const)
      await eventually(
        () => get(kind, name).then(String, String),
        (seen) => seen.includes('not found'),
        { what: `${kind} ${name} to be gone`, withinMs: 60_000 },
      )
    expect(await reasonsOf('Environment', 'demo')).toContain('Deleting')
    const gone = performance.now()
    await load.more(20)
    expect(load.versionsSince(gone)).toEqual(['v1'])
    await load.stop()
    expect(load.failures()).toEqual([])
    const writes = await town.writes()
    await client.request({ method: 'GET', path: path.replace(/\/demo$/, '') })
    expect(await town.writes()).toEqual(writes)
    expect(await controller.process.end()).toBe(0)
  })

  it('takes a token from a Secret that it may read, and shows it nowhere', async () => {
    const token = 'swordfish-of-the-cluster'
    const { town, client } = await startCluster({
      secrets: { 'api-token': `${token}\n` },
      configuration: {
        tokens: [
          { name: 'ci', role: 'admin', tokenFrom: { secretRef: { name: 'api-token', key: 'token' } } },
        ],
      },
    })
    const controller = await town.run()
    const ask = (bearer: string): Promise<Response> =>
      fetch(`${controller.url}/api/v1/environments`, { headers: { authorization: `Bearer ${bearer}` } })
    expect((await ask('a guess')).status).toBe(401)
    const answer = await ask(token)
    expect(answer.status).toBe(200)
    expect(await answer.text()).not.toContain(token)
    const objects = await client.request({
      method: 'GET',
      path: `/apis/events.k8s.io/v1/namespaces/${client.namespace}/events`,
    })
    expect(JSON.stringify(objects)).not.toContain(token)
    expect(JSON.stringify(controller.process.lines)).not.toContain(token)
    expect(await controller.process.end()).toBe(0)
  })

  it('says of an Environment that it can’t use why, and goes on with the others', async () => {
    const { town, client, get } = await startCluster()
    const controller = await town.run()
    await controller.untilDeployed(town.push({ version: 'v1' }))
    await client.request({
      method: 'POST',
      path: `/apis/steersman.dev/v1alpha1/namespaces/${client.namespace}/environments`,
      body: {
        apiVersion: 'steersman.dev/v1alpha1',
        kind: 'Environment',
        metadata: { name: 'odd' },
        spec: {
          source: { repository: '/nowhere', branch: 'odd' },
          aws: { region: 'eu-west-1' },
          // The server's schema knows what a cron field looks like, and not which hours there are.
          freeze: [{ schedule: '0 25 * * FRI', duration: '1h' }],
        },
      },
    })
    const odd = await eventually(
      () => get('environments', 'odd'),
      ({ status }) => status?.conditions !== undefined,
      { what: 'its status' },
    )
    expect(odd.status?.conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'ConfigurationRefused' },
      { type: 'Stalled', status: 'True', reason: 'ConfigurationRefused' },
    ])
    await controller.untilDeployed(town.push({ version: 'v2' }))
    expect(await controller.process.end()).toBe(0)
  })
})
