import { beforeAll, describe, it } from 'vitest'
import { readyPlayer } from '../command/player.ts'
import { scenarios } from '../scenarios/all.ts'
import { expectSameAtBothDepths } from './compare-depths.ts'

/** One of each engine, and what differs most from them; all scenarios are compared by both-depths.long.test.ts. */
const COMPARED = ['deploys', 'two-controllers', 'tags', 'named-rules']

describe('both depths', () => {
  // What loads modules takes real time, in which no virtual answer comes: the first story of a process had writes that were given up and made again.
  beforeAll(async () => {
    await readyPlayer('full')
  })

  it.each(COMPARED)('make the same writes and leave the same world in %s', async (name) => {
    const scenario = scenarios.get(name)
    if (scenario === undefined) throw new Error(`no scenario ${name}`)
    await expectSameAtBothDepths(scenario)
  })
})
