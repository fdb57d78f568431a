import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createBatcher } from '../../../controller/adapters/aws/client/batcher.ts'
import { createHurry } from '../../../controller/adapters/aws/client/hurry.ts'
import { createSharedReads } from '../../../controller/adapters/aws/client/shared-reads.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A read that says whether it is in a hurry, and answers when the test says so. */
function slowRead() {
  const hurries: AbortSignal[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  const read = (hurry: AbortSignal): Promise<string> => {
    hurries.push(hurry)
    return promise
  }
  return { read, resolve, hurries, isHurried: () => hurries.map(({ aborted }) => aborted) }
}

describe('a read that callers share', () => {
  it.each([
    ['by whoever joins it', true],
    ['by whoever waits for it already', false],
  ])('is put into a hurry %s', async (_who, joins) => {
    const shared = createSharedReads<string>(() => 0)
    const { read, resolve, isHurried } = slowRead()
    const hurry = new AbortController()
    const first = shared.share('key', read, hurry.signal)
    const second = shared.share('key', read, joins ? AbortSignal.abort() : undefined)
    if (!joins) {
      expect(isHurried()).toEqual([false])
      hurry.abort()
    }
    expect(isHurried()).toEqual([true])
    resolve('answer')
    expect(await Promise.all([first, second])).toEqual(['answer', 'answer'])
  })

  it('lets go of the hurry of its callers with its end', async () => {
    const shared = createSharedReads<string>(() => 0)
    const { read, resolve, isHurried } = slowRead()
    const hurry = new AbortController()
    const answer = shared.share('key', read, hurry.signal)
    resolve('answer')
    await answer
    hurry.abort()
    expect(isHurried()).toEqual([false])
  })
})

describe('the hurry of all who wait for one answer', () => {
  it('listens to nobody after its end, whoever joins then', () => {
    const { signal, join, end } = createHurry()
    const callers = [new AbortController(), new AbortController(), new AbortController()]
    const listening = () => callers.map((caller) => getEventListeners(caller.signal, 'abort').length)
    for (const caller of callers.slice(0, 2)) join(caller.signal)
    expect(listening()).toEqual([1, 1, 0])
    end()
    for (const caller of callers) join(caller.signal)
    expect(listening()).toEqual([0, 0, 0])
    join(AbortSignal.abort())
    expect(signal.aborted).toBe(false)
  })
})

describe('a batch', () => {
  it('is in a hurry with any of its wishes, and no other batch is', async () => {
    const clock = new FakeClock()
    const seen: Record<string, AbortSignal> = {}
    const answers = Promise.withResolvers<undefined>()
    const batcher = createBatcher<string, string>({
      clock,
      maxSize: 2,
      groupOf: () => '',
      identityOf: (key) => key,
      read: async (keys, hurry) => {
        seen[keys.join(' ')] = hurry
        await answers.promise
        return keys
      },
    })
    const hurry = new AbortController()
    const all = Promise.all([batcher.load('a'), batcher.load('b', hurry.signal), batcher.load('c')])
    await clock.advance(0)
    hurry.abort()
    expect(Object.entries(seen).map(([keys, { aborted }]) => [keys, aborted])).toEqual([
      ['a b', true],
      ['c', false],
    ])
    answers.resolve(undefined)
    expect(await all).toEqual(['a', 'b', 'c'])
  })
})
