import { beforeAll, describe, expect, it, vi } from 'vitest'
import { storedRollouts } from '../checkers/stored.ts'
import { ask } from '../happenings/asking.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'paused in a look',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    {
      atMs: 59_000,
      kind: 'slow answers',
      with: { service: 'elasticloadbalancing', rate: 1, latencyMs: 1_000, forMs: 20_000 },
    },
    { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v2-good' } },
  ],
}

const RESUMED_AFTER_MS = 60_000

/** Pauses the environment while the second version's side is looked at, before its rollout begins. */
function pauseInALook(simulation: Simulation): void {
  let isAsked = false
  simulation.aws.listen({
    beforeCall({ operation, input }) {
      if (isAsked || operation !== 'DescribeTargetHealth' || !JSON.stringify(input).includes('blue')) return
      isAsked = true
      ask(simulation, { verb: 'pause' })
      simulation.later(RESUMED_AFTER_MS, () => ask(simulation, { verb: 'resume' }))
    },
  })
}

describe('an environment that is paused while a release is looked at', () => {
  beforeAll(async () => {
    await play({ ...story, happenings: story.happenings.slice(0, 1) })
  })

  it.each<Depth>(['full', 'core'])('begins no rollout before it is resumed, at depth %s', async (depth) => {
    let played: Simulation | undefined
    const { violations, trace } = await play({ ...story, depth }, (simulation) => {
      played = simulation
      pauseInALook(simulation)
    })
    if (played === undefined) throw new Error('nothing was played')
    expect(violations).toEqual([])
    const order = trace.flatMap(({ what }) => /asked to \w+|RolloutStarted/.exec(what)?.[0] ?? [])
    expect(order).toEqual(['RolloutStarted', 'asked to pause', 'asked to resume', 'RolloutStarted'])
    expect(storedRollouts(played.machine).map(({ status }) => status.outcome)).toEqual([
      'Succeeded',
      'Succeeded',
    ])
  })
})
