import { mkdtemp, realpath, rm } from 'node:fs/promises'
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
  const path = await mkdtemp(join(await realpath(tmpdir()), `${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) }
}
