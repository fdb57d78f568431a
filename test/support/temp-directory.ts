import { access, constants, mkdtemp, realpath, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A fresh directory that is removed with all in it when the running test ends. Its path holds no symlink. */
export async function temporaryDirectory(name = 'steersman'): Promise<string> {
  const directory = await makeTemporaryDirectory(name)
  onTestFinished(directory.remove)
  return directory.path
}

/** A fresh directory for a whole file of tests: call `remove` in `afterAll`. */
export async function makeTemporaryDirectory(
  name = 'steersman',
): Promise<{ path: string; remove: () => Promise<void> }> {
  return makeDirectoryIn(tmpdir(), name)
}

/**
 * The same in memory, where the machine has such a place with room, for what is synced to the disk at each of hundreds of writes: a test waits for the disk
 * then, and for whoever else writes to it. No program may be started from it.
 */
export async function makeDirectoryInMemory(
  name = 'steersman',
): Promise<{ path: string; remove: () => Promise<void> }> {
  return makeDirectoryIn((await hasRoom(MEMORY)) ? MEMORY : tmpdir(), name)
}

/** Linux's own; a container's has 64 MiB. */
const MEMORY = '/dev/shm'
const ROOM_BYTES = 32 * 1024 * 1024

async function hasRoom(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK)
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return false
  }
}

async function makeDirectoryIn(
  parent: string,
  name: string,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(await realpath(parent), `${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) }
}
