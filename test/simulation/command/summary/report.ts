import { readFileSync, writeFileSync } from 'node:fs'

import { coverageTable } from './coverage.ts'
import { runsTable } from './runs.ts'
import type { Run } from './summary.ts'
import { figures } from './summary.ts'

/** Puts a run on the page, between the markers of its depth and faults: a row below those of earlier ones, and the newest one's figures. */
export function reportRun(page: string, run: Run): void {
  const { depth, level } = run.job
  const name = `${depth} ${level}`
  const parts = [
    runsTable(figuresOn(readFileSync(page, 'utf8'), name), run),
    'The newest of these runs:',
    `\`\`\`text\n${figures(run).join('\n')}\nviolations    ${run.tally.violationCount}\n\`\`\``,
    coverageTable(run.tally),
  ]
  replaceFigures(page, name, parts)
}

/** Replaces what stands between `<!-- simulation: name -->` and the next `<!-- /simulation -->`; a page without the first is refused. */
export function replaceFigures(page: string, name: string, parts: readonly string[]): void {
  writeFileSync(page, replaced(readFileSync(page, 'utf8'), name, parts.join('\n\n')))
}

const END = '<!-- /simulation -->'

/** The page's text with other figures between the markers. */
export function replaced(text: string, name: string, figuresText: string): string {
  const { before, after } = around(text, name)
  return `${before}\n\n${figuresText}\n\n${after}`
}

/** What stands between the markers. */
function figuresOn(text: string, name: string): string {
  const { before, after } = around(text, name)
  return text.slice(before.length, text.length - after.length)
}

/** The text up to the first marker, and from the second one on. */
function around(text: string, name: string): { readonly before: string; readonly after: string } {
  const start = `<!-- simulation: ${name} -->`
  const [before = '', after, ...more] = text.split(start)
  if (after === undefined || more.length > 0)
    throw new Error(`the page must have the line ${start} once, and ${END} after it`)
  const end = after.indexOf(END)
  if (end < 0) throw new Error(`the page has no ${END} after ${start}`)
  return { before: `${before}${start}`, after: after.slice(end) }
}
