import type { QuietFigures } from '../../test/simulation/quiet/quiet-days.ts'
import { playQuietDays } from '../../test/simulation/quiet/quiet-days.ts'
import type { QuietDays } from '../../test/simulation/quiet/quiet-story.ts'

/** What quiet days came to. */
export interface MeasuredDays {
  readonly figures: QuietFigures & { readonly seconds: number }
  /** Whether nothing was told that nobody had done. */
  readonly isQuiet: boolean
  /** For people. */
  readonly text: string
}

/** Plays days on which nobody changes anything by hand, and tells on standard error how far it has come. */
export async function measureQuietDays(days: QuietDays): Promise<MeasuredDays> {
  const started = process.hrtime.bigint()
  const seconds = (): number => Math.round(Number(process.hrtime.bigint() - started) / 1e9)
  const figures = await playQuietDays(days, [], (hours) => {
    process.stderr.write(`${hours} hours of them played after ${seconds()} s\n`)
  })
  const measured = { ...figures, seconds: seconds() }
  return { figures: measured, isQuiet: isQuiet(figures), text: textOf(figures, measured.seconds) }
}

/** What ends otherwise than well on such days would hide drift as well as show it. */
const isQuiet = ({ drifted, corrected, defects, examples, rollouts, releases }: QuietFigures): boolean =>
  Object.keys(drifted).length === 0 &&
  corrected === 0 &&
  defects === 0 &&
  examples.length === 0 &&
  rollouts >= releases

function textOf(figures: QuietFigures, seconds: number): string {
  const { hours, releases, rollouts, scaled, calls, looks, drifted, corrected, examples } = figures
  const told = Object.values(drifted).reduce((sum, count) => sum + count, 0)
  const happened = Object.entries(figures.happened).map(([kind, count]) => `${count} × ${kind}`)
  const outcomes = Object.entries(figures.outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  return [
    `${hours.toFixed(1)} virtual hours of ${releases} releases that nobody changed by hand, in ${seconds} s`,
    `${rollouts} rollouts of merged versions took the traffic (${outcomes.join(', ')}); autoscaling changed ${scaled} counts`,
    `what happened: ${happened.join(', ')}`,
    `${looks} looks at releases, ${calls} calls to AWS`,
    `told as drifted: ${told} fields${told === 0 ? '' : ` (${JSON.stringify(drifted)})`}; put back: ${corrected}; unexpected errors: ${figures.defects}`,
    ...examples,
  ].join('\n')
}
