import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../controller/adapters/store/file-store.ts'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import { systemFileSystem } from '../../../controller/adapters/system/file-system.ts'
import type { FileSystem } from '../../../controller/ports/file-system.ts'
import type { NewObject } from '../../../controller/ports/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { Crashed, MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const clock = new FakeClock()
const release: NewObject = { kind: 'Release', metadata: { name: 'prod-web' }, spec: { image: { tag: 'v1' } } }

const holding = (fileSystem: FileSystem, epoch: number | undefined, directory = '/data/store'): FileStore =>
  createFileStore({
    directory,
    fileSystem,
    clock,
    uid: () => `of epoch ${epoch}`,
    epochs: { epoch: () => epoch },
  })

async function newDisk(seed = 1): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem(seededRandom(seed))
  await fileSystem.makeDirectory('/data')
  return fileSystem
}

/** The disk as a process sees it whose next replacement of a file hangs until it is let go. */
function hanging(fileSystem: FileSystem): { readonly disk: FileSystem; readonly letGo: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  let isOpen = false
  const disk: FileSystem = {
    ...plain(fileSystem),
    async rename(from, to) {
      if (!isOpen && to.endsWith('.json')) await promise
      return fileSystem.rename(from, to)
    },
  }
  const letGo = (): void => {
    isOpen = true
    resolve(undefined)
  }
  return { disk, letGo }
}

const plain = (fileSystem: FileSystem): FileSystem => ({
  read: (path, limit) => fileSystem.read(path, limit),
  write: (path, text) => fileSystem.write(path, text),
  append: (path, text) => fileSystem.append(path, text),
  size: (path) => fileSystem.size(path),
  rename: (from, to) => fileSystem.rename(from, to),
  link: (from, to) => fileSystem.link(from, to),
  remove: (path) => fileSystem.remove(path),
  syncDirectory: (path) => fileSystem.syncDirectory(path),
  list: (path) => fileSystem.list(path),
  makeDirectory: (path) => fileSystem.makeDirectory(path),
})

/** How a write ended that hung while another controller took the store over, and what the disk says after it was let go. */
async function lateWrite(fileSystem: FileSystem, directory: string): Promise<readonly unknown[]> {
  const before = holding(fileSystem, 1, directory)
  const created = await before.create(release)
  await before.close()
  const { disk, letGo } = hanging(fileSystem)
  const late = holding(disk, 1, directory)
  const lateEnd = late
    .update({ ...created, spec: { image: { tag: 'late' } } })
    .catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const next = holding(fileSystem, 2, directory)
  await next.update({ ...created, spec: { image: { tag: 'v2' } } })
  letGo()
  const after = holding(fileSystem, 3, directory)
  return [await lateEnd, (await after.get('Release', 'prod-web'))?.spec]
}

const refused = [{ code: 'StoreUnavailable' }, { image: { tag: 'v2' } }]

describe('a store that another controller takes over', () => {
  it('is not written to by what was still under way', async () => {
    expect(await lateWrite(await newDisk(), '/data/store')).toMatchObject(refused)
  })

  it('is not written to by what was still under way on a real disk', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'steersman-claim-'))
    try {
      expect(await lateWrite(systemFileSystem, join(directory, 'store'))).toMatchObject(refused)
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('is not taken back by one whose lease is over', async () => {
    const fileSystem = await newDisk()
    await holding(fileSystem, 2).create(release)
    await expect(holding(fileSystem, 1).load()).rejects.toMatchObject({
      code: 'StoreUnavailable',
      remedy:
        'Where no other controller uses it, as after a copy or a loss of the leases beside it, rename /data/store/2 to /data/store/1.',
    })
    expect(await holding(fileSystem, 2).get('Release', 'prod-web')).toBeDefined()
  })

  it('is not opened before the lease was taken', async () => {
    const fileSystem = await newDisk()
    await expect(holding(fileSystem, undefined).load()).rejects.toThrow('before its lease was taken')
    expect(await fileSystem.list('/data/store')).toEqual([])
  })

  it.each([1, 2, 3, 4, 5])('is whole when the machine goes down in call %i of that', async (call) => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const fileSystem = await newDisk(seed)
      const created = await holding(fileSystem, 1).create(release)
      fileSystem.crashAt(fileSystem.calls + call)
      await holding(fileSystem, 2)
        .load()
        .catch((error: unknown) => expect(error).toBeInstanceOf(Crashed))
      fileSystem.restart()
      expect(await holding(fileSystem, 3).get('Release', 'prod-web')).toEqual(created)
      expect(await fileSystem.list('/data/store')).toEqual(['3'])
    }
  })
})
