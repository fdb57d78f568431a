import { expect, it, vi } from 'vitest'
import { storedRollouts } from '../checkers/stored.ts'
import { kindNamed } from './draw-story.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'workers',
  seed: 1,
  strategy: 'rolling',
  releases: ['web'],
  desiredCount: 2,
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v2-crashes' } },
  ],
}

/** Longer than ECS tries to start a version, and than it tells of it among its deployments. */
const STOPPED_MS = 200_000
/** While it stands still: each lets ECS say twice more what it did for the service. */
const ZONES_LOST_AFTER_MS = [60_000, 100_000, 140_000]

it('a controller that stood still while ECS itself went back from a version does not give it once more', async () => {
  const given: unknown[] = []
  let simulation: Simulation | undefined
  const { violations } = await play(story, (begun) => {
    simulation = begun
    begun.aws.listen({
      afterCall({ operation, who, input }) {
        if (who === 'people' || operation !== 'UpdateService') return
        given.push(input['taskDefinition'])
        if (given.length > 1) return
        kindNamed('the circuit breaker rolls back').apply(begun, { release: 'web', side: 'blue' })
        begun.seat(0).pause(STOPPED_MS)
        for (const ms of ZONES_LOST_AFTER_MS)
          begun.time.after(ms, () => kindNamed('a zone is lost').apply(begun, {}))
      },
    })
  })
  expect(violations).toEqual([])
  expect(given).toEqual([expect.stringContaining('demo-web:2')])
  if (simulation === undefined) throw new Error('nothing was played')
  expect(storedRollouts(simulation.machine).map(({ status }) => status.outcome)).toEqual([
    'Succeeded',
    'RolledBack',
  ])
})
