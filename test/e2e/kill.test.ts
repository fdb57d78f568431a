import { chmodSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Line } from '../support/steersman-process.ts'
import type { RunningTown, Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

/** What three versions cost when nobody is killed; a ModifyListener or UpdateService more is the same one said twice. */
const UNDISTURBED = { RegisterTaskDefinition: 3, CreateService: 2, UpdateService: 2, ModifyListener: 7 }

/** v1, then v2 on the other side: from here on a version is drained, started, verified, shifted, baked and recorded. */
async function deployTwo(town: Town): Promise<RunningTown> {
  const controller = await town.run()
  for (const version of ['v1', 'v2']) {
    const commit = town.push({ version })
    await controller.reconcile()
    await controller.untilDeployed(commit)
  }
  return controller
}

const phase =
  (name: string) =>
  (line: Line): boolean =>
    line['event'] === 'PhaseEntered' && line['rollout'] === 'demo-web-3' && line['phase'] === name
const action =
  (name: string) =>
  (line: Line): boolean =>
    line['event'] === 'ActionDone' && line['rollout'] === 'demo-web-3' && line['action'] === name
const registered = (line: Line): boolean =>
  line['event'] === 'ActionDone' && line['action'] === 'RegisterTaskDefinition'
const tagMoved = (line: Line): boolean => line['event'] === 'TagMoved' && line['number'] === 3

async function pushAndKill(
  town: Town,
  controller: RunningTown,
  moment: { readonly version: string; readonly at: (line: Line) => boolean; readonly what: string },
): Promise<string> {
  const commit = town.push({ version: moment.version, bake: '300ms' })
  await controller.reconcile()
  await controller.process.line(moment.at, moment.what)
  await controller.process.kill()
  return commit
}

/** Starts a controller after the other's end, and checks that it comes where the other would have come, with the same writes. */
async function expectSameEnd(town: Town, commit: string): Promise<void> {
  const load = await town.load()
  const after = await town.run()
  await after.untilDeployed(commit)
  await load.more(30)
  await load.stop()
  expect(load.failures()).toEqual([])
  expect(await rolloutStatus(after)).toMatchObject({ phase: 'Succeeded', outcome: 'Succeeded' })
  expect(town.records()).toEqual([1, 2, 3])
  expect(town.currentCommit()).toBe(commit)
  const { RegisterTaskDefinition, CreateService, UpdateService = 0, ModifyListener = 0 } = await town.writes()
  expect({ RegisterTaskDefinition, CreateService }).toEqual({ RegisterTaskDefinition: 3, CreateService: 2 })
  expect(UpdateService - UNDISTURBED.UpdateService).toBeOneOf([0, 1])
  expect(ModifyListener - UNDISTURBED.ModifyListener).toBeOneOf([0, 1])
  expect(await after.process.end()).toBe(0)
}

async function rolloutStatus(controller: RunningTown): Promise<unknown> {
  return (await controller.get('/rollouts/demo-web-3'))['status']
}

describe('a controller killed with SIGKILL and started again', () => {
  it.for([
    ['in Provisioning', phase('Provisioning')],
    ['after the service was started', action('UpdateService')],
    ['in Verifying', phase('Verifying')],
    ['in Shifting', phase('Shifting')],
    ['right after the weights were written', action('SetWeights')],
    ['in Baking', phase('Baking')],
    ['after its end', phase('Succeeded')],
    ['after the tag was pushed', tagMoved],
  ] as const)(
    'comes to the same end with the same writes and no failed request: %s',
    async ([what, at], context) => {
      const town = await startTown(context)
      const controller = await deployTwo(town)
      const load = await town.load()
      const commit = await pushAndKill(town, controller, { version: 'v3', at, what })
      await expectSameEnd(town, commit)
      await load.stop()
      expect(load.failures()).toEqual([])
      expect(load.versions()).toEqual(['v2', 'v3'])
    },
  )

  it('in the middle of RegisterTaskDefinition finds the revision, and registers no second one', async (context) => {
    const town = await startTown(context)
    const controller = await deployTwo(town)
    await town.fault({ service: 'ecs', operation: 'RegisterTaskDefinition', latencyMs: 3_000, count: 1 })
    const commit = town.push({ version: 'v3' })
    await controller.reconcile()
    await eventually(
      () => town.writes(),
      (writes) => writes['RegisterTaskDefinition'] === 3,
      { what: 'the registration', everyMs: 5 },
    )
    await controller.process.kill()
    expect(controller.process.lines.filter(registered)).toHaveLength(2)
    await expectSameEnd(town, commit)
  })

  it('in the middle of the push of the tag pushes it once', async (context) => {
    const town = await startTown(context)
    const controller = await deployTwo(town)
    const seen = holdPushes(town)
    const commit = town.push({ version: 'v3' })
    await controller.reconcile()
    await eventually(() => existsSync(seen), Boolean, { what: 'the push' })
    await controller.process.kill()
    expect(town.records()).toEqual([1, 2])
    town.repository.acceptPushes()
    await expectSameEnd(town, commit)
  })

  it('while it rolls back goes back all the way, and does not try again', async (context) => {
    const town = await startTown(context)
    await town.behaves('v3', { body: 'broken' })
    const controller = await deployTwo(town)
    const load = await town.load()
    const commit = await pushAndKill(town, controller, {
      version: 'v3',
      at: phase('RollingBack'),
      what: 'RollingBack',
    })
    const after = await town.run()
    await eventually(() => rolloutStatus(after), isOver, {
      what: 'the end of the rollback',
      withinMs: 30_000,
    })
    await after.reconcile()
    await load.more(50)
    await load.stop()
    expect(await rolloutStatus(after)).toMatchObject({ outcome: 'RolledBack', reason: 'GateFailed' })
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v2'])
    expect(town.records()).toEqual([1, 2])
    expect(town.currentCommit()).not.toBe(commit)
    expect(await town.writes()).toMatchObject({
      RegisterTaskDefinition: 3,
      CreateService: 2,
      ModifyListener: 5,
    })
    expect(await after.process.end()).toBe(0)
  })
})

const isOver = (status: unknown): boolean =>
  typeof status === 'object' && status !== null && 'finishedAt' in status && status.finishedAt !== undefined

/** A hook of the server that stops every push for a moment and says so in a file. */
function holdPushes(town: Town): string {
  const seen = join(town.repository.path, 'push-seen')
  const hook = join(town.repository.path, 'hooks', 'pre-receive')
  mkdirSync(join(town.repository.path, 'hooks'), { recursive: true })
  writeFileSync(hook, `#!/bin/sh\ntouch '${seen}'\nsleep 3\n`)
  chmodSync(hook, 0o755)
  return seen
}

describe('two controllers on one data directory', () => {
  it('are never at work together: the second exits with 1 and says why, and takes over when the first was killed', async (context) => {
    const town = await startTown(context)
    const first = await deployTwo(town)
    const second = town.tryToRun()
    expect(await second.exited()).toBe(1)
    const told = second.lines.map(({ text }) => text).join('\n')
    expect(told).toMatch(/^error: another controller acts on this data directory: .*; .*$/m)
    await first.process.kill()
    const third = await town.run()
    const commit = town.push({ version: 'v3' })
    await third.untilDeployed(commit)
    expect(town.currentCommit()).toBe(commit)
  })
})

describe('SIGTERM', () => {
  it('in the middle of a rollout drains and exits with 0; the next controller finishes it', async (context) => {
    const town = await startTown(context)
    const controller = await deployTwo(town)
    const commit = town.push({ version: 'v3' })
    await controller.reconcile()
    await controller.process.line(phase('Provisioning'), 'Provisioning')
    expect(await controller.process.end()).toBe(0)
    await expectSameEnd(town, commit)
  })
})

describe('a torn file of the store', () => {
  it('is put aside, and git and AWS make up for it', async (context) => {
    const town = await startTown(context)
    const controller = await deployTwo(town)
    const load = await town.load()
    await controller.process.kill()
    const torn = filesBelow(join(town.dataDir, 'store')).filter(
      (file) => /release/i.test(file) && file.endsWith('.json'),
    )
    expect(torn.length).toBeGreaterThan(0)
    for (const file of torn) truncateSync(file, 20)
    const after = await town.run()
    const commit = town.push({ version: 'v3' })
    await after.reconcile()
    await after.untilDeployed(commit)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v2', 'v3'])
    expect(after.process.lines.some(({ text }) => text.includes('a file of the store is broken'))).toBe(true)
  })
})

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
