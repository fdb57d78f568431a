import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PortError } from '../ports/error.ts'

/** Writes files below a folder, which is made where it is not there. Refuses (stall) before anything is written where one of them is there with another content. */
export async function writeFiles(
  folder: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  const taken: string[] = []
  for (const { path, text } of files) {
    const there = await contentOf(join(folder, path))
    if (there !== undefined && there !== text) taken.push(path)
  }
  if (taken.length > 0)
    throw new PortError(`${folder} has ${taken.join(', ')} already, with another content`, {
      code: 'FileTaken',
      handling: 'stall',
      remedy: 'give another folder, or move what is there out of the way',
    })
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
