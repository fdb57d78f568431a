import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewObject, Store, StoredObject, WatchEvent } from '../../../controller/ports/store.ts'

/** A fresh, empty store as a test of the contract uses it. */
export interface StoreBench {
  readonly store: Store
  /** The same objects as a second process sees them; the same store where only one process may open it. */
  readonly other: Store
  close(): Promise<void>
}

/** More objects than one answer of what is asked holds; `bytes`: of each, beside what a release has. */
export interface LongList {
  readonly objects: number
  readonly bytes?: number
}

const LONG_WITHIN_MS = 120_000

/** A write through one process has to be told to the watchers of another within this time. */
const TOLD_WITHIN_MS = 20_000

/** Objects that every schema of ours takes, so that an API server would too, which also fills in defaults. */
const releaseNamed = (name: string, tag = 'v1', environment = 'prod'): NewObject => ({
  kind: 'Release',
  metadata: { name, labels: { 'steersman.dev/environment': environment } },
  spec: specWith(tag),
})

const specWith = (tag: string): StoredObject['spec'] => ({
  image: { container: 'web', repository: 'shop/web', tag },
  taskDefinition: { file: 'taskdefs/web.json' },
  service: { cluster: 'shop' },
  traffic: {
    loadBalancer: 'shop',
    rules: [{ port: 443 }],
    targetGroups: { blue: 'web-blue', green: 'web-green' },
  },
})

/** What every store promises (`ports/store.ts`), whatever holds the objects: the same tests for each of them. */
export function describeStore(title: string, open: () => Promise<StoreBench>, long: LongList): void {
  let bench: StoreBench
  let store: Store

  const use = (): void => {
    beforeEach(async () => {
      bench = await open()
      store = bench.store
    })
    afterEach(() => bench.close())
  }

  describe(`${title}: objects`, () => {
    use()
    objectTests(() => store)
    writerTests(() => bench)
    listTests(() => bench, long)
  })

  describe(`${title}: watch`, () => {
    use()
    watchTests(() => bench)
  })
}

function objectTests(store: () => Store): void {
  it('gives back what was created, with its metadata filled in', async () => {
    const created = await store().create(releaseNamed('prod-web'))
    expect(created).toMatchObject({ apiVersion: 'steersman.dev/v1alpha1', ...releaseNamed('prod-web') })
    expect(created.metadata).toMatchObject({ generation: 1 })
    expect(created.metadata.uid).not.toBe('')
    expect(new Date(created.metadata.creationTimestamp).getTime()).not.toBeNaN()
    expect(await store().get('Release', 'prod-web')).toEqual(created)
    expect(await store().get('Release', 'prod-api')).toBeUndefined()
    expect(await store().get('Rollout', 'prod-web')).toBeUndefined()
  })

  it('keeps the status that an object is created with', async () => {
    const created = await store().create({ ...releaseNamed('prod-web'), status: { revision: 'r1' } })
    expect(created.status).toEqual({ revision: 'r1' })
    expect(await store().get('Release', 'prod-web')).toEqual(created)
  })

  it('keeps the status when the spec is written, and the spec when the status is', async () => {
    const created = await store().create(releaseNamed('prod-web'))
    const reported = await store().updateStatus({ ...created, spec: {}, status: { revision: 'r1' } })
    expect(reported).toMatchObject({ spec: specWith('v1'), status: { revision: 'r1' } })
    expect(reported.metadata.generation).toBe(1)
    const updated = await store().update({ ...reported, spec: specWith('v2'), status: { revision: 'lost' } })
    expect(updated).toMatchObject({ spec: specWith('v2'), status: { revision: 'r1' } })
    expect(updated.metadata.generation).toBe(2)
    expect(await store().get('Release', 'prod-web')).toEqual(updated)
  })

  it('gives every write a new version, and an equal one none', async () => {
    const created = await store().create(releaseNamed('prod-web'))
    const updated = await store().update({ ...created, spec: specWith('v2') })
    expect(updated.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion)
    const again = await store().update({ ...updated, spec: specWith('v2') })
    expect(again.metadata).toEqual(updated.metadata)
    const reported = await store().updateStatus({ ...again, status: { revision: 'r1' } })
    expect(reported.metadata.resourceVersion).not.toBe(again.metadata.resourceVersion)
    const reportedAgain = await store().updateStatus({ ...reported, status: { revision: 'r1' } })
    expect(reportedAgain.metadata).toEqual(reported.metadata)
  })

  it('changes labels and annotations without a new generation', async () => {
    const created = await store().create(releaseNamed('prod-web'))
    const labels = { 'steersman.dev/environment': 'test' }
    const annotations = { 'steersman.dev/note': 'Größe "1"\nline' }
    const changed = await store().update({
      ...created,
      metadata: { ...created.metadata, labels, annotations },
    })
    expect(changed.metadata).toMatchObject({ generation: 1, labels, annotations })
    expect((await store().get('Release', 'prod-web'))?.metadata).toEqual(changed.metadata)
  })

  it('refuses to create an object twice', async () => {
    await store().create(releaseNamed('prod-web'))
    await expect(store().create(releaseNamed('prod-web', 'v2'))).rejects.toMatchObject({
      code: 'AlreadyExists',
    })
    expect((await store().get('Release', 'prod-web'))?.spec).toMatchObject(specWith('v1'))
  })

  it.each(['update', 'updateStatus'] as const)('refuses %s of an object that is gone', async (verb) => {
    const created = await store().create(releaseNamed('prod-web'))
    await store().delete('Release', 'prod-web')
    expect(await store().get('Release', 'prod-web')).toBeUndefined()
    const given = { ...created, spec: specWith('v2'), status: { revision: 'r1' } }
    await expect(store()[verb](given)).rejects.toMatchObject({ code: 'NotFound' })
    await expect(store().delete('Release', 'prod-web')).rejects.toMatchObject({ code: 'NotFound' })
  })

  it.each(['', '.', '..', '../x', 'a/b', 'A', 'a_b', '-a', 'a-', 'x'.repeat(231), 'a\n'])(
    'refuses the name %j',
    async (name) => {
      await expect(store().create(releaseNamed(name))).rejects.toMatchObject({ code: 'Invalid' })
    },
  )

  it('refuses an object of more than a mebibyte', async () => {
    const huge = { ...releaseNamed('prod-web'), status: { revision: 'x'.repeat(2 ** 20) } }
    await expect(store().create(huge)).rejects.toMatchObject({ code: 'Invalid', handling: 'stall' })
    expect(await store().get('Release', 'prod-web')).toBeUndefined()
  })
}

function writerTests(bench: () => StoreBench): void {
  it.each(['update', 'updateStatus'] as const)(
    'refuses %s of an object that another writer changed meanwhile',
    async (verb) => {
      const { store, other } = bench()
      const created = await store.create(releaseNamed('prod-web'))
      await other.update({ ...created, spec: specWith('v2') })
      const given = { ...created, spec: specWith('v3'), status: { revision: 'r3' } }
      await expect(store[verb](given)).rejects.toMatchObject({ code: 'Conflict', handling: 'retry' })
      expect((await store.get('Release', 'prod-web'))?.spec).toMatchObject(specWith('v2'))
    },
  )

  it('refuses to write over an object that was deleted and created again', async () => {
    const { store, other } = bench()
    const created = await store.create(releaseNamed('prod-web'))
    await other.delete('Release', 'prod-web')
    const again = await other.create(releaseNamed('prod-web'))
    expect(again.metadata.uid).not.toBe(created.metadata.uid)
    const given = { ...created, spec: specWith('v3') }
    await expect(store.update(given)).rejects.toMatchObject({ code: 'Conflict' })
  })

  it('lets exactly one of two writers of the same version through', async () => {
    const { store, other } = bench()
    const created = await store.create(releaseNamed('prod-web'))
    const results = await Promise.allSettled([
      store.update({ ...created, spec: specWith('v2') }),
      other.update({ ...created, spec: specWith('v3') }),
    ])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('lets exactly one of two create an object', async () => {
    const { store, other } = bench()
    const results = await Promise.allSettled([
      store.create(releaseNamed('prod-web', 'v1')),
      other.create(releaseNamed('prod-web', 'v2')),
    ])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('loses no change of two writers who each read, add and write 20 times', async () => {
    const { store, other } = bench()
    await store.create({ ...releaseNamed('prod-web'), status: { revision: '0' } })
    await Promise.all([addOneByOne(store, 20), addOneByOne(other, 20)])
    for (const each of [store, other]) {
      const seen = async (): Promise<unknown> => (await each.get('Release', 'prod-web'))?.status
      await expect.poll(seen, { timeout: TOLD_WITHIN_MS }).toEqual({ revision: '40' })
    }
  })
}

/** As everybody who writes does: read, change, write, and again where somebody else was faster. */
async function addOneByOne(store: Store, times: number): Promise<void> {
  for (let added = 0; added < times;) {
    const object = await store.get('Release', 'prod-web')
    if (object === undefined) throw new Error('the object is gone')
    const revision = String(Number(object.status?.['revision']) + 1)
    try {
      await store.updateStatus({ ...object, status: { revision } })
      added += 1
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'Conflict') throw error
    }
  }
}

function listTests(bench: () => StoreBench, { objects, bytes = 0 }: LongList): void {
  it('lists one kind by label, sorted by name', async () => {
    const { store } = bench()
    for (const [name, environment] of [
      ['prod-web', 'prod'],
      ['test-web', 'test'],
      ['prod-api', 'prod'],
    ] as const) {
      await store.create(releaseNamed(name, 'v1', environment))
    }
    const labels = { 'steersman.dev/environment': 'prod' }
    const { items, resourceVersion } = await store.list('Release', { labels })
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['prod-api', 'prod-web'])
    expect(resourceVersion).not.toBe('')
    expect((await store.list('Rollout')).items).toEqual([])
    const nobody = { 'steersman.dev/environment': 'prod', other: 'label' }
    expect((await store.list('Release', { labels: nobody })).items).toEqual([])
  })

  it(
    `lists ${objects} objects whole, to its own process and to another`,
    { timeout: LONG_WITHIN_MS },
    async () => {
      const { store, other } = bench()
      const names = Array.from({ length: objects }, (_, index) => `prod-${String(index).padStart(4, '0')}`)
      const annotations = { 'example.com/notes': 'x'.repeat(bytes) }
      for (const name of names) {
        const { metadata, ...rest } = releaseNamed(name)
        await store.create({ ...rest, metadata: { ...metadata, annotations } })
      }
      const listed = async (by: Store): Promise<readonly string[]> =>
        (await by.list('Release')).items.map(({ metadata }) => metadata.name)
      expect(await listed(store)).toEqual(names)
      await expect.poll(() => listed(other), { timeout: TOLD_WITHIN_MS }).toEqual(names)
    },
  )
}

function watchTests(bench: () => StoreBench): void {
  it('tells what happened since a list, to its own process and to another', async () => {
    const { store, other } = bench()
    const created = await store.create(releaseNamed('prod-web'))
    await expect
      .poll(async () => (await other.list('Release')).items.length, { timeout: TOLD_WITHIN_MS })
      .toBe(1)
    const lists = [await store.list('Release'), await other.list('Release')]
    const watches = [store, other].map((each, index) =>
      firstEvents(each, { after: lists[index]?.resourceVersion, count: 3 }),
    )
    await store.update({ ...created, spec: specWith('v2') })
    await store.create(releaseNamed('prod-api'))
    await store.delete('Release', 'prod-web')
    for (const events of await Promise.all(watches)) {
      expect(lastOfEach(events)).toEqual({ 'prod-web': 'DELETED', 'prod-api': 'ADDED' })
    }
  })

  it('starts from now on without a version, and leaves other kinds out', async () => {
    const { store } = bench()
    await store.create(releaseNamed('prod-web'))
    const events = firstEvents(store, { after: undefined, count: 1, kinds: ['Environment'] })
    await store.create(releaseNamed('prod-api'))
    await store.create(environment)
    expect((await events).map(summary)).toEqual(['ADDED prod'])
  })

  it('tells the object as it is now', async () => {
    const { store } = bench()
    const { resourceVersion } = await store.list('Release')
    const events = firstEvents(store, { after: resourceVersion, count: 1 })
    const created = await store.create(releaseNamed('prod-web'))
    expect(await events).toEqual([{ type: 'ADDED', object: created }])
  })

  it.each(['nonsense', '-1', ''])('expires at once for the version %j that it never gave', async (after) => {
    const { store } = bench()
    await store.list('Release')
    expect(await firstEvents(store, { after, count: 10 })).toEqual([{ type: 'EXPIRED' }])
  })

  it('ends when it is aborted', async () => {
    const { store } = bench()
    const abort = new AbortController()
    const events = firstEvents(store, { after: undefined, count: 10, signal: abort.signal })
    await store.create(releaseNamed('prod-web'))
    abort.abort()
    expect((await events).length).toBeLessThanOrEqual(1)
  })
}

const environment: NewObject = {
  kind: 'Environment',
  metadata: { name: 'prod' },
  spec: {
    source: { repository: 'https://git.example.com/shop.git', branch: 'main', path: 'deploy' },
    aws: { region: 'eu-west-1' },
  },
}

async function firstEvents(
  store: Store,
  options: {
    readonly after: string | undefined
    readonly count: number
    readonly kinds?: readonly NewObject['kind'][]
    readonly signal?: AbortSignal
  },
): Promise<readonly WatchEvent[]> {
  const { after, count, kinds, signal = AbortSignal.timeout(TOLD_WITHIN_MS) } = options
  const events: WatchEvent[] = []
  const watch = store.watch({
    signal,
    ...(kinds === undefined ? {} : { kinds }),
    ...(after === undefined ? {} : { resourceVersion: after }),
  })
  for await (const event of watch) {
    events.push(event)
    // A store may leave out what was overtaken before it could be told: the end of an object is always told.
    if (events.length === count || (event.type === 'DELETED' && count > 1)) break
  }
  return events
}

/** What was told last of each object. */
function lastOfEach(events: readonly WatchEvent[]): Record<string, string> {
  return Object.fromEntries(
    events.map((event) => [event.type === 'EXPIRED' ? '' : event.object.metadata.name, event.type]),
  )
}

const summary = (event: WatchEvent): string =>
  event.type === 'EXPIRED' ? event.type : `${event.type} ${event.object.metadata.name}`
