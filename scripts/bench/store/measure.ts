import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../../../controller/ports/store.ts'
import type { Place, Requests } from './places.ts'
import type { Order, Said } from './process.ts'
import { change } from './process.ts'
import { sampleRelease } from './samples.ts'

const PROGRAM = new URL('../../bench-store.ts', import.meta.url).pathname
const CHANGES = 40
/** Spread over the time between two looks, so that the lags are of any moment. */
const PAUSE_MS = 137
const SEEDS_AT_ONCE = 16

interface Figures {
  /** From the start of the process until everything was read. */
  readonly readySeconds: number
  /** Processor time of that: what is left of it on a busy machine is waiting. */
  readonly cpuSeconds: number
  /** Of the process then. */
  readonly rssMb: number
  /** The longest that a change took to be told, and the one in the middle. */
  readonly watchLagMs: number
  readonly medianLagMs: number
  /** What the start asks the server for; undefined where there is none. */
  readonly startReads: number | undefined
  readonly startWrites: number | undefined
  readonly seedSeconds: number
}

/** Fills the store, opens it anew in a process of its own, and changes things beside it. */
export async function measureStore(place: Place, releases: number): Promise<Figures> {
  const { writer } = place
  const seededAt = performance.now()
  if (writer === undefined) await runUntil(place, { seed: releases, changes: 0 }, (said) => 'seeded' in said)
  else await seed(writer, releases)
  const seedSeconds = (performance.now() - seededAt) / 1000
  const before = await place.requests?.()
  let asked: Promise<Requests> | undefined
  const startedAt = performance.now()
  let readySeconds = 0
  let [rssMb, cpuSeconds] = [0, 0]
  const lags: number[] = []
  let changing: Promise<void> | undefined
  await runUntil(place, { seed: 0, changes: writer === undefined ? CHANGES : 0 }, (said) => {
    if ('ready' in said) {
      readySeconds = (performance.now() - startedAt) / 1000
      rssMb = said.rssMb
      cpuSeconds = said.cpuSeconds
      if (said.objects !== releases) throw new Error(`${said.objects} of ${releases} were read`)
      asked = place.requests?.()
      if (writer !== undefined) changing = (asked ?? Promise.resolve()).then(() => changeBeside(writer))
    }
    if ('lagMs' in said) lags.push(said.lagMs)
    return lags.length === CHANGES
  })
  await changing
  const after = await asked
  lags.sort((one, other) => one - other)
  return {
    readySeconds: round(readySeconds),
    cpuSeconds: round(cpuSeconds),
    rssMb: Math.round(rssMb),
    watchLagMs: lags.at(-1) ?? Infinity,
    medianLagMs: lags[CHANGES / 2] ?? Infinity,
    startReads: difference(before?.reads, after?.reads),
    startWrites: difference(before?.writes, after?.writes),
    seedSeconds: round(seedSeconds),
  }
}

async function seed(store: Store, releases: number): Promise<void> {
  const left = Array.from({ length: releases }, (_, index) => index)
  const worker = async (): Promise<void> => {
    for (let index = left.pop(); index !== undefined; index = left.pop())
      await store.create(sampleRelease(index))
  }
  await Promise.all(Array.from({ length: SEEDS_AT_ONCE }, worker))
}

async function changeBeside(store: Store): Promise<void> {
  for (let index = 0; index < CHANGES; index += 1) {
    await change(store, index)
    await sleep(PAUSE_MS)
  }
}

/** Starts the process, with the controller's flags, and kills it once what it said was enough. */
async function runUntil(
  { settings, dataDir, variables }: Place,
  order: Pick<Order, 'seed' | 'changes'>,
  isEnough: (said: Said) => boolean,
): Promise<void> {
  const text = JSON.stringify({ ...order, settings, dataDir } satisfies Order)
  const child = spawn(process.execPath, ['--max-semi-space-size=8', PROGRAM, '--serve', text], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout }))
      if (isEnough(JSON.parse(line) as Said)) return
    throw new Error('the process ended too soon')
  } finally {
    child.kill('SIGKILL')
    await exit
  }
}

const difference = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined ? undefined : after - before

const round = (value: number): number => Math.round(value * 100) / 100
