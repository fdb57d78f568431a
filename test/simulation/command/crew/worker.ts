import type { Played } from '../played.ts'
import { brokenOff, playedOf } from '../played.ts'
import type { Player } from '../player.ts'
import { readyPlayer } from '../player.ts'
import type { Job } from '../request.ts'
import { storyOf } from '../request.ts'
import type { Depth } from '../../run/story.ts'
import { settle } from '../../time/virtual-time.ts'
import type { Answer, Order } from './messages.ts'

/** The program of a crew's member: it plays the seeds that it is given, and ends with its crew. */
const players = new Map<Depth, Player>()
let isStopped = false

process.on('message', (order: Order) => {
  isStopped = order.type === 'stop'
  if (order.type === 'play') playAll(order.job, order.seeds).catch(fail)
})
tell({ type: 'ready' })
process.on('disconnect', () => process.exit())
// Ctrl-C in a terminal reaches every process of the group; the crew says what becomes of its members.
process.on('SIGINT', () => undefined)

async function playAll(job: Job, seeds: readonly number[]): Promise<void> {
  const player = players.get(job.depth) ?? (await readyPlayer(job.depth))
  players.set(job.depth, player)
  for (const seed of seeds) {
    if (isStopped) break
    tell({ type: 'played', played: await playSeed(player, job, seed) })
    // A story may take no turn of the event loop, and then its crew could not be heard.
    await settle()
  }
  tell({ type: 'done', rssBytes: process.memoryUsage.rss() })
}

async function playSeed(player: Player, job: Job, seed: number): Promise<Played> {
  const story = storyOf(job, seed)
  try {
    return playedOf(await player(story))
  } catch (error) {
    return brokenOff(story, error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

function tell(answer: Answer): void {
  process.send?.(answer)
}

/** Its crew sees at which seed. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}
