import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { isTrue, startMachine, STORY } from '../../support/machine.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { callSandbox, makePair } from '../../support/machine/shape.ts'

const SHOP = { release: 'shop', loadBalancer: 'demo', port: 82, testPort: 8082 }

describe('a commit with errors', STORY, () => {
  it('stalls with all of them, calls no AWS, and is mended by the next commit', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    const bad = machine.pushFiles({
      'deploy/releases/web.yaml':
        'apiVersion: steersman.dev/v1alpha1\nkind: Release\nmetadata: {name: web}\nspec: {imagine: 1, image: 2}\n',
      'deploy/releases/other.yaml': '{',
    })
    const stalled = await machine.untilEnvironment((status) => isTrue(status.conditions, 'Stalled'))
    expect(stalled.issuesCommit).toBe(bad)
    const issues = stalled.issues?.join('\n') ?? ''
    expect(issues).toContain('deploy/releases/other.yaml:')
    expect(issues).toContain('/spec/imagine')
    expect(issues).toContain('/spec/image')
    expect(await machine.conditions()).toContain('Stalled(ManifestInvalid)')
    await machine.nextReconcile()
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    const mended = machine.pushFiles({
      'deploy/releases/other.yaml': null,
      ...releaseFiles({ version: 'v2' }),
    })
    await machine.untilDeployed(mended)
    expect(await machine.served()).toBe('v2')
    expect((await machine.environment()).issues).toBeUndefined()
  })

  it('does not deploy its good releases either', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    machine.pushFiles({ ...releaseFiles({ version: 'v1' }), 'deploy/releases/other.yaml': '{' })
    await machine.untilEnvironment((status) => isTrue(status.conditions, 'Stalled'))
    await machine.nextReconcile()
    expect(machine.writes()).toEqual({})
    expect(machine.sandbox.world.calls.list().filter(({ service }) => service === 'ecs')).toHaveLength(1)
  })

  it('naming what the environment does not allow is refused', async (context) => {
    const machine = await startMachine(context, {
      spec: {
        allow: { clusters: ['other'], loadBalancers: ['demo'], families: ['demo-*'], executionRoles: ['*'] },
      },
    })
    await machine.start()
    machine.push({ version: 'v1' })
    const { issues } = await machine.untilEnvironment((status) => isTrue(status.conditions, 'Stalled'))
    expect(issues?.join()).toContain('cluster')
    expect(machine.writes()).toEqual({})
  })
})

/** Somebody takes a listener's default action away from the release; ECS needs both target groups to stay associated with a load balancer. */
function forward(machine: Machine, port: number, actions: readonly object[]): void {
  const listener = machine.sandbox.world.elb.tables.listeners.list().find((known) => known.port === port)
  const input = { ListenerArn: listener?.arn, DefaultActions: actions }
  machine.byHand({ service: 'elasticloadbalancing', operation: 'ModifyListener', input })
}

const nothing = { 'deploy/releases/web.yaml': null, 'deploy/taskdefs/web.json': null }

describe('a path that names nothing in the commit', STORY, () => {
  it('is told by name, and takes no release away', async (context) => {
    const machine = await startMachine(context, { spec: { prune: true } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    const commit = machine.pushFiles(nothing)
    const { conditions } = await machine.untilEnvironment(
      (status) => status.conditions?.some(({ reason }) => reason === 'SourcePathMissing') === true,
    )
    const stalled = conditions?.find(({ type }) => type === 'Stalled')
    expect(stalled?.message).toMatch(
      `path 'deploy' does not exist in commit ${commit.slice(0, 12)}; Correct spec.source.path`,
    )
    expect(machine.events.some(({ type }) => type === 'ReleaseRemoved')).toBe(false)
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    await machine.untilDeployed(machine.push({ version: 'v2' }))
    expect(await machine.served()).toBe('v2')
  })
})

describe('a release that leaves the branch', STORY, () => {
  const leave = { ...nothing, 'deploy/README.md': 'no release is left' }

  it('is told and kept', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    machine.pushFiles(leave)
    await machine.nextReconcile()
    expect(machine.events).toContainEqual({ type: 'ReleaseRemoved', environment: 'demo', release: 'web' })
    const { conditions } = await machine.environment()
    expect(conditions?.find(({ type }) => type === 'Ready')?.message).toBe(
      'the wanted commit has no release in releases/ below spec.source.path; 1 that left the branch are kept, or on their way out',
    )
    const removed = await machine.untilRelease(
      (status) => status.conditions?.some(({ reason }) => reason === 'Removed') === true,
    )
    expect(removed.conditions?.find(({ reason }) => reason === 'Removed')?.message).toContain(
      'with the services web-blue and web-green in cluster demo; delete them by hand',
    )
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
  })

  it('is drained with prune, but not while a rule sends it requests', async (context) => {
    const machine = await startMachine(context, { spec: { prune: true } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    machine.pushFiles(leave)
    await machine.untilRelease(
      ({ conditions }) => conditions?.some(({ reason }) => reason === 'StillServing') ?? false,
    )
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    forward(machine, 80, [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }])
    const TargetGroups = machine.sandbox.world.elb.tables.targetGroups
      .list()
      .map(({ arn }) => ({ TargetGroupArn: arn, Weight: 1 }))
    forward(machine, 8081, [{ Type: 'forward', ForwardConfig: { TargetGroups } }])
    await machine.nextReconcile()
    await patiently(
      () => machine.desiredCount('web-green'),
      (count) => count === 0,
      { what: 'a drained side' },
    )
    const { services } = callSandbox(machine.sandbox, {
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'demo', services: ['web-green'] },
    }) as { services: { status: string }[] }
    expect(services[0]?.status).toBe('ACTIVE')
  })
})

describe('two releases', STORY, () => {
  it('of one commit roll out independently: one failure leaves the other where it arrived', async (context) => {
    const machine = await startMachine(context)
    makePair(machine.sandbox, SHOP)
    await machine.start()
    const good = machine.pushFiles({
      ...releaseFiles({ version: 'v1' }),
      ...releaseFiles({ ...SHOP, version: 'v1' }),
    })
    await machine.untilDeployed(good)
    await machine.behaves('v2', { body: 'broken' })
    machine.pushFiles({ ...releaseFiles({ version: 'v2' }), ...releaseFiles({ ...SHOP, version: 'v3' }) })
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'RolledBack' })
    expect(await machine.outcomeOf(2, 'shop')).toMatchObject({ outcome: 'Succeeded' })
    await machine.nextReconcile()
    expect([await machine.served(), await machine.served(82)]).toEqual(['v1', 'v3'])
    expect(machine.currentCommit()).toBe(good)
  })

  it('of two environments that name the same target groups both stop', async (context) => {
    const machine = await startMachine(context, { others: { twin: {} } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    machine.repository.commit(releaseFiles({ version: 'v9' }), { branch: 'twin' })
    machine.reconcile('twin')
    const conflicts = (status: {
      conditions?: readonly { reason?: string | undefined }[] | undefined
    }): boolean => status.conditions?.some(({ reason }) => reason === 'ClaimConflict') ?? false
    await machine.untilRelease(conflicts)
    const writes = machine.writes()
    machine.push({ version: 'v2' })
    await machine.nextReconcile()
    await machine.nextReconcile('twin')
    expect(conflicts(await machine.release('web', 'twin'))).toBe(true)
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
  })
})
