import { beforeEach, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../controller/adapters/store/file-store.ts'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import type { NewObject, StoredObject, WatchEvent } from '../../../controller/ports/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const directory = '/data/store'
const release: NewObject = {
  kind: 'Release',
  metadata: { name: 'prod-web', labels: { environment: 'prod' } },
  spec: { image: { tag: 'v1' } },
}

let clock: FakeClock
let fileSystem: MemoryFileSystem
let store: FileStore

beforeEach(async () => {
  clock = new FakeClock()
  fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  store = open()
})

function open(watchBacklog = 1_000): FileStore {
  let made = 0
  return createFileStore({ directory, fileSystem, clock, uid: () => `uid-${(made += 1)}`, watchBacklog })
}

describe('objects', () => {
  it('fills in the metadata of a new object', async () => {
    const created = await store.create(release)
    expect(created).toEqual({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Release',
      metadata: {
        name: 'prod-web',
        labels: { environment: 'prod' },
        generation: 1,
        resourceVersion: '1',
        creationTimestamp: '2026-01-01T00:00:00.000Z',
        uid: 'uid-1',
      },
      spec: { image: { tag: 'v1' } },
    })
    expect(await store.get('Release', 'prod-web')).toBe(created)
  })

  it('refuses to create an object twice', async () => {
    await store.create(release)
    await expect(store.create(release)).rejects.toMatchObject({ code: 'AlreadyExists' })
  })

  it.each([
    ['update', { spec: { image: { tag: 'v2' } } }, { generation: 2, resourceVersion: '2' }],
    ['update', { spec: { image: { tag: 'v1' } } }, { generation: 1, resourceVersion: '1' }],
    ['updateStatus', { status: { phase: 'Shifting' } }, { generation: 1, resourceVersion: '2' }],
    ['updateStatus', {}, { generation: 1, resourceVersion: '1' }],
    ['updateStatus', { status: undefined }, { generation: 1, resourceVersion: '1' }],
  ] as const)('%s with %j leads to %j', async (verb, change, expected) => {
    const created = await store.create(release)
    const changed = await store[verb]({ ...created, ...change } as StoredObject)
    expect(changed.metadata).toMatchObject(expected)
    expect(await store.get('Release', 'prod-web')).toBe(changed)
  })

  it('changes labels and annotations without a new generation', async () => {
    const created = await store.create(release)
    const changed = await store.update({
      ...created,
      metadata: { ...created.metadata, labels: { environment: 'test' }, annotations: { note: 'x' } },
    })
    expect(changed.metadata).toMatchObject({
      generation: 1,
      labels: { environment: 'test' },
      annotations: { note: 'x' },
    })
  })

  it('leaves the status alone on update, and the spec on updateStatus', async () => {
    const created = await store.create({ ...release, status: { phase: 'Pending' } })
    const updated = await store.update({
      ...created,
      spec: { image: { tag: 'v2' } },
      status: { phase: 'lost' },
    })
    expect(updated.status).toEqual({ phase: 'Pending' })
    const reported = await store.updateStatus({ ...updated, spec: {}, status: { phase: 'Baking' } })
    expect(reported).toMatchObject({ spec: { image: { tag: 'v2' } }, status: { phase: 'Baking' } })
  })

  it.each(['update', 'updateStatus'] as const)(
    'refuses %s of an object that changed meanwhile',
    async (verb) => {
      const created = await store.create(release)
      await store.update({ ...created, spec: { image: { tag: 'v2' } } })
      await expect(store[verb]({ ...created, spec: {}, status: {} })).rejects.toMatchObject({
        code: 'Conflict',
      })
    },
  )

  it('lets exactly one of two writers of the same version through', async () => {
    const created = await store.create(release)
    const results = await Promise.allSettled([
      store.update({ ...created, spec: { image: { tag: 'v2' } } }),
      store.update({ ...created, spec: { image: { tag: 'v3' } } }),
    ])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it.each(['update', 'updateStatus'] as const)('refuses %s of an object that is gone', async (verb) => {
    const created = await store.create(release)
    await store.delete('Release', 'prod-web')
    await expect(store[verb]({ ...created, spec: {}, status: {} })).rejects.toMatchObject({
      code: 'NotFound',
    })
    await expect(store.delete('Release', 'prod-web')).rejects.toMatchObject({ code: 'NotFound' })
  })

  it('lists by label, sorted by name', async () => {
    for (const [name, environment] of [
      ['prod-web', 'prod'],
      ['test-web', 'test'],
      ['prod-api', 'prod'],
    ] as const) {
      await store.create({ ...release, metadata: { name, labels: { environment } } })
    }
    const { items, resourceVersion } = await store.list('Release', { labels: { environment: 'prod' } })
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['prod-api', 'prod-web'])
    expect(resourceVersion).toBe('3')
    expect((await store.list('Rollout')).items).toEqual([])
  })

  it('freezes what it gives out and keeps nothing of what it was given', async () => {
    const image = { tag: 'v1' }
    const created = await store.create({ ...release, spec: { image } })
    image.tag = 'changed'
    expect(created.spec).toEqual({ image: { tag: 'v1' } })
    expect(Object.isFrozen(created.spec['image'])).toBe(true)
  })

  it.each(['', '.', '..', '../x', 'a/b', 'A', 'a_b', '-a', 'a-', 'x'.repeat(231), 'a\n'])(
    'refuses the name %j',
    async (name) => {
      await expect(store.create({ ...release, metadata: { name } })).rejects.toMatchObject({
        code: 'Invalid',
      })
    },
  )

  it('refuses an object of more than a mebibyte', async () => {
    await expect(store.create({ ...release, spec: { text: 'x'.repeat(2 ** 20) } })).rejects.toMatchObject({
      code: 'Invalid',
    })
  })
})

describe('restarts', () => {
  it('has every object again, and goes on counting above every version it ever gave', async () => {
    const created = await store.create(release)
    await store.create({ ...release, metadata: { name: 'prod-api' } })
    await store.delete('Release', 'prod-api')
    await store.close()
    store = open()
    expect(await store.get('Release', 'prod-web')).toEqual(created)
    const next = await store.create({ ...release, metadata: { name: 'prod-new' } })
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(3)
  })

  it('refuses every call after close', async () => {
    await store.create(release)
    await store.close()
    await expect(store.get('Release', 'prod-web')).rejects.toMatchObject({ code: 'StoreUnavailable' })
    await expect(store.create(release)).rejects.toMatchObject({ code: 'StoreUnavailable' })
  })

  it.each([
    ['cut short', '{"apiVersion":"steersman.dev/v1'],
    ['empty', ''],
    ['full of zeros', '\0\0\0\0'],
    ['of another object', '{"kind":"Release","metadata":{"name":"other"},"spec":{}}'],
    ['enormous', 'x'.repeat(3 * 2 ** 20)],
  ])('uses the version before a file that is %s, and reports it', async (_case, text) => {
    const created = await store.create(release)
    await store.update({ ...created, spec: { image: { tag: 'v2' } } })
    await store.close()
    fileSystem.damage(`${directory}/1/release/prod-web.json`, text)
    store = open()
    expect(await store.load()).toEqual([
      {
        file: '2/release/prod-web.json',
        movedTo: 'broken/release-prod-web.json',
        message:
          '2/release/prod-web.json does not hold a whole Release: moved to broken/release-prod-web.json; the version before it is used',
      },
    ])
    expect(await store.get('Release', 'prod-web')).toEqual(created)
    await store.close()
    expect(await open().load()).toEqual([])
  })

  it('goes on without an object whose only version is broken', async () => {
    await store.create(release)
    await store.create({ ...release, metadata: { name: 'prod-api' } })
    fileSystem.damage(`${directory}/1/release/prod-web.json`, '{')
    store = open()
    expect(await store.load()).toHaveLength(1)
    expect((await store.list('Release')).items.map(({ metadata }) => metadata.name)).toEqual(['prod-api'])
  })

  it('never gives a version twice when the counter file is lost', async () => {
    const created = await store.create(release)
    await fileSystem.remove(`${directory}/1/version`)
    store = open()
    const changed = await store.update({ ...created, spec: {} })
    expect(Number(changed.metadata.resourceVersion)).toBeGreaterThan(1_000)
  })

  it('changes nothing when the disk is full, and goes on when it no longer is', async () => {
    const created = await store.create(release)
    fileSystem.setFull(true)
    await expect(store.update({ ...created, spec: {} })).rejects.toMatchObject({ code: 'StoreFull' })
    expect(await store.get('Release', 'prod-web')).toBe(created)
    fileSystem.setFull(false)
    expect((await store.update({ ...created, spec: {} })).spec).toEqual({})
  })
})

describe('watch', () => {
  it('tells of every change after the given version, in order', async () => {
    const created = await store.create(release)
    const { resourceVersion } = await store.list('Release')
    const events = take(store.watch({ resourceVersion, signal: AbortSignal.timeout(10_000) }), 3)
    const updated = await store.update({ ...created, spec: {} })
    await store.create({ kind: 'Rollout', metadata: { name: 'prod-web-1' }, spec: {} })
    await store.delete('Release', 'prod-web')
    expect((await events).map(summary)).toEqual([
      'MODIFIED prod-web 2',
      'ADDED prod-web-1 3',
      'DELETED prod-web 4',
    ])
    expect(updated.metadata.resourceVersion).toBe('2')
  })

  it('starts from now on without a version, and leaves other kinds out', async () => {
    await store.create(release)
    const events = take(store.watch({ kinds: ['Rollout'], signal: AbortSignal.timeout(10_000) }), 1)
    await store.create({ ...release, metadata: { name: 'prod-api' } })
    await store.create({ kind: 'Rollout', metadata: { name: 'prod-web-1' }, spec: {} })
    expect((await events).map(summary)).toEqual(['ADDED prod-web-1 3'])
  })

  it('expires for a reader that lies too far behind, and ends', async () => {
    store = open(2)
    const watch = store.watch({ resourceVersion: '0', signal: AbortSignal.timeout(10_000) })
    for (const name of ['a', 'b', 'c']) await store.create({ ...release, metadata: { name } })
    expect(await take(watch, 10)).toEqual([{ type: 'EXPIRED' }])
  })

  it.each(['99', 'nonsense', '-1', ''])(
    'expires at once for the version %j that it never gave',
    async (version) => {
      const watch = store.watch({ resourceVersion: version, signal: AbortSignal.timeout(10_000) })
      expect(await take(watch, 10)).toEqual([{ type: 'EXPIRED' }])
    },
  )

  it('expires for a version of an earlier run', async () => {
    await store.create(release)
    const { resourceVersion } = await store.list('Release')
    await store.close()
    store = open()
    expect(await take(store.watch({ resourceVersion, signal: AbortSignal.timeout(10_000) }), 10)).toEqual([
      { type: 'EXPIRED' },
    ])
  })

  it('ends when it is aborted', async () => {
    const abort = new AbortController()
    const events = take(store.watch({ signal: abort.signal }), 10)
    await store.create(release)
    abort.abort()
    expect((await events).length).toBeLessThanOrEqual(1)
  })

  it('ends when the store is closed', async () => {
    const events = take(store.watch({ signal: AbortSignal.timeout(10_000) }), 10)
    await store.load()
    await store.close()
    expect(await events).toEqual([])
  })
})

async function take(watch: AsyncIterable<WatchEvent>, limit: number): Promise<readonly WatchEvent[]> {
  const events: WatchEvent[] = []
  for await (const event of watch) {
    events.push(event)
    if (events.length === limit) break
  }
  return events
}

function summary(event: WatchEvent): string {
  if (event.type === 'EXPIRED') return event.type
  return `${event.type} ${event.object.metadata.name} ${event.object.metadata.resourceVersion}`
}
