import { Piscina } from 'piscina'
import type { Story } from '../run/story.ts'
import type { Observed, Prepare } from './observe.ts'
import { observe } from './observe.ts'
import type { observeInThread } from './observe-worker.ts'

/** Plays a story and says what can be compared; those that are asked for too early wait. */
export type Observer = (story: Story, options?: { readonly withReads?: boolean }) => Promise<Observed>

/** Observes in this thread, one story after the other: each makes the thread's time its own. */
export function observerHere(prepare?: Prepare): Observer {
  let last: Promise<unknown> = Promise.resolve()
  return (story, options) => {
    const observed = last.then(() => observe(story, prepare, options))
    last = observed
    return observed
  }
}

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
    return await use((story, { withReads = false } = {}) =>
      pool.run({ story, withReads }, { name: 'observeInThread' }),
    )
  } finally {
    await pool.destroy()
  }
}
