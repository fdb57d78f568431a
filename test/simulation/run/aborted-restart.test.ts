import { beforeAll, describe, expect, it, vi } from 'vitest'
import { storedRollouts } from '../checkers/stored.ts'
import { ask } from '../happenings/asking.ts'
import type { Simulation } from './simulation.ts'
import { play } from './run-seed.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'aborted restart',
  seed: 1,
  releases: ['web'],
  desiredCount: 2,
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    { atMs: 60_000, kind: 'steersman restart', with: { release: 'web' } },
  ],
}

/** What became of each rollout where the restart is aborted while its service is being made, within one and the same reconcile. */
async function abortAtOnce(depth: Depth): Promise<{ rollouts: unknown[]; violations: object[] }> {
  let played: Simulation | undefined
  const { violations } = await play({ ...story, depth }, (simulation) => {
    played = simulation
    simulation.aws.listen({
      beforeCall({ operation, input }) {
        if (operation === 'CreateService' && input['serviceName'] === 'web-blue')
          ask(simulation, { verb: 'abort', release: 'web' })
      },
    })
  })
  if (played === undefined) throw new Error('nothing was played')
  const rollouts = storedRollouts(played.machine).map(({ spec, status }) => [spec.why, status.outcome])
  return { rollouts, violations: [...violations] }
}

describe('a restart that is aborted at once', () => {
  beforeAll(async () => {
    await play({ ...story, happenings: story.happenings.slice(0, 1) })
  })

  it.each<Depth>(['full', 'core'])('is not begun once more, at depth %s', async (depth) => {
    expect(await abortAtOnce(depth)).toEqual({
      rollouts: [
        ['Commit', 'Succeeded'],
        ['Restart', 'Aborted'],
      ],
      violations: [],
    })
  })
})
