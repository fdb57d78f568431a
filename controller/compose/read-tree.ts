import { lstat, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceFile } from '../core/manifest.ts'
import { MAX_FILE_BYTES } from '../core/manifest.ts'
import { PortError } from '../ports/error.ts'
import { fileOf } from './config-files.ts'

const ENTRIES_LIMIT = 20_000
const DEPTH_LIMIT = 30

/** Never part of a repository's manifests, and often huge. */
const LEFT_OUT = new Set(['.git', 'node_modules', '.terraform'])

/**
 * Every file below a folder, with paths relative to it; of a file, itself with an empty path. As in git, links are entries of their own and
 * are not followed. Only YAML and JSON files have their text. Throws PortErrors `PathMissing` and `TreeTooLarge` (stall).
 */
export async function readTree(path: string): Promise<readonly SourceFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw missing(path, cause)
  })
  if (!found.isDirectory()) return [await entryOf(path, '')]
  const files: SourceFile[] = []
  const folders: { readonly inner: string; readonly depth: number }[] = [{ inner: '', depth: 0 }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { inner, depth } = folder
    if (depth > DEPTH_LIMIT) throw tooLarge(path)
    for (const entry of await readdir(join(path, inner), { withFileTypes: true })) {
      if (LEFT_OUT.has(entry.name)) continue
      const name = inner === '' ? entry.name : `${inner}/${entry.name}`
      if (entry.isDirectory()) folders.push({ inner: name, depth: depth + 1 })
      else files.push(await entryOf(join(path, name), name))
      if (files.length + folders.length > ENTRIES_LIMIT) throw tooLarge(path)
    }
  }
  return files.toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

/** One file whatever its name; undefined when it does not exist. Throws PortError `FileTooLarge` (stall). */
export async function readOneFile(
  path: string,
  limitBytes = MAX_FILE_BYTES,
): Promise<SourceFile | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) return undefined
  if (found.size > limitBytes)
    throw new PortError(`${path} has ${found.size} bytes; expected at most ${limitBytes}`, {
      code: 'FileTooLarge',
      handling: 'stall',
    })
  return fileOf(path, await bytesOf(path, found.size))
}

async function entryOf(path: string, name: string): Promise<SourceFile> {
  const found = name === '' ? await stat(path) : await lstat(path)
  if (found.isSymbolicLink())
    return { path: name, mode: 'symlink', size: found.size, text: '', validUtf8: true }
  const isRead =
    found.isFile() && found.size <= MAX_FILE_BYTES && (name === '' || /\.(ya?ml|json)$/i.test(name))
  if (!isRead) return { path: name, mode: 'file', size: found.size, text: '', validUtf8: true }
  return fileOf(name, await bytesOf(path, found.size))
}

/** No more than was looked at, although the file may grow meanwhile. */
async function bytesOf(path: string, size: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw missing(path, cause)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function missing(path: string, cause: unknown): PortError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  return new PortError(`${path} can't be read: ${code}`, {
    code: 'PathMissing',
    handling: 'stall',
    remedy: 'give a path that this user may read',
    cause,
  })
}

function tooLarge(path: string): PortError {
  return new PortError(`${path} holds more than ${ENTRIES_LIMIT} files, or folders too deep`, {
    code: 'TreeTooLarge',
    handling: 'stall',
    remedy: 'give the folder in which releases/ lies',
  })
}
