import { describe, expect, it, onTestFinished } from 'vitest'
import { createFileStore } from '../../controller/adapters/store/file-store.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import { followStoredEnvironments } from '../../controller/compose/stored-environments.ts'
import { readConfig } from '../../controller/config.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import { PortError } from '../../controller/ports/error.ts'
import type { NewObject, Store, StoredObject } from '../../controller/ports/store.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { MemoryFileSystem } from '../support/memory-file-system.ts'
import { seededRandom } from '../support/seeded-random.ts'

const environment = (name: string, more: object = {}): NewObject => ({
  kind: 'Environment',
  metadata: { name },
  spec: { source: { repository: '/r', branch: 'b' }, aws: { region: 'eu-west-1' }, ...more },
})

const labels = { 'steersman.dev/environment': 'prod', 'steersman.dev/release': 'web' }

/** Follows a store that starts with these objects; `asked` is all that the engine was asked for, in order. */
async function followed(objects: readonly NewObject[], wrap: (store: Store) => Store = (store) => store) {
  const fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  let made = 0
  const store = createFileStore({
    directory: '/data/store',
    fileSystem,
    clock: new FakeClock(),
    uid: () => `uid-${(made += 1)}`,
  })
  for (const object of objects) await store.create(object)
  const asked: string[] = []
  const letGo: string[] = []
  const kept: string[] = []
  const prepared: string[] = []
  const events: SteersmanEvent[] = []
  const ended = new AbortController()
  const following = followStoredEnvironments({
    clock: systemClock,
    config: readConfig({ files: [], directory: '/', variables: {} }),
    store: wrap(store),
    prepare: async (sources) =>
      void prepared.push(...sources.flatMap((source) => source?.secretRef?.name ?? [])),
    environments: {
      letGo: async (name) => void letGo.push(name),
      keepForDrain: async (name, isWanted) => void kept.push(`${isWanted ? 'keep' : 'free'} ${name}`),
    },
    controller: {
      setEnvironments: async (environments) => {
        asked.push(`environments ${environments.map(({ metadata }) => metadata.name).join(' ')}`)
      },
      reconcile: (name) => void asked.push(`reconcile ${name}`),
      reconcileRelease: (key) => void asked.push(`reconcile ${key.environment}/${key.release}`),
      mirrorAgain: (name) => void asked.push(`mirror ${name}`),
    },
    telling: {
      telemetry: { emit: (event) => void events.push(event) },
      log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
    },
    signal: ended.signal,
  })
  onTestFinished(async () => {
    ended.abort()
    await store.close()
    await following
  })
  const begun = objects.length === 0 ? 'environments ' : `reconcile ${objects.at(-1)?.metadata.name ?? ''}`
  await expect.poll(() => asked.at(-1)).toBe(begun)
  asked.length = 0
  letGo.length = 0
  return { store, asked, events, letGo, kept, prepared }
}

const annotated = (object: StoredObject, annotations: Readonly<Record<string, string>>): StoredObject => ({
  ...object,
  metadata: { ...object.metadata, annotations },
})

describe('Environments in the store', () => {
  it('are taken over, as they are changed and deleted', async () => {
    const { store, asked } = await followed([environment('prod')])
    const test = await store.create(environment('test'))
    await expect.poll(() => asked).toEqual(['environments prod test', 'reconcile test'])
    asked.length = 0
    await store.update({ ...test, spec: environment('test', { suspend: true }).spec })
    await expect.poll(() => asked).toEqual(['environments prod test', 'reconcile test'])
    asked.length = 0
    await store.delete('Environment', 'test')
    await expect.poll(() => asked).toEqual(['environments prod', 'reconcile test'])
  })

  it('have the Secrets that they name ready before they are taken over', async () => {
    const { store, asked, prepared } = await followed([])
    const from = (name: string): object => ({ secretRef: { name, key: 'token' } })
    const { spec } = environment('prod')
    const source = {
      ...(spec['source'] as object),
      credentialsFrom: from('git'),
      signingKeyFrom: from('key'),
    }
    await store.create(environment('prod', { source, webhookSecretFrom: from('hook') }))
    await expect.poll(() => asked).toEqual(['environments prod', 'reconcile prod'])
    expect(prepared).toEqual(['git', 'key', 'hook'])
  })

  it('are looked at when somebody wishes it, and not when a status is written', async () => {
    const { store, asked } = await followed([environment('prod')])
    const now = await store.get('Environment', 'prod')
    if (now === undefined) throw new Error('the environment is gone')
    const wished = await store.update(annotated(now, { 'steersman.dev/requestedAt': 'now' }))
    await expect.poll(() => asked).toEqual(['reconcile prod'])
    await store.updateStatus({ ...wished, status: { observedGeneration: 1 } })
    await store.create(environment('test'))
    await expect.poll(() => asked).toEqual(['reconcile prod', 'environments prod test', 'reconcile test'])
  })

  it('that can’t be used say why, and leave the others as they are', async () => {
    const { store, asked, events } = await followed([environment('prod')])
    await store.create(environment('odd', { surplus: [] }))
    await expect.poll(() => asked).toEqual(['reconcile odd'])
    expect((await store.get('Environment', 'odd'))?.status).toMatchObject({
      observedGeneration: 1,
      conditions: [
        { type: 'Ready', status: 'False', reason: 'ConfigurationRefused' },
        { type: 'Stalled', status: 'True', message: expect.stringContaining('surplus') as string },
      ],
    })
    const refusals = events.filter(({ type }) => type === 'ConfigurationRefused')
    expect(refusals).toMatchObject([{ file: 'Environment/odd' }])
  })
})

describe('what git says, and what a rollout waits for', () => {
  it('is put back where a Release was changed or deleted, and heard where somebody wishes something', async () => {
    const { store, asked } = await followed([environment('prod')])
    const release = await store.create({ kind: 'Release', metadata: { name: 'prod-web', labels }, spec: {} })
    await expect.poll(() => asked.splice(0)).toEqual(['mirror prod'])
    const wished = await store.update(annotated(release, { 'steersman.dev/retryRequestedAt': 'now' }))
    await expect.poll(() => asked.splice(0)).toEqual(['reconcile prod/web'])
    await store.update({ ...wished, spec: { strategy: {} } })
    await expect.poll(() => asked.splice(0)).toEqual(['mirror prod'])
    await store.delete('Release', 'prod-web')
    await expect.poll(() => asked.splice(0)).toEqual(['mirror prod'])
    await store.create({ kind: 'Rollout', metadata: { name: 'prod-web-1', labels }, spec: {} })
    await expect.poll(() => asked.splice(0)).toEqual(['reconcile prod/web'])
  })

  it('is heard again when the watch has expired or the store did not answer', async () => {
    let watches = 0
    const { store, asked } = await followed([environment('prod')], (inner) => ({
      ...inner,
      watch: (options) => {
        watches += 1
        if (watches === 1)
          return (async function* () {
            yield { type: 'EXPIRED' as const }
          })()
        if (watches === 2) throw new PortError('away', { code: 'StoreUnavailable', handling: 'retry' })
        return inner.watch(options)
      },
    }))
    await expect.poll(() => watches, { timeout: 5_000 }).toBe(3)
    asked.length = 0
    await store.create(environment('test'))
    await expect.poll(() => asked).toContain('environments prod test')
  })
})

describe('an Environment that somebody has deleted', () => {
  /** The file store has no finalizers: what the cluster would say is said here. */
  const deleting = (store: Store): Store => ({
    ...store,
    async list(kind, query) {
      const { items, ...rest } = await store.list(kind, query)
      if (kind !== 'Environment') return { ...rest, items }
      const marked = items.map((object) =>
        object.metadata.annotations?.['deleted'] === undefined
          ? object
          : { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
      )
      return { ...rest, items: marked }
    },
  })

  const rollout = (name: string, phase: string): NewObject => ({
    kind: 'Rollout',
    metadata: { name, labels },
    spec: {},
    status: { phase },
  })

  it('has its rollouts aborted once, and is let go when they have ended', async () => {
    let conflicts = 0
    const { store, asked, events, letGo } = await followed([environment('prod')], (inner) => ({
      ...deleting(inner),
      update: async (object) => {
        if (object.kind === 'Rollout' && (conflicts += 1) === 1)
          throw new PortError('changed', { code: 'Conflict', handling: 'retry' })
        return inner.update(object)
      },
    }))
    const running = await store.create(rollout('prod-web-2', 'Shifting'))
    await store.create(rollout('prod-web-1', 'Succeeded'))
    await expect.poll(() => asked.splice(0).length).toBeGreaterThan(0)
    const now = await store.get('Environment', 'prod')
    if (now === undefined) throw new Error('the environment is gone')
    await store.update(annotated(now, { deleted: 'yes' }))
    await expect.poll(() => letGo.length).toBeGreaterThan(0)
    const aborted = await store.get('Rollout', 'prod-web-2')
    expect(aborted?.metadata.annotations).toMatchObject({
      'steersman.dev/abortRequestedBy': 'steersman',
      'steersman.dev/abortReason': 'its Environment is deleted',
    })
    expect(asked).toContain('reconcile prod/web')
    expect((await store.get('Rollout', 'prod-web-1'))?.metadata.annotations).toBeUndefined()
    await store.updateStatus({ ...(aborted ?? running), status: { phase: 'RollingBack' } })
    const before = letGo.length
    const again = await store.get('Rollout', 'prod-web-2')
    expect(again?.metadata.annotations).toEqual(aborted?.metadata.annotations)
    await store.updateStatus({ ...(again ?? running), status: { phase: 'Aborted' } })
    await expect.poll(() => letGo.length).toBeGreaterThan(before + 1)
    expect(events.filter(({ type }) => type === 'EnvironmentEnding')).toEqual([
      { type: 'EnvironmentEnding', environment: 'prod', rollouts: 1 },
    ])
  })

  it('is kept until its releases are gone where it says Drain, and let go at once where it says Orphan by now', async () => {
    const drain = environment('prod', { deletionPolicy: 'Drain' })
    const { store, events, kept } = await followed([drain, environment('test')], deleting)
    expect(kept.splice(0)).toEqual(['keep prod', 'free test'])
    for (const name of ['prod-api', 'prod-web'])
      await store.create({ kind: 'Release', metadata: { name, labels }, spec: {} })
    const now = await store.get('Environment', 'prod')
    if (now === undefined) throw new Error('the environment is gone')
    await store.update(annotated(now, { deleted: 'yes' }))
    const drained = (): readonly SteersmanEvent[] =>
      events.filter(({ type }) => type === 'EnvironmentDraining')
    const told = (releases: number) => ({ type: 'EnvironmentDraining', environment: 'prod', releases })
    await expect.poll(drained).toEqual([told(2)])
    await store.delete('Release', 'prod-api')
    await expect.poll(drained).toEqual([told(2), told(1)])
    expect(kept).toEqual([])
    const again = await store.get('Environment', 'prod')
    if (again === undefined) throw new Error('the environment is gone')
    await store.update({ ...again, spec: { ...again.spec, deletionPolicy: 'Orphan' } })
    await expect.poll(() => kept.splice(0)).toEqual(['free prod'])
    const orphaned = await store.get('Environment', 'prod')
    await store.update({ ...again, ...orphaned, spec: again.spec })
    await expect.poll(() => drained().length).toBe(3)
    await store.delete('Release', 'prod-web')
    await expect.poll(() => kept).toEqual(['free prod'])
    expect(drained().at(-1)).toEqual(told(0))
  })
})
