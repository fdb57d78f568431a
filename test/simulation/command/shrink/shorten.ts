import type { Story } from '../../run/story.ts'
import type { Player } from '../player.ts'
import { saveStory, storyJson } from '../replay/story-file.ts'
import { playWithTimeline } from '../replay/timeline.ts'
import type { Terminal } from '../terminal.ts'
import { shrink } from './shrink.ts'

const BUDGET = { tries: 200, forMs: 120_000 } as const
/** How often the search says that it goes on. */
const TELL_EVERY_TRIES = 10

/** The shortest story found that breaks the promise, and what to print of it. */
export interface Shortened {
  readonly story: Story
  readonly text: string
}

/** Shortens a story that breaks a promise; undefined when it does not break it again, which a story always should. */
export async function shorten({
  player,
  story,
  promise,
  save,
  terminal,
  stop,
}: {
  readonly player: Player
  readonly story: Story
  readonly promise: string
  readonly save: string | undefined
  readonly terminal: Terminal
  readonly stop?: AbortSignal
}): Promise<Shortened | undefined> {
  const isBroken = async (candidate: Story): Promise<boolean> => {
    const { violations } = await player(candidate)
    return violations.some((violation) => violation.promise === promise)
  }
  if (!(await isBroken(story))) return undefined
  terminal.error(`shortening the story of ${story.happenings.length} happenings that breaks ${promise}\n`)
  const { story: short, tries } = await shrink(story, isBroken, {
    budget: stop === undefined ? BUDGET : { ...BUDGET, stop },
    onTry: (done, happenings) => {
      if (done % TELL_EVERY_TRIES === 0) terminal.error(`  try ${done}: ${happenings} happenings\n`)
    },
  })
  const { timeline } = await playWithTimeline(player, short, { isVerbose: false })
  const file = save === undefined ? undefined : saveStory(save, short, 'short')
  const headline = `${promise} is broken by ${short.happenings.length} of ${story.happenings.length} happenings (${tries} tries)`
  const where = file === undefined ? '' : `npm run simulate -- --replay ${file}\n`
  return { story: short, text: `${headline}\n${where}\n${storyJson(short)}\n${timeline}\n` }
}
