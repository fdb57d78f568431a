import { isUtf8 } from 'node:buffer'

import { repositoryPath } from '../../../controller/adapters/git/names.ts'
import { tooLarge } from '../../../controller/adapters/git/errors.ts'
import type { TreeFile } from '../../../controller/ports/source.ts'
import { objectHash } from './hash.ts'

/** A file as a person writes it: text of mode 100644, a link or submodule by its target, or bytes of either file mode. */
export type FileEntry =
  | string
  | { readonly mode: 'symlink' | 'submodule'; readonly target: string }
  | { readonly mode: 'file' | 'executable'; readonly bytes: Buffer }

type Mode = '100644' | '100755' | '120000' | '160000'

interface TreeEntry {
  readonly path: string
  readonly mode: Mode
  readonly object: string
  /** What a reader without limits would get. */
  readonly file: TreeFile
}

/** All files of one commit, in git's order of paths; never changed, and shared between the commits that have it. */
export interface Tree {
  readonly id: string
  readonly entries: readonly TreeEntry[]
  /** Answers that were given before: equal for ever, since the tree is. */
  readonly listings: Map<string, readonly TreeFile[]>
  readonly digests: Map<string, string>
}

export interface TreeChange {
  readonly files: ReadonlyMap<string, FileEntry>
  readonly removed: readonly string[]
}

/** Bytes of file content that one listing may hold, as the real adapter bounds it. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024

/** The tree with files put over it; as in git's index, a new file takes the place of a folder of its name and the other way round. */
export function changeTree(base: Tree | undefined, change: TreeChange): Tree {
  const entries = new Map(base?.entries.map((entry) => [entry.path, entry]))
  for (const path of change.removed) entries.delete(path)
  for (const [path, file] of change.files) {
    for (const other of entries.keys()) if (arePathsInTheWay(other, path)) entries.delete(other)
    entries.set(path, newEntry(path, file))
  }
  const sorted = [...entries.values()].toSorted((left, right) => compareBytes(left.path, right.path))
  return { id: treeId(sorted, 0), entries: sorted, listings: new Map(), digests: new Map() }
}

/** Every entry below a path, with the texts of files within the limit; too many files or bytes are SourceTooLarge. */
export function listFiles(
  tree: Tree,
  request: { readonly path: string; readonly limitBytes: number; readonly limitFiles: number },
): readonly TreeFile[] {
  const path = repositoryPath(request.path)
  const key = `${request.limitBytes} ${path}`
  const files =
    tree.listings.get(key) ?? entriesBelow(tree, path).map(({ file }) => within(request.limitBytes, file))
  if (files.length > request.limitFiles) {
    throw tooLarge(`path '${path}' holds ${files.length} files; at most ${request.limitFiles} are read`)
  }
  const read = files.filter((file) => file.mode === 'file' && file.size <= request.limitBytes)
  const total = read.reduce((sum, file) => sum + file.size, 0)
  if (total > MAX_TOTAL_BYTES) {
    throw tooLarge(`the files below path '${path}' hold ${total} bytes; at most ${MAX_TOTAL_BYTES} are read`)
  }
  tree.listings.set(key, files)
  return files
}

/** Equal for two trees exactly when everything below the path is equal; empty when there is nothing. */
export function digestOf(tree: Tree, path: string): string {
  const known = tree.digests.get(path)
  if (known !== undefined) return known
  const digest = entriesBelow(tree, path)
    .map((entry) => `${entry.mode} ${entry.object} ${entry.path}\0`)
    .join('')
  tree.digests.set(path, digest)
  return digest
}

/** What is at exactly this path: a file's mode, `folder`, or nothing. */
export function modeAt(tree: Tree, path: string): Mode | 'folder' | undefined {
  const below = entriesBelow(tree, path)
  return below.find((entry) => entry.path === path)?.mode ?? (below.length > 0 ? 'folder' : undefined)
}

function entriesBelow(tree: Tree, path: string): readonly TreeEntry[] {
  if (path === '') return tree.entries
  return tree.entries.filter((entry) => entry.path === path || entry.path.startsWith(`${path}/`))
}

function within(limitBytes: number, file: TreeFile): TreeFile {
  return file.size <= limitBytes ? file : { ...file, text: '', validUtf8: true }
}

function arePathsInTheWay(one: string, other: string): boolean {
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`)
}

const MODES = { file: '100644', executable: '100755', symlink: '120000', submodule: '160000' } as const

function newEntry(path: string, file: FileEntry): TreeEntry {
  const { mode, content } = contentOf(file)
  const object = mode === 'submodule' ? content.toString('utf8') : objectHash('blob', content)
  const isFile = mode === 'file' || mode === 'executable'
  const validUtf8 = !isFile || isUtf8(content)
  return {
    path,
    mode: MODES[mode],
    object,
    file: {
      path,
      mode: mode === 'executable' ? 'file' : mode,
      size: mode === 'submodule' ? 0 : content.length,
      text: isFile && validUtf8 ? content.toString('utf8') : '',
      validUtf8,
    },
  }
}

function contentOf(file: FileEntry): { readonly mode: keyof typeof MODES; readonly content: Buffer } {
  if (typeof file === 'string') return { mode: 'file', content: Buffer.from(file) }
  if ('bytes' in file) return { mode: file.mode, content: file.bytes }
  return { mode: file.mode, content: Buffer.from(file.target) }
}

/** The id of the folder whose sorted files these are; `prefixLength` characters of their paths lead to it. */
function treeId(entries: readonly TreeEntry[], prefixLength: number): string {
  const parts: Buffer[] = []
  for (let start = 0; start < entries.length;) {
    const rest = entries[start]?.path.slice(prefixLength) ?? ''
    const slash = rest.indexOf('/')
    const name = slash < 0 ? rest : rest.slice(0, slash)
    const folder = entries[start]?.path.slice(0, prefixLength + name.length + 1) ?? ''
    let end = start + 1
    while (slash >= 0 && entries[end]?.path.startsWith(folder) === true) end += 1
    const id = slash < 0 ? entries[start]?.object : treeId(entries.slice(start, end), folder.length)
    const mode = slash < 0 ? entries[start]?.mode : '40000'
    parts.push(Buffer.from(`${mode} ${name}\0`), Buffer.from(id ?? '', 'hex'))
    start = end
  }
  return objectHash('tree', Buffer.concat(parts))
}

/** Without these, UTF-16 units are in the order of UTF-8's bytes, and compare much faster. */
const SURROGATE = /[\ud800-\udfff]/

/** git's order of paths and of references: by their bytes, not by JavaScript's UTF-16 units. */
export function compareBytes(left: string, right: string): number {
  if (!SURROGATE.test(left) && !SURROGATE.test(right)) return left < right ? -1 : Number(left > right)
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}
