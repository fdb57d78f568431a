import type { FileSystem } from '../../ports/file-system.ts'
import { PortError } from '../../ports/error.ts'
import { unavailable } from './errors.ts'

/** What a store may ask about the lease that its writers must hold. */
export interface Epochs {
  /** The epoch under which the lease was last given to this process; undefined before. */
  epoch(): number | undefined
}

/**
 * Makes the files of a store ours and resolves to the directory that holds them. Its name is the epoch of the lease under which it was claimed, and a new
 * holder renames it: a write of the holder before that is still under way, since its process stood still or its disk is slow, then finds no such directory,
 * instead of going over what was written after it.
 */
export async function claimStore({
  directory,
  fileSystem,
  epochs,
}: {
  readonly directory: string
  readonly fileSystem: FileSystem
  /** Left out where nobody else can open the store. */
  readonly epochs: Epochs | undefined
}): Promise<string> {
  await fileSystem.makeDirectory(directory)
  const newest = await newestClaim(directory, fileSystem)
  const epoch = epochs === undefined ? newest + 1 : epochs.epoch()
  if (epoch === undefined) throw unavailable('the store is opened before its lease was taken')
  if (epoch < newest) throw taken({ directory, newest, epoch })
  const mine = `${directory}/${epoch}`
  if (newest === 0) await fileSystem.makeDirectory(mine)
  else if (newest < epoch) {
    await fileSystem.rename(`${directory}/${newest}`, mine)
    await fileSystem.syncDirectory(directory)
  }
  return mine
}

/** The epoch whose holder has the store; 0 when it is new. */
async function newestClaim(directory: string, fileSystem: Pick<FileSystem, 'list'>): Promise<number> {
  const names = await fileSystem.list(directory)
  return Math.max(0, ...names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number))
}

const taken = ({
  directory,
  newest,
  epoch,
}: {
  readonly directory: string
  readonly newest: number
  readonly epoch: number
}): PortError =>
  new PortError(
    `the files in ${directory} belong to a newer controller: epoch ${newest}, and ours is ${epoch}`,
    {
      code: 'StoreUnavailable',
      handling: 'retry',
      remedy: `Where no other controller uses it, as after a copy or a loss of the leases beside it, rename ${directory}/${newest} to ${directory}/1.`,
    },
  )
