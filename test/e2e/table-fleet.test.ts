import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Line } from '../support/steersman-process.ts'
import type { TableFleet } from './table-fleet.ts'
import { startTableFleet } from './table-fleet.ts'

/** A small machine plays twelve; `STEERSMAN_FLEET_ENVIRONMENTS` asks for more. */
const SIZE = Number(process.env['STEERSMAN_FLEET_ENVIRONMENTS'] ?? 12)
const SHARDS = 8
/** Reconciles of one controller at once: each may have one write under way. */
const CONCURRENCY = 10
/** Longer than a lease lasts, and than the members take to notice. */
const PAUSE_MS = 14_000
const LONG_MS = 600_000
const TABLE_AWAY_MS = 60_000

type Controller = Awaited<ReturnType<TableFleet['run']>> & { readonly name: string }

const taken = (line: Line): boolean => line['event'] === 'LeaseChanged' && line['held'] === true
const shifting =
  (number: number) =>
  (line: Line): boolean =>
    line['event'] === 'PhaseEntered' &&
    line['phase'] === 'Shifting' &&
    String(line['rollout']).endsWith(`-${number}`)

/** The first of them that shifts the traffic of a rollout of that number: which one leads what is for them to settle. */
function firstToShift(controllers: readonly Controller[], number: number): Promise<Controller> {
  return Promise.any(
    controllers.map(async (controller) => {
      await controller.process.line(shifting(number), 'a shift')
      return controller
    }),
  )
}

it(
  `three controllers bring ${SIZE} environments to their end though one is killed, another stands still for longer than its leases, and the table is away for a minute`,
  { timeout: 1_500_000 },
  async (context) => {
    const fleet = await startTableFleet(context, { size: SIZE, shards: SHARDS })
    fleet.push('v1')
    const controllers: Controller[] = []
    for (const name of ['one', 'two', 'three']) controllers.push({ name, ...(await fleet.run(name)) })
    await fleet.untilAllSucceeded(controllers[0]?.url ?? '', 1, LONG_MS)
    for (const each of controllers) await each.process.line(taken, `a shard of ${each.name}`)
    const loads = await Promise.all(fleet.environments.slice(0, 3).map((name) => fleet.load(name)))
    fleet.push('v2')
    const killed = await firstToShift(controllers, 2)
    await killed.process.kill()
    const paused = await firstToShift(
      controllers.filter((each) => each !== killed),
      2,
    )
    process.kill(paused.process.pid, 'SIGSTOP')
    const before = (await fleet.writesOf(paused.name)).length
    const last = controllers.find((each) => each !== killed && each !== paused)
    if (last === undefined) throw new Error('two of three cannot be all')
    await sleep(PAUSE_MS)
    await eventually(
      () => shardsOf(last.process.lines),
      (count) => count === SHARDS,
      { what: 'the lead of every shard', withinMs: 30_000 },
    )
    const atWake = Date.now()
    process.kill(paused.process.pid, 'SIGCONT')
    await sleep(1_000)
    const late = (await fleet.writesOf(paused.name)).slice(before).filter(({ at }) => at < atWake + 1_000)
    expect(late.length).toBeLessThanOrEqual(CONCURRENCY)
    await fleet.untilAllSucceeded(last.url, 2, LONG_MS)
    fleet.push('v3')
    await firstToShift([paused, last], 3)
    const bringBack = await fleet.loseTable()
    await sleep(TABLE_AWAY_MS)
    await bringBack()
    await fleet.untilAllSucceeded(last.url, 3, LONG_MS)
    await Promise.all(loads.map((load) => load.stop()))
    expect(loads.flatMap((load) => load.failures())).toEqual([])
    for (const load of loads) expect(load.versions()).toEqual(['v1', 'v2', 'v3'])
  },
)

/** How many shards a controller leads now, by what it has told. */
function shardsOf(lines: readonly Line[]): number {
  const held = new Map<unknown, boolean>()
  for (const line of lines)
    if (line['event'] === 'LeaseChanged') held.set(line['lease'], line['held'] === true)
  return [...held.values()].filter(Boolean).length
}
