import { beforeAll, describe, it } from 'vitest'
import { readyPlayer } from '../command/player.ts'
import { scenarios } from '../scenarios/all.ts'
import { expectSameAtBothDepths } from './compare-depths.ts'

describe('both depths', () => {
  beforeAll(async () => {
    await readyPlayer('full')
  })

  it.each([...scenarios.values()].filter(({ depth }) => depth === undefined))(
    'make the same writes and leave the same world in $name',
    async (scenario) => {
      await expectSameAtBothDepths(scenario)
    },
  )
})
