import { watch } from 'chokidar'
import type { Clock } from '../../ports/clock.ts'

export interface ConfigWatcher {
  close(): Promise<void>
}

/** An editor writes a file in several steps: they are over when nothing happened for this long. */
const QUIET_MS = 200

/** Some file systems (network mounts, containers on other hosts) tell nothing, so it is also looked without being told. */
const LOOK_EVERY_MS = 15_000

/**
 * Calls `onMaybeChanged` soon after something happened to the file or directly in the directory, and now and then without a reason:
 * whoever is called compares. Calls never overlap. Resolves when it watches.
 */
export async function watchConfig({
  path,
  clock,
  onMaybeChanged,
}: {
  readonly path: string
  readonly clock: Pick<Clock, 'setTimer'>
  readonly onMaybeChanged: () => Promise<void>
}): Promise<ConfigWatcher> {
  const watcher = watch(path, { depth: 0, ignoreInitial: true, followSymlinks: true })
  let running: Promise<void> = Promise.resolve()
  let isClosed = false
  let cancel = clock.setTimer(LOOK_EVERY_MS, look)

  function look(): void {
    if (isClosed) return
    running = running
      .then(onMaybeChanged)
      .catch(() => undefined)
      .then(() => later(LOOK_EVERY_MS))
  }

  function later(delayMs: number): void {
    cancel()
    if (!isClosed) cancel = clock.setTimer(delayMs, look)
  }

  watcher.on('all', () => later(QUIET_MS))
  // Without notice by the system there is still the look now and then.
  watcher.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve)
  })
  return {
    async close() {
      isClosed = true
      cancel()
      await watcher.close()
      await running
    },
  }
}
