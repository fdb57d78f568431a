import type { FileHandle } from 'node:fs/promises'
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PortError } from '../../ports/error.ts'
import type { FileSystem } from '../../ports/file-system.ts'

/** The machine's own files. New files are readable by their owner only: the store may hold names that others need not see. */
export const systemFileSystem: FileSystem = {
  read: (path, limitBytes) => classed(path, () => absent(undefined, () => readWhole(path, limitBytes))),
  write: (path, text) => classed(path, () => writeWhole(path, 'w', text)),
  append: (path, text) => classed(path, () => writeWhole(path, 'a', text)),
  size: (path) => classed(path, () => absent(undefined, async () => (await stat(path)).size)),
  rename: (from, to) => classed(to, () => rename(from, to)),
  link: (from, to) => classed(to, () => linkOnce(from, to)),
  remove: (path) => classed(path, () => absent(false, () => rm(path).then(() => true))),
  syncDirectory: (path) => classed(path, () => syncDirectory(path)),
  list: (path) => classed(path, () => absent([], async () => (await readdir(path)).toSorted())),
  makeDirectory: (path) => classed(path, () => makeDirectory(path)),
}

async function readWhole(path: string, limitBytes: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > limitBytes) throw tooLarge(path, limitBytes)
    return await readUpTo(file, size)
  } finally {
    await file.close()
  }
}

/** Reads the size that was checked and no more, although the file may grow meanwhile. */
async function readUpTo(file: FileHandle, size: number): Promise<string> {
  const buffer = Buffer.alloc(size)
  let offset = 0
  while (offset < size) {
    const { bytesRead } = await file.read(buffer, offset, size - offset, offset)
    if (bytesRead === 0) break
    offset += bytesRead
  }
  return buffer.toString('utf8', 0, offset)
}

async function writeWhole(path: string, flags: 'w' | 'a', text: string): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function linkOnce(from: string, to: string): Promise<'Linked' | 'Exists' | 'Missing'> {
  try {
    await link(from, to)
    return 'Linked'
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'Exists'
    if (codeOf(error) === 'ENOENT') return 'Missing'
    throw error
  }
}

/** Windows can't open a directory to sync it; its file systems journal the entries themselves. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  let made = path
  while (made.length >= first.length) {
    made = dirname(made)
    await syncDirectory(made)
  }
}

async function absent<Result>(otherwise: Result, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return otherwise
    throw error
  }
}

async function classed<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    throw error instanceof PortError ? error : portError(path, error)
  }
}

function portError(path: string, cause: unknown): PortError {
  const code = codeOf(cause) ?? 'unknown error'
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PortError(`no space left to write ${path}`, {
      code: 'StoreFull',
      handling: 'retry',
      remedy: 'Free some disk space, or raise the quota, of the data directory.',
      cause,
    })
  }
  return new PortError(`cannot use ${path}: ${code}`, {
    code: 'StoreUnavailable',
    handling: 'retry',
    remedy: 'Check that the data directory is on a working disk and may be written by this user.',
    cause,
  })
}

function tooLarge(path: string, limitBytes: number): PortError {
  return new PortError(`${path} is larger than ${limitBytes} bytes`, {
    code: 'FileTooLarge',
    handling: 'stall',
    remedy: 'Move the file away: it was not written by this program.',
  })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
