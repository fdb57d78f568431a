import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const MOST_BYTES = 1024 * 1024

/** A file's text; undefined where there is none, or what is there is a link, a pipe or larger than 1 MiB: others may have put it there. */
export async function readSmallFile(path: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const facts = await file.stat()
    return facts.isFile() && facts.size <= MOST_BYTES ? await file.readFile('utf8') : undefined
  } finally {
    await file.close()
  }
}

/** The same as JSON; undefined where it is none. */
export async function readSmallJson(path: string): Promise<unknown> {
  const text = await readSmallFile(path)
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
