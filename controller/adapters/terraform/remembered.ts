import { createHash } from 'node:crypto'
import type { HclParser } from './hcl.ts'

/** Longer files are rare, and parsed each time. */
const LONGEST_TEXT = 64 * 1024
const MOST_FILES = 1_000

/** Remembers what files said: environments share roots, and most files of a commit are those of the one before. */
export function rememberParsed(parse: HclParser): HclParser {
  const known = new Map<string, Readonly<Record<string, unknown>>>()
  return async (file) => {
    if (file.text.length > LONGEST_TEXT) return parse(file)
    const key = createHash('sha256').update(file.text).digest('base64')
    const before = known.get(key)
    if (before !== undefined) return before
    const blocks = await parse(file)
    if (known.size >= MOST_FILES) known.clear()
    known.set(key, blocks)
    return blocks
  }
}
