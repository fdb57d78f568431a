import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Line } from '../support/steersman-process.ts'
import { startTableFleet } from './table-fleet.ts'

const SIZE = 50
const SHARDS = 8
/** Reconciles of one controller at once: each may have one write under way. */
const CONCURRENCY = 10
/** Longer than a lease lasts, and than the members take to notice. */
const PAUSE_MS = 14_000
const LONG_MS = 300_000

const taken = (line: Line): boolean => line['event'] === 'LeaseChanged' && line['held'] === true
const shifting = (line: Line): boolean =>
  line['event'] === 'PhaseEntered' && line['phase'] === 'Shifting' && String(line['rollout']).endsWith('-2')

it(
  `three controllers bring ${SIZE} environments to their end though one is killed and another stands still for longer than its leases`,
  { timeout: 900_000 },
  async (context) => {
    const fleet = await startTableFleet(context, { size: SIZE, shards: SHARDS })
    fleet.push('v1')
    const [one, two, three] = [await fleet.run('one'), await fleet.run('two'), await fleet.run('three')]
    await fleet.untilAllSucceeded(three.url, 1, LONG_MS)
    const leads = [one, two, three].map(({ process }) => process.lines.filter(taken).length)
    expect(Math.min(...leads)).toBeGreaterThan(0)
    const loads = await Promise.all(fleet.environments.slice(0, 3).map((name) => fleet.load(name)))
    fleet.push('v2')
    await Promise.all([one, two].map(({ process }) => process.line(shifting, 'a shift')))
    await one.process.kill()
    process.kill(two.process.pid, 'SIGSTOP')
    const before = (await fleet.writesOf('two')).length
    await sleep(PAUSE_MS)
    await eventually(
      () => three.process.lines.filter(taken).length,
      (count) => count >= SHARDS,
      { what: 'the lead of every shard', withinMs: 30_000 },
    )
    const atWake = Date.now()
    process.kill(two.process.pid, 'SIGCONT')
    await sleep(1_000)
    const late = (await fleet.writesOf('two')).slice(before).filter(({ at }) => at < atWake + 1_000)
    expect(late.length).toBeLessThanOrEqual(CONCURRENCY)
    await fleet.untilAllSucceeded(three.url, 2, LONG_MS)
    await Promise.all(loads.map((load) => load.stop()))
    expect(loads.flatMap((load) => load.failures())).toEqual([])
    for (const load of loads) expect(load.versions()).toEqual(['v1', 'v2'])
  },
)
