import type { CrashExploration, FoundViolation } from './crash.ts'
import { exceptions } from './operations.ts'
import type { StaleExploration } from './stale.ts'

/** Violations that are written out; all of them are counted. */
const MOST_SHOWN = 20

/** The crash exploration as Markdown. */
export function crashTable({ rows, pairs, runs, repeated, violations }: CrashExploration): string {
  const writes = sum(rows.map(({ count }) => count))
  const crashes = sum(rows.map(({ before, after }) => before + after))
  return [
    table(
      ['story', 'write', 'writes', 'crashes before', 'crashes after', 'pairs', 'violations'],
      rows.map((row) => [row.story, row.kind, row.count, row.before, row.after, row.pairs, row.violations]),
    ),
    `${writes} writes in ${new Set(rows.map(({ story }) => story)).size} stories; ${percent(crashes, 2 * writes)} of the moments right before and right after a write were played, ${pairs.played} of ${pairs.all} pairs of crashes in the short stories, ${runs} runs in all. ${repeated} writes to AWS were made a second time.`,
    `Not in any story: ${[...exceptions].map(([kind, why]) => `${kind} (${why})`).join('; ')}.`,
    ...shown(violations),
  ].join('\n\n')
}

/** The stale exploration as Markdown. */
export function staleTable({ rows, runs, violations }: StaleExploration): string {
  return [
    table(
      ['story', 'pattern', 'reads', 'of them with an older answer', 'points', 'played', 'violations'],
      rows.map((row) => [
        row.story,
        row.pattern,
        row.reads,
        row.differing,
        row.points,
        row.played,
        row.violations,
      ]),
    ),
    `${runs} runs. A point is a read and an age at which AWS's answer would be another one, or a read and how long the controller slept from there on; where fewer were played than there are, the story's seed drew them.`,
    ...shown(violations),
  ].join('\n\n')
}

function shown(violations: readonly FoundViolation[]): string[] {
  return violations
    .slice(0, MOST_SHOWN)
    .map(
      ({ where, promise, message, atMs, story }) =>
        `- ${promise} in ${where}, at ${atMs} ms: ${message}\n\n  \`${JSON.stringify(story)}\``,
    )
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.floor((100 * part) / whole)} %`
