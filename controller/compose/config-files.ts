import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { SourceFile } from '../core/manifest.ts'
import { MAX_FILE_BYTES } from '../core/manifest.ts'
import { ConfigError } from '../config.ts'

export interface ConfigFiles {
  readonly files: readonly SourceFile[]
  /** Absolute; the folder of the file, or the directory itself. */
  readonly directory: string
  readonly isDirectory: boolean
}

const FILES_LIMIT = 1_000

/**
 * Reads a config file, or every YAML and JSON file directly in a config directory. Links are followed, as Kubernetes mounts each file of a
 * ConfigMap as one; names that begin with a dot are left out for the same reason. Throws a ConfigError when nothing can be read.
 */
export async function readConfigFiles(path: string): Promise<ConfigFiles> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ConfigError([
      `${path} can't be read: ${codeOf(error)}; expected a config file or a directory of them, given by --config`,
    ])
  })
  if (!found.isDirectory())
    return { files: [await readOne(path)], directory: resolve(dirname(path)), isDirectory: false }
  const names = (await readdir(path))
    .filter((name) => !name.startsWith('.') && /\.(ya?ml|json)$/i.test(name))
    .toSorted()
  if (names.length > FILES_LIMIT)
    throw new ConfigError([`${path} holds ${names.length} files; expected at most ${FILES_LIMIT}`])
  const files: SourceFile[] = []
  for (const name of names) files.push(await readOne(join(path, name)))
  return { files, directory: resolve(path), isDirectory: true }
}

async function readOne(path: string): Promise<SourceFile> {
  try {
    const { size } = await stat(path)
    if (size > MAX_FILE_BYTES) return { path, mode: 'file', size, text: '', validUtf8: true }
    return fileOf(path, await readFile(path))
  } catch (error) {
    throw new ConfigError([
      `${path} can't be read: ${codeOf(error)}; expected a file that this user may read`,
    ])
  }
}

/** A file's bytes as the manifest reader takes them. */
export function fileOf(path: string, bytes: Buffer): SourceFile {
  const text = bytes.toString('utf8')
  return { path, mode: 'file', size: bytes.length, text, validUtf8: Buffer.from(text, 'utf8').equals(bytes) }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
