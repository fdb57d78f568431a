import type { FileSystem } from '../../ports/file-system.ts'

/** The one counter behind every resourceVersion: it never gives a number twice, over restarts and crashes. */
export interface VersionCounter {
  /** The last number given, or the one that counting starts after. */
  current(): number
  next(): Promise<number>
}

/** Numbers are reserved in blocks, so that a write costs one sync of this file in a thousand. */
const blockSize = 1_000
/** Where the counter's own file was lost, deleted objects may have had higher versions than those still there. */
const lostFileLeap = 1_000_000

/** Counts on after the highest number that may ever have been given; `highestSeen` is the highest one on an object. */
export async function openVersionCounter({
  directory,
  fileSystem,
  highestSeen,
}: {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly highestSeen: number
}): Promise<VersionCounter> {
  const path = `${directory}/version`
  await fileSystem.remove(`${path}.tmp`)
  const stored = /^(\d{1,15})\n$/.exec((await fileSystem.read(path, 64).catch(() => undefined)) ?? '')?.[1]
  const lost = stored === undefined && highestSeen > 0
  let given = Math.max(stored === undefined ? 0 : Number(stored), highestSeen) + (lost ? lostFileLeap : 0)
  let reserved = given

  return {
    current: () => given,
    async next() {
      if (given >= reserved) await reserve(given + blockSize)
      given += 1
      return given
    },
  }

  async function reserve(upTo: number): Promise<void> {
    await fileSystem.write(`${path}.tmp`, `${upTo}\n`)
    await fileSystem.rename(`${path}.tmp`, path)
    await fileSystem.syncDirectory(directory)
    reserved = upTo
  }
}
