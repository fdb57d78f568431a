import { readFileSync, writeFileSync } from 'node:fs'

import { coverageTable } from './coverage.ts'
import type { Run } from './summary.ts'
import { figures } from './summary.ts'

/** Puts the figures of a run on the page, between the markers of its depth and faults. */
export function reportRun(page: string, run: Run): void {
  const { depth, level } = run.job
  const parts = [
    `\`\`\`text\n${figures(run).join('\n')}\nviolations    ${run.tally.violationCount}\n\`\`\``,
    coverageTable(run.tally),
  ]
  replaceFigures(page, `${depth} ${level}`, parts)
}

/** Replaces what stands between `<!-- simulation: name -->` and the next `<!-- /simulation -->`; a page without the first is refused. */
export function replaceFigures(page: string, name: string, parts: readonly string[]): void {
  writeFileSync(page, replaced(readFileSync(page, 'utf8'), name, parts.join('\n\n')))
}

const END = '<!-- /simulation -->'

/** The page's text with other figures between the markers. */
export function replaced(text: string, name: string, figuresText: string): string {
  const start = `<!-- simulation: ${name} -->`
  const [before = '', after, ...more] = text.split(start)
  if (after === undefined || more.length > 0)
    throw new Error(`the page must have the line ${start} once, and ${END} after it`)
  const end = after.indexOf(END)
  if (end < 0) throw new Error(`the page has no ${END} after ${start}`)
  return `${before}${start}\n\n${figuresText}\n\n${after.slice(end)}`
}
