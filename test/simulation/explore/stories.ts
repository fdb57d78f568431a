import type { Happening, Story } from '../run/story.ts'

/** A story without faults that explorers go through, write by write and read by read. */
export interface ExploredStory {
  readonly name: string
  /** Whether it is short enough to crash twice in it. */
  readonly isShort: boolean
  readonly story: Story
}

/** Long enough for what is still to come after the last write: the old side's 45 s of warmth, and the sweeps. */
const QUIET_MS = 100_000

const push = (atMs: number, version: string, release = 'web'): Happening => ({
  atMs,
  kind: 'push',
  with: { release, version },
})

const explored = (
  name: string,
  happenings: readonly Happening[],
  more: { readonly releases?: readonly string[]; readonly isShort?: boolean } = {},
): ExploredStory => ({
  name,
  isShort: more.isShort ?? false,
  story: {
    scenario: name,
    seed: 1,
    releases: more.releases ?? ['web'],
    desiredCount: 2,
    seats: 1,
    quietMs: QUIET_MS,
    happenings,
  },
})

/** A person's hand on what serves or on what is idle, once everything is at rest. */
const hand = (atMs: number, kind: string, given: Happening['with']): Happening => ({
  atMs,
  kind,
  with: { release: 'web', ...given },
})

/** What Steersman does, one story for each; everything is at rest before the next thing comes, so that a crash changes nothing but times. */
export const exploredStories: readonly ExploredStory[] = [
  explored('first deploy', [push(0, 'v1-good')], { isShort: true }),
  explored('second deploy', [push(0, 'v1-good'), push(40_000, 'v2-good')], { isShort: true }),
  explored('deploy while the previous one is warm', [
    push(0, 'v1-good'),
    push(40_000, 'v2-good'),
    push(75_000, 'v3-good'),
  ]),
  explored('gate failure and rollback', [push(0, 'v1-good'), push(40_000, 'v2-fails-gate')], {
    isShort: true,
  }),
  explored('back to an earlier version', [
    push(0, 'v1-good'),
    push(40_000, 'v2-good'),
    push(130_000, 'v1-good'),
  ]),
  explored('weights by hand', [push(0, 'v1-good'), hand(60_000, 'weights by hand', { blue: 50, green: 50 })]),
  explored('count by hand on the live side', [
    push(0, 'v1-good'),
    hand(60_000, 'count by hand', { side: 'green', desiredCount: 1 }),
  ]),
  explored('count by hand on the idle side', [
    push(0, 'v1-good'),
    push(40_000, 'v2-good'),
    hand(150_000, 'count by hand', { side: 'green', desiredCount: 1 }),
  ]),
  explored(
    'two releases at once',
    [
      push(0, 'v1-good', 'web'),
      push(1, 'v1-good', 'api'),
      push(50_000, 'v2-good', 'web'),
      push(50_001, 'v2-good', 'api'),
    ],
    { releases: ['web', 'api'] },
  ),
]
