import { expect, it } from 'vitest'

import { playCore } from './run-seed.ts'
import type { Story } from './story.ts'

const RELEASE = 'web'

/** A first version has half of the traffic by a person's hand, nobody the other half, and the next version waits; then its only task dies, and ECS starts another one. */
const storyOf = (seed: number, diesAtMs: number): Story => ({
  scenario: 'back by itself',
  depth: 'core',
  seed,
  releases: [RELEASE],
  desiredCount: 1,
  pace: 'careful',
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: RELEASE, version: 'v1-good' } },
    { atMs: 5_000, kind: 'pause', with: { seat: 0, forMs: 60_000 } },
    { atMs: 19_000, kind: 'weights by hand', with: { release: RELEASE, blue: 1, green: 1 } },
    { atMs: 21_000, kind: 'push', with: { release: RELEASE, version: 'v2-good' } },
    { atMs: diesAtMs, kind: 'a task dies', with: { release: RELEASE, side: 'green', which: 0 } },
  ],
})

it('may be served again when the traffic is taken from it for good: that was seen a moment ago', () => {
  for (let seed = 1; seed <= 3; seed += 1)
    for (let diesAtMs = 67_000; diesAtMs <= 71_000; diesAtMs += 500)
      expect(playCore(storyOf(seed, diesAtMs)).violations, `seed ${seed}, at ${diesAtMs} ms`).toEqual([])
})
