import type { Story } from '../run/story.ts'
import type { Observed } from './observe.ts'
import { observe } from './observe.ts'
import { exploredStories } from './stories.ts'

// The first run of a thread loads parts of the SDK in real time.
for (const { story } of exploredStories.slice(0, 1)) await observe(story)

/** What a thread is asked: one story at a time, since it makes the thread's time its own. */
export function observeInThread({
  story,
  withReads,
}: {
  readonly story: Story
  readonly withReads: boolean
}): Promise<Observed> {
  return observe(story, undefined, { withReads })
}
