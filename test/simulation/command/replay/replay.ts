import { currentCommit } from '../commit.ts'
import { playedOf } from '../played.ts'
import { readyPlayer } from '../player.ts'
import type { Job, Request } from '../request.ts'
import { storyOf } from '../request.ts'
import type { Story } from '../../run/story.ts'
import { shorten } from '../shrink/shorten.ts'
import type { Run } from '../summary/summary.ts'
import { summaryJson, summaryText } from '../summary/summary.ts'
import { Tally } from '../summary/tally.ts'
import type { Terminal } from '../terminal.ts'
import { readReplayName } from './replay-command.ts'
import { readStory } from './story-file.ts'
import { playWithTimeline } from './timeline.ts'

type ReplayOnly = Extract<Request, { readonly kind: 'Replay' }>

/** Plays one story and prints what happened; resolves to whether every promise was kept. */
export async function replay(request: ReplayOnly, terminal: Terminal): Promise<boolean> {
  const { job, story } = askedFor(request)
  const player = await readyPlayer(job.depth)
  const startedMs = performance.now()
  const { result, timeline } = await playWithTimeline(player, story, request)
  const seconds = (performance.now() - startedMs) / 1_000
  const tally = new Tally({ hasFaults: job.level !== 'none' })
  tally.add(playedOf(result))
  const crew = { processes: 1, mostRssBytes: process.memoryUsage.rss() }
  const run: Run = { job, from: story.seed, tally, crew, seconds, commit: currentCommit() }
  const [first] = tally.violations
  const shortened =
    request.isShrunk && first !== undefined
      ? await shorten({ player, story, promise: first.promise, save: request.save, terminal })
      : undefined
  if (request.isJson)
    terminal.out(`${JSON.stringify({ ...summaryJson(run), story, shortened: shortened?.story })}\n`)
  else terminal.out([timeline, summaryText(run), shortened?.text ?? ''].join('\n'))
  return result.violations.length === 0
}

/** A seed by its name, or else a file, which says itself at which depth it is played. */
function askedFor({ what, job }: ReplayOnly): { readonly job: Job; readonly story: Story } {
  const name = readReplayName(what, job.level)
  if (name === undefined) {
    if (!what.endsWith('.json')) throw new Error(`${what} is neither scenario/seed[/faults] nor a .json file`)
    const story = readStory(what)
    return { job: { ...job, scenario: story.scenario, depth: story.depth ?? 'full' }, story }
  }
  const { scenario, level, seed } = name
  const asked = { ...job, scenario, level }
  return { job: asked, story: storyOf(asked, seed) }
}
