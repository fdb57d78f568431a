import { isUtf8 } from 'node:buffer'

import { PortError } from '../../ports/error.ts'
import type { TreeFile } from '../../ports/source.ts'
import { tooLarge, unreadable } from './errors.ts'
import type { Mirror } from './mirror.ts'
import { objectId, repositoryPath } from './names.ts'

interface Entry {
  readonly path: string
  readonly mode: TreeFile['mode']
  readonly object: string
  readonly size: number
}

/** Bytes of file content that one listing may bring into memory. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024

/** Every entry below a path of a commit's tree, read from objects: nothing is checked out, no link is followed, no submodule entered. */
export async function readFiles(
  mirror: Mirror,
  request: {
    readonly commit: string
    readonly path: string
    readonly limitBytes: number
    readonly limitFiles: number
  },
): Promise<readonly TreeFile[]> {
  const path = repositoryPath(request.path)
  const command = ['ls-tree', '-r', '-z', '-l', '--full-tree', objectId(request.commit), '--']
  const listing = await mirror.local(path === '' ? command : [...command, path])
  const entries = listing
    .split('\0')
    .filter((line) => line !== '')
    .map(parseEntry)
  if (entries.length > request.limitFiles) {
    throw tooLarge(`path '${path}' holds ${entries.length} files; at most ${request.limitFiles} are read`)
  }
  const read = entries.filter((entry) => entry.mode === 'file' && entry.size <= request.limitBytes)
  const total = read.reduce((sum, entry) => sum + entry.size, 0)
  if (total > MAX_TOTAL_BYTES) {
    throw tooLarge(`the files below path '${path}' hold ${total} bytes; at most ${MAX_TOTAL_BYTES} are read`)
  }
  const contents = await readObjects(mirror, [...new Set(read.map((entry) => entry.object))])
  const readable = new Set(read)
  return entries.map((entry) => {
    if (!readable.has(entry)) return toFile(entry, undefined)
    const content = contents.get(entry.object)?.content
    if (content === undefined) throw objectMissing(entry)
    if (content.length !== entry.size) throw unreadable('cat-file')
    return toFile(entry, content)
  })
}

/** The objects' types and bytes by the name they were asked for, with one process; what does not exist is left out. */
export async function readObjects(
  mirror: Mirror,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly type: string; readonly content: Buffer }>> {
  const found = new Map<string, { id: string; type: string; content: Buffer }>()
  if (names.length === 0) return found
  const output = await mirror.batch(names)
  let offset = 0
  for (const name of names) {
    const lineEnd = output.indexOf(10, offset)
    if (lineEnd < 0) throw unreadable('cat-file')
    const header = output.toString('utf8', offset, lineEnd)
    offset = lineEnd + 1
    const match = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(header)
    if (match?.[1] === undefined || match[2] === undefined) {
      if (/ (?:missing|ambiguous)$/.test(header)) continue
      throw unreadable('cat-file')
    }
    const size = Number(match[3])
    if (output[offset + size] !== 10) throw unreadable('cat-file')
    found.set(name, { id: match[1], type: match[2], content: output.subarray(offset, offset + size) })
    offset += size + 1
  }
  return found
}

function parseEntry(line: string): Entry {
  const match = /^(\d{6}) [a-z]+ ([0-9a-f]{40,64}) +(\d{1,15}|-)\t(.+)$/s.exec(line)
  const [, mode, object, size, path] = match ?? []
  if (mode === undefined || object === undefined || size === undefined || path === undefined)
    throw unreadable('ls-tree')
  return { path, mode: modeOf(mode), object, size: size === '-' ? 0 : Number(size) }
}

function modeOf(mode: string): TreeFile['mode'] {
  if (mode === '120000') return 'symlink'
  return mode === '160000' ? 'submodule' : 'file'
}

function toFile(entry: Entry, content: Buffer | undefined): TreeFile {
  const validUtf8 = content === undefined || isUtf8(content)
  return {
    path: entry.path,
    mode: entry.mode,
    size: entry.size,
    text: content !== undefined && validUtf8 ? content.toString('utf8') : '',
    validUtf8,
  }
}

/** A file without its content must not pass for an empty one: its releases would seem to have been removed. */
function objectMissing({ path, object }: Entry): PortError {
  return new PortError(`the mirror has no object ${object} for ${JSON.stringify(path.slice(0, 200))}`, {
    code: 'MirrorDamaged',
    handling: 'retry',
    remedy: 'The local mirror is checked, and fetched anew if it is damaged.',
  })
}
