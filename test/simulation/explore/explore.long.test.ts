import { beforeAll, describe, expect, it } from 'vitest'

import { exploreCrashes } from './crash.ts'
import { compareEffects } from './effects.ts'
import { compareEnds } from './end-state.ts'
import { observe, withHappening } from './observe.ts'
import { observerHere, withObservers } from './observers.ts'
import { unexplored } from './operations.ts'
import { exploredStories } from './stories.ts'

const stories = exploredStories.slice(0, 1)
const BY_CODE_DEPLOY = 'CodeDeploy moves the traffic, and is stopped for a version that its gate refuses'

beforeAll(async () => {
  for (const { story } of stories) await observe(story)
})

describe('the crash explorer', () => {
  it.each([
    ['infrastructure before the rollout', 'terraform apply', 2],
    ['lock of the state freed by a person', 'terraform unlock', 1],
    [BY_CODE_DEPLOY, 'aws CreateDeployment', 3],
    [BY_CODE_DEPLOY, 'aws ContinueDeployment', 3],
    [BY_CODE_DEPLOY, 'aws StopDeployment', 1],
  ])('ends with the same world, in the story %s, whichever %s it crashes at', async (name, kind, count) => {
    const story = exploredStories.find((explored) => explored.name === name)?.story
    if (story === undefined) throw new Error(`no story ${name}`)
    const undisturbed = await observe(story)
    const writes = undisturbed.writes.flatMap((write, index) => (write === kind ? [index + 1] : []))
    expect(writes).toHaveLength(count)
    for (const write of writes)
      for (const moment of ['before', 'after']) {
        const crash = { write, of: 'any', moment, downMs: 2_000 }
        const crashed = await observe(withHappening(story, 'crash at a write', crash))
        expect(crashed.violations).toEqual([])
        expect(compareEffects(undisturbed.effects, crashed.effects)).toEqual([])
        expect(compareEnds(undisturbed.end, crashed.end)).toEqual([])
      }
  })

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
