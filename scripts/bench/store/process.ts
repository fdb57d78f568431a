import { setTimeout as sleep } from 'node:timers/promises'
import { Closers } from '../../../controller/compose/closers.ts'
import { createSecrets } from '../../../controller/compose/secrets.ts'
import { openStore } from '../../../controller/compose/stores.ts'
import { createTelling } from '../../../controller/compose/telemetry.ts'
import { readConfig } from '../../../controller/config.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { systemFileSystem } from '../../../controller/adapters/system/file-system.ts'
import type { Kind, Store } from '../../../controller/ports/store.ts'
import { sampleRelease } from './samples.ts'

/** What the process is told. */
export interface Order {
  readonly settings: object
  readonly dataDir: string
  /** Releases that it has to write first, where nobody else may. */
  readonly seed: number
  /** Changes that it makes itself and hears of, where nobody else may. */
  readonly changes: number
}

/** What the process tells, a line each: that it is ready, and how late it heard of a change. */
export type Said =
  | { readonly ready: true; readonly objects: number; readonly rssMb: number; readonly cpuSeconds: number }
  | { readonly lagMs: number }
  | { readonly seeded: true }

const KINDS: readonly Kind[] = ['Environment', 'Release', 'Rollout']
/** The annotation that a change carries: when it was sent off. */
const SENT = 'steersman.dev/benchSentAt'
const PAUSE_MS = 50

/** Opens a store as the controller does, reads everything, and tells of each change until it is killed. */
export async function serveStore(text: string): Promise<void> {
  const order = JSON.parse(text) as Order
  const config = readConfig({ files: [configurationOf(order)], directory: order.dataDir, variables: {} })
  const telling = createTelling({
    config,
    build: { version: '0', commit: '0' },
    clock: systemClock,
    fileSystem: systemFileSystem,
    also: [],
  })
  const closers = new Closers()
  const variables = process.env
  const secrets = createSecrets({ redactor: telling.redactor, variables })
  const opened = await openStore(config, { variables, closers, telling, secrets })
  const { store, leases, leadership } = opened
  for (const name of leadership.shards) await leases.acquire({ name, durationMs: 600_000 })
  await opened.load(telling)
  if (order.seed > 0) {
    for (let index = 0; index < order.seed; index += 1) await store.create(sampleRelease(index))
    await closers.close(10_000)
    say({ seeded: true })
    process.exit()
  }
  const lists = await Promise.all(KINDS.map((kind) => store.list(kind)))
  const objects = lists.reduce((sum, { items }) => sum + items.length, 0)
  const signal = new AbortController().signal
  const watched = listen(store, signal, lists[1]?.resourceVersion)
  const { user, system } = process.cpuUsage()
  const rssMb = process.memoryUsage.rss() / 1024 / 1024
  say({ ready: true, objects, rssMb, cpuSeconds: (user + system) / 1e6 })
  await changeOwn(store, order.changes)
  await watched
}

async function listen(store: Store, signal: AbortSignal, resourceVersion: string | undefined): Promise<void> {
  const from = resourceVersion === undefined ? {} : { resourceVersion }
  for await (const event of store.watch({ signal, ...from })) {
    const sent = event.type === 'EXPIRED' ? undefined : event.object.metadata.annotations?.[SENT]
    if (sent !== undefined) say({ lagMs: Date.now() - Number(sent) })
  }
}

async function changeOwn(store: Store, changes: number): Promise<void> {
  for (let index = 0; index < changes; index += 1) {
    await change(store, index)
    await sleep(PAUSE_MS)
  }
}

/** Marks one release with the time. */
export async function change(store: Store, index: number): Promise<void> {
  const { metadata } = sampleRelease(index)
  const object = await store.get('Release', metadata.name)
  if (object === undefined) throw new Error(`${metadata.name} is not there`)
  const annotations = { ...object.metadata.annotations, [SENT]: String(Date.now()) }
  await store.update({ ...object, metadata: { ...object.metadata, annotations } })
}

function configurationOf({ settings, dataDir }: Order) {
  const text = JSON.stringify({
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Configuration',
    spec: { dataDir, store: settings, log: { level: 'error' } },
  })
  return { path: 'configuration.yaml', mode: 'file', size: text.length, text, validUtf8: true } as const
}

const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`)
