import { describe, expect, it } from 'vitest'

import type { WorkQueueSettings } from '../../controller/engine/work-queue.ts'
import { WorkQueue } from '../../controller/engine/work-queue.ts'
import { FakeClock } from '../support/fake-clock.ts'

interface Job {
  readonly key: string
  readonly done: (afterMs?: number) => void
  readonly fail: () => void
}

/** A queue whose work ends when the test says so. */
function queueOf(settings: Partial<WorkQueueSettings> = {}): {
  queue: WorkQueue
  clock: FakeClock
  jobs: Job[]
  started: string[]
  failures: { key: string; message: string; retryMs: number }[]
} {
  const clock = new FakeClock()
  const jobs: Job[] = []
  const started: string[] = []
  const failures: { key: string; message: string; retryMs: number }[] = []
  const queue = new WorkQueue({
    clock,
    random: { next: () => 0.5 },
    concurrency: 2,
    maximumKeys: 10,
    backoff: { firstMs: 100, maximumMs: 1_000 },
    cutOffMs: () => undefined,
    work: (key) => {
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
      jobs.push({ key, done: resolve, fail: () => reject(new Error('no')) })
      return promise
    },
    onFailure: ({ key, error, retryMs }) => failures.push({ key, message: String(error), retryMs }),
    onStart: ({ key, waitedMs }) => started.push(`${key} after ${waitedMs} ms`),
    ...settings,
  })
  return { queue, clock, jobs, started, failures }
}

const settled = (clock: FakeClock): Promise<void> => clock.advance(0)

describe('a work queue', () => {
  it('works on nothing before it is started, and then on what was asked for', () => {
    const { queue, started } = queueOf()
    queue.add('a')
    expect([queue.depth(), started]).toEqual([1, []])
    queue.start()
    expect([queue.depth(), started]).toEqual([0, ['a after 0 ms']])
  })

  it('works once on a key that is asked for many times while it waits', () => {
    const { queue, started } = queueOf()
    for (let asked = 0; asked < 5; asked += 1) queue.add('a')
    queue.start()
    expect(started).toEqual(['a after 0 ms'])
  })

  it('never works on a key twice at a time, but once more when it was asked for meanwhile', async () => {
    const { queue, clock, jobs } = queueOf()
    queue.start()
    queue.add('a')
    queue.add('a')
    queue.add('a')
    expect(jobs).toHaveLength(1)
    jobs[0]?.done()
    await settled(clock)
    expect(jobs).toHaveLength(2)
    jobs[1]?.done()
    await settled(clock)
    expect(jobs).toHaveLength(2)
  })

  it('works on as many keys at a time as it may, in the order in which they were asked for', async () => {
    const { queue, clock, jobs, started } = queueOf()
    queue.start()
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key)
    expect(jobs.map(({ key }) => key)).toEqual(['a', 'b'])
    await clock.advance(30)
    jobs[1]?.done()
    await settled(clock)
    expect([started.at(-1), queue.depth()]).toEqual(['c after 30 ms', 1])
  })

  it("works first on what can't wait, and beside as many others as it may", async () => {
    const { queue, clock, jobs } = queueOf()
    queue.start()
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key)
    queue.addFirst('d')
    expect(jobs.map(({ key }) => key)).toEqual(['a', 'b', 'd'])
    queue.addFirst('e')
    expect(jobs.at(-1)?.key).toBe('e')
    jobs[2]?.done()
    jobs[3]?.done()
    await settled(clock)
    expect(jobs).toHaveLength(4)
    jobs[0]?.done()
    await settled(clock)
    expect(jobs.map(({ key }) => key)).toEqual(['a', 'b', 'd', 'e', 'c'])
  })

  it("works once more on what can't wait and is worked on, before what has waited", async () => {
    const { queue, clock, jobs } = queueOf({ concurrency: 1 })
    queue.start()
    for (const key of ['a', 'b', 'a']) queue.add(key)
    queue.addFirst('a')
    expect(jobs).toHaveLength(1)
    jobs[0]?.done()
    await settled(clock)
    expect(jobs.map(({ key }) => key).slice(0, 2)).toEqual(['a', 'a'])
  })

  it('bounds what it works on beside the others', () => {
    const { queue, jobs } = queueOf()
    queue.start()
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) queue.addFirst(key)
    expect([jobs.length, queue.depth()]).toEqual([6, 2])
  })

  it('looks again after the time that the work asks for, or at once when somebody asks earlier', async () => {
    const { queue, clock, jobs } = queueOf()
    queue.start()
    queue.add('a')
    jobs[0]?.done(500)
    await clock.advance(499)
    expect(jobs).toHaveLength(1)
    await clock.advance(1)
    expect(jobs).toHaveLength(2)
    jobs[1]?.done(500)
    await settled(clock)
    queue.add('a')
    expect(jobs).toHaveLength(3)
    jobs[2]?.done()
    await clock.advance(10_000)
    expect(jobs).toHaveLength(3)
  })

  it('rests while nothing is to come but what may come', async () => {
    const { queue, clock, jobs } = queueOf()
    const rests = (mayCome: string): boolean => queue.restsBut((key) => key === mayCome)
    queue.start()
    queue.add('a')
    expect(rests('a')).toBe(false)
    jobs[0]?.done(500)
    await settled(clock)
    expect([rests('a'), rests('b')]).toEqual([true, false])
    queue.add('b')
    jobs[1]?.fail()
    await settled(clock)
    expect([rests('a'), rests('b')]).toEqual([false, false])
    await clock.advance(100)
    jobs[2]?.done()
    await settled(clock)
    expect([rests('a'), rests('b')]).toEqual([true, false])
  })

  it('tries a failed key again, each time later up to the limit, and from the start after a success', async () => {
    const { queue, clock, jobs, failures } = queueOf()
    queue.start()
    queue.add('a')
    for (const waitMs of [100, 200, 400, 800, 1_000, 1_000]) {
      jobs.at(-1)?.fail()
      await clock.advance(waitMs - 1)
      const { length } = jobs
      await clock.advance(1)
      expect(jobs).toHaveLength(length + 1)
    }
    jobs.at(-1)?.done(0)
    await clock.advance(0)
    jobs.at(-1)?.fail()
    await settled(clock)
    expect(failures.map(({ retryMs }) => retryMs)).toEqual([100, 200, 400, 800, 1_000, 1_000, 100])
  })

  it.each([
    [0, 90],
    [0.5, 100],
    [0.999, 110],
  ])('spreads what failed together by a tenth either way: %d gives %d ms', async (random, expected) => {
    const { queue, clock, jobs, failures } = queueOf({ random: { next: () => random } })
    queue.start()
    queue.add('a')
    jobs[0]?.fail()
    await settled(clock)
    expect(failures[0]?.retryMs).toBe(expected)
  })

  it('tries a key soon whose work was cut off, and counts that as no failure', async () => {
    let isCutOff = true
    const { queue, clock, jobs, failures } = queueOf({ cutOffMs: () => (isCutOff ? 30 : undefined) })
    queue.start()
    queue.add('a')
    for (let time = 1; time <= 5; time += 1) {
      jobs.at(-1)?.fail()
      await clock.advance(30)
      expect(jobs).toHaveLength(time + 1)
    }
    jobs.at(-1)?.fail()
    await settled(clock)
    queue.addPatiently('a')
    isCutOff = false
    jobs.at(-1)?.fail()
    await settled(clock)
    expect(failures.map(({ retryMs }) => retryMs)).toEqual([30, 30, 30, 30, 30, 30, 100])
  })

  it("waits out no backoff of what can't wait and was asked for while it failed, once", async () => {
    const { queue, clock, jobs, failures } = queueOf()
    queue.start()
    queue.add('a')
    queue.addFirst('a')
    jobs[0]?.fail()
    await settled(clock)
    expect(jobs).toHaveLength(2)
    jobs[1]?.fail()
    await clock.advance(199)
    expect(jobs).toHaveLength(2)
    await clock.advance(1)
    expect(jobs).toHaveLength(3)
    expect(failures.map(({ retryMs }) => retryMs)).toEqual([100, 200])
  })

  it('waits out the backoff of a key that was asked for while it failed', async () => {
    const { queue, clock, jobs } = queueOf()
    queue.start()
    queue.add('a')
    queue.add('a')
    jobs[0]?.fail()
    await clock.advance(99)
    expect(jobs).toHaveLength(1)
    await clock.advance(1)
    expect(jobs).toHaveLength(2)
  })

  it('cuts a backoff short for an event, but not for a patient look', async () => {
    const { queue, clock, jobs } = queueOf()
    queue.start()
    queue.add('a')
    jobs[0]?.fail()
    await settled(clock)
    queue.addPatiently('a')
    expect(jobs).toHaveLength(1)
    queue.add('a')
    expect(jobs).toHaveLength(2)
    queue.addPatiently('b')
    expect(jobs).toHaveLength(3)
  })

  it('keeps its worker when the work throws instead of rejecting', async () => {
    const worked: string[] = []
    const { queue, clock, failures } = queueOf({
      concurrency: 1,
      work: (key) => {
        worked.push(key)
        if (key === 'bad') throw new Error('thrown')
        return Promise.resolve(undefined)
      },
    })
    queue.start()
    queue.add('bad')
    queue.add('good')
    await settled(clock)
    expect(worked).toEqual(['bad', 'good'])
    expect(failures).toEqual([{ key: 'bad', message: 'Error: thrown', retryMs: 100 }])
  })

  it('refuses more keys than it may know, and says so', () => {
    const { queue, failures } = queueOf({ maximumKeys: 2 })
    for (const key of ['a', 'b', 'c', 'a']) queue.add(key)
    expect(failures).toEqual([{ key: 'c', message: 'Error: more than 2 keys', retryMs: 0 }])
    expect(queue.depth()).toBe(2)
    queue.forget('a')
    queue.add('c')
    expect(queue.depth()).toBe(2)
  })

  it('forgets a key with its failures and its timer, unless it is worked on', async () => {
    const { queue, clock, jobs, failures } = queueOf()
    queue.start()
    queue.add('a')
    queue.forget('a')
    queue.forget('unknown')
    jobs[0]?.fail()
    await settled(clock)
    expect(failures).toHaveLength(1)
    queue.forget('a')
    await clock.advance(5_000)
    expect(jobs).toHaveLength(1)
  })

  it('tells how long the longest work has been going on', async () => {
    const { queue, clock, jobs } = queueOf()
    expect(queue.longestRunningMs()).toBe(0)
    queue.start()
    queue.add('a')
    await clock.advance(40)
    queue.add('b')
    await clock.advance(2)
    expect(queue.longestRunningMs()).toBe(42)
    jobs[0]?.done()
    await settled(clock)
    expect(queue.longestRunningMs()).toBe(2)
  })
})

describe('draining a work queue', () => {
  it('ends at once where nothing runs, and takes nothing new', async () => {
    const { queue, clock, jobs } = queueOf()
    queue.start()
    queue.add('a')
    jobs[0]?.done(100)
    await settled(clock)
    await queue.drain(1_000)
    queue.add('b')
    await clock.advance(5_000)
    expect([jobs.length, clock.pending]).toEqual([1, 0])
  })

  it('waits for what runs, and starts nothing that waits', async () => {
    const { queue, clock, jobs } = queueOf({ concurrency: 1 })
    queue.start()
    queue.add('a')
    queue.add('b')
    let isDrained = false
    const drained = queue.drain(1_000).then(() => {
      isDrained = true
    })
    await clock.advance(500)
    expect(isDrained).toBe(false)
    jobs[0]?.done(10)
    await drained
    await clock.advance(5_000)
    expect(jobs.map(({ key }) => key)).toEqual(['a'])
    expect(clock.pending).toBe(0)
  })

  it('gives up at its limit', async () => {
    const { queue, clock } = queueOf()
    queue.start()
    queue.add('a')
    const drained = queue.drain(1_000)
    await clock.advance(1_000)
    await expect(drained).resolves.toBeUndefined()
  })
})
