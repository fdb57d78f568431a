import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findReasons } from './reasons.ts'
import type { Finding } from './sources.ts'

const PAGE = 'docs/guide/troubleshooting.md'

/** Reasons of the code that the page does not know, and rows of the page that no code gives. */
export async function checkTroubleshooting(directory: string): Promise<Finding[]> {
  const reasons = await findReasons(directory)
  return judgeTroubleshooting(reasons, await readFile(join(directory, PAGE), 'utf8'))
}

/** A reason that is made of parts (`Gate…`) is known when a row begins like it. */
export function judgeTroubleshooting(reasons: ReadonlyMap<string, string>, page: string): Finding[] {
  const rows = page
    .split('\n')
    .flatMap((text, index) => namesOf(text).map((name) => ({ name, line: index + 1 })))
  const isOf = (name: string, reason: string): boolean =>
    reason.endsWith('…')
      ? name.startsWith(reason.slice(0, -1)) && name !== reason.slice(0, -1)
      : name === reason
  const missing = Array.from(reasons)
    .filter(([reason]) => !rows.some(({ name }) => isOf(name, reason)))
    .map(([reason, file]) => ({ file, line: 1, what: `the reason ${reason} has no row in ${PAGE}` }))
  const surplus = rows
    .filter(({ name }) => !Array.from(reasons.keys()).some((reason) => isOf(name, reason)))
    .map(({ name, line }) => ({ file: PAGE, line, what: `no code gives the reason ${name}` }))
  return [...missing, ...surplus]
}

/** The names in the first cell of a table's row; several reasons that are mended alike share one. */
function namesOf(text: string): string[] {
  const cell = /^\| (`[^|]*)\|/u.exec(text)?.[1] ?? ''
  return Array.from(cell.matchAll(/`([A-Z]\w+)`/gu), (match) => match[1] ?? '')
}
