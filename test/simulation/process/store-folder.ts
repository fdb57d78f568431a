import type { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { STORE } from './machine.ts'

/** The directory that holds the store's files now: its name changes with each new holder of the lease. */
export function folderOfStore(fileSystem: MemoryFileSystem): string {
  const epochs = fileSystem.folders(STORE).map(Number)
  return `${STORE}/${Math.max(0, ...epochs.filter((epoch) => epoch > 0))}`
}
