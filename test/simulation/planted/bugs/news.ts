import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const
const scenario = 'woken'

/** Mistakes with the queue that tells of changes. */
export const newsBugs: readonly PlantedBug[] = [
  {
    name: 'put-away-before-waking',
    breaks: 'news',
    story:
      'Messages are taken off the queue before whoever they concern waits to be looked at, so that they are lost where that gets no answer.',
    file: 'controller/engine/listen.ts',
    find: `    await Promise.all(woken.map((one) => this.#wake(one)))
    await events.remove(messages)`,
    replace: `    await events.remove(messages)
    await Promise.all(woken.map((one) => this.#wake(one)))`,
    depths,
    scenario,
  },
  {
    name: 'never-put-away',
    breaks: 'news',
    story: 'Messages stay in the queue once they were heard, and come again and again.',
    file: 'controller/engine/listen.ts',
    find: `    await events.remove(messages)`,
    replace: `    events.outdate()`,
    depths,
    scenario,
  },
  {
    name: 'leave-strangers-in-the-queue',
    breaks: 'news',
    story: 'Only messages that woke somebody are taken off the queue.',
    file: 'controller/engine/listen.ts',
    find: `    await events.remove(messages)`,
    replace: `    if (woken.length > 0) await events.remove(messages)`,
    depths,
    scenario,
  },
  {
    name: 'wake-everybody',
    breaks: 'news',
    story: 'Each message has all releases of its environment looked at, whomever it names.',
    file: 'controller/core/events/woken.ts',
    find: `  return found.map(({ name }) => name)`,
    replace: `  return (found.length > 0 ? releases : found).map(({ name }) => name)`,
    depths,
    scenario,
  },
  {
    name: 'look-as-often-as-told',
    breaks: 'news',
    story: 'A release is looked at for each message about it, however many come in a second.',
    file: 'controller/engine/listen.ts',
    find: `const SETTLE_MS = 1_000`,
    replace: `const SETTLE_MS = 1`,
    depths,
    scenario,
  },
  {
    name: 'look-once-for-all-that-is-told',
    breaks: 'news',
    story: 'What is told of a release within a second of its last look is not looked at any more.',
    file: 'controller/engine/listen.ts',
    find: `      if (again && !this.#engine.stopping.aborted)`,
    replace: `      if (again && this.#engine.stopping.aborted)`,
    depths,
    scenario,
  },
  {
    name: 'believe-the-time-of-an-event',
    breaks: 'news',
    story: 'What says that it happened a while ago is taken for known.',
    file: 'controller/engine/listen.ts',
    find: `    const woken = wokenBy(news, managed)
`,
    replace: `    const woken = clock.now() - (news.at ?? 0) > 30_000 ? [] : wokenBy(news, managed)
`,
    depths,
    scenario,
  },
  {
    name: 'tell-what-a-message-says',
    breaks: 'news',
    story: 'Of a message that is no event, its text is told instead of why it was put away.',
    file: 'controller/engine/listen.ts',
    find: `telemetry.emit({ type: 'NewsDropped', why: read.why })`,
    replace: `telemetry.emit({ type: 'NewsDropped', why: body })`,
    depths,
    scenario,
  },
  {
    name: 'give-up-listening',
    breaks: 'news',
    story: 'A queue that could not be heard once is not asked any more.',
    file: 'controller/engine/listen.ts',
    find: `        failures++
`,
    replace: `        if (failures++ >= 0) return
`,
    depths,
    scenario,
  },
  {
    name: 'stumble-over-garbage',
    breaks: 'news',
    story: 'A message that is no JSON fails the whole batch, which comes again and again.',
    file: 'controller/core/events/read.ts',
    find: `  } catch {
    return undefined
  }`,
    replace: `  } catch (error) {
    throw new Error('unreadable', { cause: error })
  }`,
    depths,
    scenario,
  },
]
