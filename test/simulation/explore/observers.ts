import { Piscina } from 'piscina'
import type { Story } from '../run/story.ts'
import type { Observed, Prepare } from './observe.ts'
import { observe } from './observe.ts'
import type { observeInThread } from './observe-worker.ts'

/** Plays stories and says what can be compared. */
export interface Observer {
  readonly observe: (story: Story, options?: { readonly withReads?: boolean }) => Promise<Observed>
  /** How many stories it plays at a time: more are not to be asked for. */
  readonly lanes: number
}

/** Observes in this thread, one story after the other: each makes the thread's time its own. */
export const observerHere = (prepare?: Prepare): Observer => ({
  observe: (story, options) => observe(story, prepare, options),
  lanes: 1,
})

/** Observes in so many threads while `use` asks for it, and ends them then. */
export async function withObservers<Result>(
  threads: number,
  use: (observer: Observer) => Promise<Result>,
): Promise<Result> {
  const pool = new Piscina<Parameters<typeof observeInThread>[0], Observed>({
    filename: new URL('observe-worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  })
  try {
    return await use({
      observe: (story, { withReads = false } = {}) =>
        pool.run({ story, withReads }, { name: 'observeInThread' }),
      lanes: threads,
    })
  } finally {
    await pool.destroy()
  }
}
