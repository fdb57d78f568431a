import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../checks/sources.ts'

const folderOf = (name: string): string => join(root, 'test/fuzz/corpus', name)

const nameOf = (input: Uint8Array): string => createHash('sha256').update(input).digest('hex').slice(0, 12)

/** The inputs that earlier runs found worth keeping; none for a target that has no folder yet. */
export async function readCorpus(name: string): Promise<Uint8Array[]> {
  await mkdir(folderOf(name), { recursive: true })
  const files = await readdir(folderOf(name))
  return Promise.all(files.toSorted().map((file) => readFile(join(folderOf(name), file))))
}

/** Puts these inputs in the place of the corpus; files whose name tells of a mended fault (`fault-…`) stay. */
export async function writeCorpus(name: string, inputs: readonly Uint8Array[]): Promise<void> {
  const old = (await readdir(folderOf(name))).filter((file) => !file.startsWith('fault-'))
  await Promise.all(old.map((file) => rm(join(folderOf(name), file))))
  await Promise.all(inputs.map((input) => writeFile(join(folderOf(name), nameOf(input)), input)))
}

/** Writes an input that broke a promise; resolves to the file's path from the repository's root. */
export async function writeFailure(name: string, input: Uint8Array): Promise<string> {
  await mkdir(join(root, 'reports/fuzz'), { recursive: true })
  const file = `reports/fuzz/${name}-${nameOf(input)}`
  await writeFile(join(root, file), input)
  return file
}
