import { currentCommit } from './commit.ts'
import type { CrewFacts } from './crew/crew.ts'
import { playSeeds } from './crew/crew.ts'
import { Seeds } from './crew/seeds.ts'
import type { Played } from './played.ts'
import { readyPlayer } from './player.ts'
import { showProgress } from './progress.ts'
import { replayCommand } from './replay/replay-command.ts'
import { saveStory } from './replay/story-file.ts'
import type { Request } from './request.ts'
import { storyOf } from './request.ts'
import { KeptRun } from './resume/kept-run.ts'
import type { Shortened } from './shrink/shorten.ts'
import { shorten } from './shrink/shorten.ts'
import { reportRun } from './summary/report.ts'
import type { Run } from './summary/summary.ts'
import { summaryJson, summaryText } from './summary/summary.ts'
import { Tally } from './summary/tally.ts'
import type { Terminal } from './terminal.ts'

type SeedsOnly = Extract<Request, { readonly kind: 'Seeds' }>

/** Plays many seeds, tells how it goes, and prints the summary; resolves to whether every promise was kept. */
export async function runSeeds(
  request: SeedsOnly,
  terminal: Terminal,
  stop: AbortSignal,
  commitNow = currentCommit,
): Promise<boolean> {
  const { job, from, seeds: count, resume } = request
  const kept =
    resume === undefined ? undefined : KeptRun.open(resume, { commit: commitNow(), job, from, seeds: count })
  const startedMs = performance.now()
  const seconds = (): number => (kept?.seconds ?? 0) + (performance.now() - startedMs) / 1_000
  const tally = new Tally({ hasFaults: job.level !== 'none' })
  for (const played of kept?.played ?? []) tally.add(played)
  const playedNow = await playInto(tally, { request, kept, seconds }, terminal, stop)
  const crew = kept?.end(playedNow, seconds()) ?? playedNow
  const run: Run = { job, from, tally, crew, seconds: seconds(), commit: commitNow() }
  const shortened = stop.aborted ? undefined : await shortenFirst(tally, request, terminal, stop)
  const text = `${summaryText(run)}${shortened === undefined ? '' : `\n${shortened.text}`}`
  if (request.isJson) {
    terminal.error(text)
    terminal.out(`${JSON.stringify({ ...summaryJson(run), shortened: shortened?.story })}\n`)
  } else terminal.out(text)
  // What is gone on with is reported when it is whole.
  if (kept !== undefined && stop.aborted) terminal.error('asked for in the same way, this run goes on\n')
  else if (request.report !== undefined) reportRun(request.report, run)
  return tally.violationCount === 0 && tally.thinCount === 0
}

/** The first violation by its seed; a process that ended or hung would do the same to this one. */
async function shortenFirst(
  { violations }: Tally,
  { job, isShrunk, save }: SeedsOnly,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<Shortened | undefined> {
  const [first] = violations
    .filter(({ promise }) => promise !== 'defect')
    .toSorted((left, right) => left.seed - right.seed)
  if (first === undefined || !isShrunk) return undefined
  const player = await readyPlayer(job.depth)
  return shorten({ player, story: storyOf(job, first.seed), promise: first.promise, save, terminal, stop })
}

/** What is to be played, and what was played of it before. */
interface Playing {
  readonly request: SeedsOnly
  readonly kept: KeptRun | undefined
  /** Real time that was spent so far, earlier times included. */
  readonly seconds: () => number
}

async function playInto(
  tally: Tally,
  { request, kept, seconds: spent }: Playing,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<CrewFacts> {
  const { job, from, seeds, minutes, workers } = request
  const endProgress = showProgress(terminal, { tally, seconds: spent, seeds, minutes })
  const time = timeBox(minutes === undefined ? undefined : minutes * 60 - spent())
  const without = kept?.played.map(({ seed }) => seed) ?? []
  try {
    return await playSeeds({
      job,
      seeds: new Seeds({ from, count: seeds, without }),
      workers: Math.min(workers, seeds ?? workers),
      stop: AbortSignal.any([stop, time.signal]),
      onPlayed: (played) => {
        tally.add(played)
        kept?.add(played, spent())
        if (played.violations.length > 0) tellViolation(played, request, terminal)
      },
    })
  } finally {
    time.end()
    endProgress()
  }
}

/** At once, for a long run may not be waited for. */
function tellViolation(played: Played, { job, save }: SeedsOnly, terminal: Terminal): void {
  const [first] = played.violations
  terminal.error(`${first?.promise ?? ''} broken: ${replayCommand(played, job)}\n`)
  if (save !== undefined) saveStory(save, storyOf(job, played.seed), job.level)
}

/** Over at once where no time is left. */
function timeBox(seconds: number | undefined): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  if (seconds !== undefined && seconds <= 0) controller.abort()
  const timer =
    seconds === undefined ? undefined : setTimeout(() => controller.abort(), Math.round(seconds * 1_000))
  return { signal: controller.signal, end: () => clearTimeout(timer) }
}
