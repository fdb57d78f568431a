import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFile } from '../../../controller/core/manifest.ts'

const root = join(import.meta.dirname, '../../..')

/** A regular file of a commit, as the git adapter hands it over. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, mode: 'file', size: Buffer.byteLength(text), text, validUtf8: true }
}

/** Commits that load without an issue for environment prod below deploy/: the examples that users copy. */
export const commitTrees: readonly (readonly SourceFile[])[] = [
  filesBelow('manifests/releases/overlays'),
  filesBelow('manifests/releases/fargate'),
  filesBelow('manifests/demo/repository'),
]

/** Documents of a config directory that load without an issue. */
export const settingsFiles: readonly SourceFile[] = [
  ...filesBelow('manifests/environments'),
  ...filesBelow('manifests/demo/config'),
]

function filesBelow(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => sourceFile(path.slice(join(root, folder).length + 1), readFileSync(path, 'utf8')))
}
