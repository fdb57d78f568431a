import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createTable } from '../adapters/store/dynamodb/bench.ts'
import { eventually } from '../support/eventually.ts'
import type { Line, SteersmanProcess } from '../support/steersman-process.ts'
import type { RunningTown, Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

/** How long the next holder may take after a crash, and after an orderly end, in milliseconds. */
const AFTER_CRASH_MS = 15_000
const AFTER_END_MS = 2_000
/** Longer than a lease lasts. */
const PAUSE_MS = 14_000
const STORE_AWAY_MS = 60_000

type Context = Parameters<typeof startTown>[0]

const phase =
  (name: string) =>
  (line: Line): boolean =>
    line['event'] === 'PhaseEntered' && line['phase'] === name && String(line['rollout']).endsWith('-2')
const taken = (line: Line): boolean => line['event'] === 'LeaseChanged' && line['held'] === true

/** Two controllers as on two machines over one table, the first in the lead, with one version deployed. */
async function twoOverATable(
  context: Context,
): Promise<{ readonly town: Town; readonly first: RunningTown; readonly second: RunningTown }> {
  const town = await startTown(context, {
    configuration: { store: { type: 'dynamodb', table: 'steersman', region: 'eu-west-1' } },
  })
  await createTable({
    region: 'eu-west-1',
    endpoint: town.sandboxUrl,
    credentials: { accessKeyId: 'owner', secretAccessKey: 'test' },
  })
  const first = await town.run('first')
  await first.process.line(taken, 'the lead of the first')
  const second = await town.run('second')
  await first.untilDeployed(town.push({ version: 'v1' }))
  return { town, first, second }
}

/** Resolves to the milliseconds until the process has the lease. */
async function untilTaken(process: SteersmanProcess, since: number): Promise<number> {
  await process.line(taken, 'the lead')
  return performance.now() - since
}

async function expectEnd(town: Town, by: RunningTown, commit: string): Promise<void> {
  await by.untilDeployed(commit, 60_000)
  const { status } = (await by.get('/rollouts/demo-web-2')) as { status: unknown }
  expect(status).toMatchObject({ phase: 'Succeeded', outcome: 'Succeeded' })
  expect(town.currentCommit()).toBe(commit)
  expect(town.records()).toEqual([1, 2])
  expect(await town.writes()).toMatchObject({ RegisterTaskDefinition: 2, CreateService: 2 })
}

const awsWritesOf = async (town: Town, who: string): Promise<readonly string[]> =>
  (await town.noted())
    .filter(({ principal, service }) => principal === who && service !== 'dynamodb')
    .map(({ operation }) => operation)

describe('two controllers over one DynamoDB table', () => {
  it.for(['Provisioning', 'Verifying', 'Shifting', 'Baking'])(
    'come to the right end when the leader is killed with SIGKILL in %s',
    async (moment, context) => {
      const { town, first, second } = await twoOverATable(context)
      const load = await town.load()
      const commit = town.push({ version: 'v2', bake: '1s' })
      await first.process.line(phase(moment), moment)
      await first.process.kill()
      const tookMs = await untilTaken(second.process, performance.now())
      expect(tookMs).toBeLessThan(AFTER_CRASH_MS)
      await expectEnd(town, second, commit)
      await load.stop()
      expect(load.failures()).toEqual([])
      expect(load.versions()).toEqual(['v1', 'v2'])
    },
  )

  it('hand over at once when the leader is ended with SIGTERM', async (context) => {
    const { town, first, second } = await twoOverATable(context)
    const since = performance.now()
    const ended = first.process.end()
    expect(await untilTaken(second.process, since)).toBeLessThan(AFTER_END_MS)
    expect(await ended).toBe(0)
    await expectEnd(town, second, town.push({ version: 'v2' }))
  })

  it('see at most the one write under way of a leader that stood still for longer than its lease', async (context) => {
    const { town, first, second } = await twoOverATable(context)
    const load = await town.load()
    const commit = town.push({ version: 'v2', bake: '1s' })
    await first.process.line(phase('Shifting'), 'Shifting')
    process.kill(first.process.pid, 'SIGSTOP')
    const before = await awsWritesOf(town, 'first')
    await sleep(PAUSE_MS)
    await second.process.line(taken, 'the lead of the second')
    process.kill(first.process.pid, 'SIGCONT')
    await expectEnd(town, second, commit)
    const after = await awsWritesOf(town, 'first')
    expect(after.length - before.length).toBeLessThanOrEqual(1)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v1', 'v2'])
  })

  it('outlast a store that is away for a minute in the middle of a rollout', async (context) => {
    const { town, first } = await twoOverATable(context)
    const load = await town.load()
    const commit = town.push({ version: 'v2', bake: '1s' })
    await first.process.line(phase('Verifying'), 'Verifying')
    await town.fault({ service: 'dynamodb', operation: '*', error: 'ServiceUnavailable' })
    await sleep(STORE_AWAY_MS)
    await town.clearFaults()
    await expectEnd(town, first, commit)
    await load.stop()
    expect(load.failures()).toEqual([])
  })

  it('take what a person asks of either of them', async (context) => {
    const { town, first, second } = await twoOverATable(context)
    const response = await fetch(`${second.url}/api/v1/environments/demo/pause`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBeLessThan(300)
    const isPaused = async (): Promise<boolean> =>
      JSON.stringify(await first.get('/environments/demo')).includes('steersman.dev/pausedAt')
    await eventually(isPaused, Boolean, { what: 'the pause' })
    town.push({ version: 'v2' })
    await sleep(3_000)
    expect(await awsWritesOf(town, 'second')).toEqual([])
    expect(await town.writes()).toMatchObject({ RegisterTaskDefinition: 1 })
  })
})
