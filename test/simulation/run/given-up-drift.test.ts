import { describe, expect, it, vi } from 'vitest'

import { storedReleases } from '../checkers/stored.ts'
import { play } from './run-seed.ts'
import type { Depth, Happening, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const byHand = (
  field: string,
  { side, at }: { readonly side: string; readonly at: Pick<Happening, 'atMs' | 'during'> },
): Happening => ({
  ...at,
  delayMs: 1_000,
  kind: 'any field by hand',
  with: { release: 'web', side, field, backAfterMs: 60_000 },
})

/** Somebody changes the live side, and while another one is brought for that, somebody gives that one other tasks. */
const story: Story = {
  scenario: 'given-up drift',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  rules: 'named',
  settings: 'named',
  pace: 'careful',
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    byHand('service/enableExecuteCommand', { side: 'green', at: { atMs: 40_000 } }),
    byHand('container/entryPoint', { side: 'blue', at: { atMs: 60_000, during: 'Baking' } }),
  ],
}

describe('a difference of the live side', () => {
  it.each<Depth>(['core', 'full'])(
    'that could not be put right, since somebody changed the other side meanwhile, is told and waits for a person, at depth %s',
    async (depth) => {
      let told: unknown
      const { violations } = await play({ ...story, depth }, ({ aws, machine }) => {
        aws.listen({
          afterCall: () => (told = storedReleases(machine).get('web')?.conditions),
        })
      })
      const status = 'True'
      expect(told).toContainEqual(
        expect.objectContaining({ type: 'Stalled', status, reason: 'NoHealthyTargets' }),
      )
      expect(told).toContainEqual(expect.objectContaining({ type: 'Drifted', status }))
      expect(violations).toEqual([])
    },
  )
})
