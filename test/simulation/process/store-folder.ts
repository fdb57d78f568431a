import type { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { STORE } from './machine.ts'

/** The directory that holds the store's files now: its name changes with each new holder of the lease. */
export function folderOfStore(fileSystem: MemoryFileSystem): string {
  const names = fileSystem.folders(STORE)
  const folder = newest.get(names) ?? newestOf(names)
  newest.set(names, folder)
  return folder
}

/** Checkers ask after every step, and folders hardly ever change. */
const newest = new WeakMap<readonly string[], string>()

function newestOf(names: readonly string[]): string {
  const epochs = names.map(Number).filter((epoch) => epoch > 0)
  return `${STORE}/${Math.max(0, ...epochs)}`
}
