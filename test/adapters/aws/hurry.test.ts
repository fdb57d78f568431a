import { describe, expect, it } from 'vitest'
import { createBatcher } from '../../../controller/adapters/aws/client/batcher.ts'
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
