import { createFileLeases } from '../../../controller/adapters/store/file-leases.ts'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import type { Leases } from '../../../controller/ports/store.ts'
import { describeLeases } from '../../support/contracts/leases.ts'
import { describeStore, type StoreBench } from '../../support/contracts/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'

async function newDisk(): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  return fileSystem
}

const openFiles = async (): Promise<StoreBench> => {
  const fileSystem = await newDisk()
  let made = 0
  const store = createFileStore({
    directory: '/data/store',
    fileSystem,
    clock: new FakeClock(),
    uid: () => `uid-${(made += 1)}`,
  })
  // Only the lease's holder opens the files, so there is no second process.
  return { store, other: store, close: () => store.close() }
}

describeStore('files', openFiles, { objects: 1_000 })

describeLeases('files', async () => {
  const fileSystem = await newDisk()
  const clock = new FakeClock()
  const leasesOf = (instance: string): Leases =>
    createFileLeases({
      directory: '/data/leases',
      fileSystem,
      clock,
      holder: { host: instance, bootId: instance, pid: 1, processStartedAt: 1, instance },
      isAlive: async () => undefined,
    })
  return {
    first: leasesOf('first'),
    second: leasesOf('second'),
    advance: (durationMs) => clock.advance(durationMs),
    close: async () => undefined,
  }
})
