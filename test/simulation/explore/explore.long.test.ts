import { beforeAll, describe, expect, it } from 'vitest'

import { exploreCrashes } from './crash.ts'
import { observe } from './observe.ts'
import { observerHere, withObservers } from './observers.ts'
import { unexplored } from './operations.ts'
import { exploredStories } from './stories.ts'

const stories = exploredStories.slice(0, 1)

beforeAll(async () => {
  for (const { story } of stories) await observe(story)
})

describe('the crash explorer', () => {
  it('finds the same in several threads', async () => {
    const few = { mostWrites: 2, mostPairs: 1 }
    const here = await exploreCrashes(stories, { ...few, observer: observerHere() })
    const found = await withObservers(2, (observer) => exploreCrashes(stories, { ...few, observer }))
    expect(found).toEqual(here)
  })

  it('knows every write of the code, and its stories make all but the named exceptions', async () => {
    const occurred = new Set<string>()
    for (const { story } of exploredStories)
      for (const kind of (await observe(story)).writes) occurred.add(kind)
    expect(unexplored(occurred)).toEqual([])
  })
})
