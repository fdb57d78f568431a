import { beforeAll, describe, expect, it, vi } from 'vitest'
import { seeRelease } from '../aws/view.ts'
import { play } from './run-seed.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'warm side',
  seed: 1,
  releases: ['web'],
  desiredCount: 2,
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v2-good' } },
  ],
}

/** The old side is warm then: the second version serves, and bakes no more. */
const BROKEN_AT_MS = 110_000

/** How many tasks the old side wants when the manifest is broken for good, and at rest. */
async function breakWhileWarm(depth: Depth): Promise<{ warm: number; cold: number; violations: object[] }> {
  const counts = { warm: -1, cold: -1 }
  const { violations } = await play({ ...story, depth }, (simulation) => {
    const [pair] = simulation.pairs
    if (pair === undefined) throw new Error('no release')
    const idleCount = (): number => seeRelease(simulation.aws, pair).sides.green.desiredCount
    simulation.time.after(BROKEN_AT_MS, () => {
      counts.warm = idleCount()
      simulation.branch.break('web')
    })
    simulation.aws.listen({ afterCall: () => void (counts.cold = idleCount()) })
  })
  return { ...counts, violations: [...violations] }
}

describe('a commit that is refused while the old side is warm', () => {
  beforeAll(async () => {
    await play({ ...story, happenings: story.happenings.slice(0, 1) })
  })

  it.each<Depth>(['full', 'core'])(
    'does not keep it from going to zero at its time, at depth %s',
    async (depth) => {
      expect(await breakWhileWarm(depth)).toEqual({ warm: 2, cold: 0, violations: [] })
    },
  )
})
