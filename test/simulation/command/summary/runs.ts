import type { Run } from './summary.ts'
import { table } from './table.ts'

const HEADER = [
  'commit',
  'first seed',
  'seeds',
  'rollouts',
  'crashes',
  'virtual hours',
  'minutes',
  'violations',
]
const ALL = 'all'

/** A run a row, the new one last, and their sum: a machine is not free for all the seeds at once, and each run says which program it played. */
export function runsTable(before: string, run: Run): string {
  const rows = [...rowsOf(before), rowOf(run)]
  const total = [2, 3, 4, 5, 6, 7].map((column) =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0).toFixed(column === 5 || column === 6 ? 1 : 0),
  )
  return table(HEADER, [...rows, [ALL, '', ...total]])
}

/** The rows of runs in what stood on the page. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => /^\| `[0-9a-f]+[+]?` +\|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1))
    .filter((cells) => cells.length === HEADER.length)
}

function rowOf({ tally, seconds, commit, from }: Run): string[] {
  const rollouts = [...tally.rollouts.values()].reduce((sum, count) => sum + count, 0)
  return [
    `\`${commit}\``,
    String(from),
    String(tally.seeds),
    String(rollouts),
    String(tally.crashes),
    (tally.virtualMs / 3_600_000).toFixed(1),
    (seconds / 60).toFixed(1),
    String(tally.violationCount),
  ]
}
