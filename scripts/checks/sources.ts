import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The directory of the clone: scripts work on it wherever they are started. */
export const root = join(import.meta.dirname, '../..')

/** The folders whose TypeScript files are checked. */
export const SOURCE_FOLDERS = ['controller', 'test', 'scripts'] as const

/** Something that a check found, in the form editors make a link of. */
export interface Finding {
  file: string
  line: number
  what: string
}

/** Every TypeScript file of the checked folders, relative to `directory`, in a fixed order. */
export async function findSources(
  directory: string,
  folders: readonly string[] = SOURCE_FOLDERS,
): Promise<string[]> {
  const patterns = folders.map((folder) => `${folder}/**/*.ts`)
  const found = await Array.fromAsync(glob(patterns, { cwd: directory }))
  return found.map((path) => path.replaceAll('\\', '/')).toSorted()
}

/** Reads the named files of `directory` and returns what `inspect` finds in them, in the files' order. */
export async function inspectSources(
  directory: string,
  files: readonly string[],
  inspect: (file: string, text: string) => Finding[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const file of files) findings.push(...inspect(file, await readFile(join(directory, file), 'utf8')))
  return findings
}
