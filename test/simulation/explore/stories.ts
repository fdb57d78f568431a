import type { Happening, Story } from '../run/story.ts'

/** A story without faults that explorers go through, write by write and read by read. */
export interface ExploredStory {
  readonly name: string
  /** Whether it is short enough to crash twice in it. */
  readonly isShort: boolean
  readonly story: Story
}

/**
 * Longer than the staleness bound (60 s): a registration whose answer was lost is looked up for so long before it is made again. With two crashes that may
 * happen twice.
 */
const QUIET_MS = { once: 100_000, twice: 160_000 }

const push = (release: string): Happening => ({
  atMs: 0,
  kind: 'push',
  with: { release, version: 'v1-good' },
})

/** What people do next, so long after every release has begun to serve a version: a crash makes it later, and changes nothing else. */
const then = (after: string, delayMs: number, kind: string, given: Happening['with']): Happening => ({
  atMs: 0,
  kind: 'once it serves',
  with: { after, delayMs, kind, release: 'web', ...given },
})

const explored = (
  name: string,
  later: readonly Happening[],
  more: {
    readonly releases?: readonly string[]
    readonly isShort?: boolean
    readonly infrastructure?: Story['infrastructure']
    readonly gates?: Story['gates']
    readonly strategy?: Story['strategy']
    readonly scaling?: Story['scaling']
    readonly schedules?: Story['schedules']
  } = {},
): ExploredStory => {
  const { releases = ['web'], isShort = false, infrastructure, gates, strategy, scaling, schedules } = more
  const story: Story = {
    scenario: name,
    seed: 1,
    releases,
    desiredCount: 2,
    seats: 1,
    ...(infrastructure === undefined ? {} : { infrastructure }),
    ...(gates === undefined ? {} : { gates }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(scaling === undefined ? {} : { scaling }),
    ...(schedules === undefined ? {} : { schedules }),
    quietMs: isShort ? QUIET_MS.twice : QUIET_MS.once,
    happenings: [...releases.map(push), ...later],
  }
  return { name, isShort, story }
}

/** What Steersman does, one story for each; whoever does something next waits for what came before. */
export const exploredStories: readonly ExploredStory[] = [
  explored('first deploy', [], { isShort: true }),
  explored('second deploy', [then('v1-good', 20_000, 'push', { version: 'v2-good' })], { isShort: true }),
  explored('gate failure and rollback', [then('v1-good', 20_000, 'push', { version: 'v2-fails-gate' })], {
    isShort: true,
  }),
  explored('deploy while the previous one is warm', [
    then('v1-good', 20_000, 'push', { version: 'v2-good' }),
    then('v2-good', 20_000, 'push', { version: 'v3-good' }),
  ]),
  explored('back to an earlier version', [
    then('v1-good', 20_000, 'push', { version: 'v2-good' }),
    then('v2-good', 80_000, 'push', { version: 'v1-good' }),
  ]),
  explored('pin to an earlier rollout', [
    then('v1-good', 20_000, 'push', { version: 'v2-good' }),
    then('v2-good', 80_000, 'pin', { rollout: 1, endsAfterMs: 0 }),
  ]),
  explored('restart', [then('v1-good', 40_000, 'steersman restart', {})]),
  explored('weights by hand', [then('v1-good', 40_000, 'weights by hand', { blue: 50, green: 50 })]),
  explored('count by hand on the live side', [
    then('v1-good', 40_000, 'count by hand', { side: 'green', desiredCount: 1 }),
  ]),
  explored('count by hand on the idle side', [
    then('v1-good', 20_000, 'push', { version: 'v2-good' }),
    then('v2-good', 90_000, 'count by hand', { side: 'green', desiredCount: 1 }),
  ]),
  explored('another count is pushed', [then('v1-good', 40_000, 'another count', { desiredCount: 3 })]),
  explored('test rule by hand', [then('v1-good', 40_000, 'test rule by hand', { side: 'green' })]),
  explored('task definition by hand on the live side', [
    then('v1-good', 40_000, 'task definition by hand', { side: 'green', repoint: 1 }),
  ]),
  explored(
    'a worker, and one that ECS gives up',
    [
      then('v1-good', 20_000, 'push', { version: 'v2-good' }),
      then('v2-good', 20_000, 'push', { version: 'v3-crashes' }),
    ],
    { strategy: 'rolling' },
  ),
  explored('a worker is restarted', [then('v1-good', 40_000, 'steersman restart', {})], {
    strategy: 'rolling',
  }),
  explored(
    'ECS moves the traffic, and goes back from a version that its gate refuses',
    [
      then('v1-good', 20_000, 'push', { version: 'v2-good' }),
      then('v2-good', 20_000, 'push', { version: 'v3-fails-gate' }),
    ],
    { strategy: 'native' },
  ),
  explored(
    'CodeDeploy moves the traffic, and is stopped for a version that its gate refuses',
    [
      // The tasks of the first are gone by then; those of the second are still kept.
      then('v1-good', 200_000, 'push', { version: 'v2-good' }),
      then('v2-good', 1_000, 'push', { version: 'v3-fails-gate' }),
    ],
    { strategy: 'code-deploy' },
  ),
  explored(
    'two releases at once',
    [
      then('v1-good', 20_000, 'push', { release: 'web', version: 'v2-good' }),
      then('v1-good', 20_001, 'push', { release: 'api', version: 'v2-good' }),
    ],
    { releases: ['web', 'api'] },
  ),
  explored(
    'people approve, and let a halt pass',
    [then('v1-good', 20_000, 'push', { version: 'v2-doubted' })],
    {
      gates: 'people',
    },
  ),
  explored(
    'a task of a gate, and one that is stopped',
    [then('v1-good', 20_000, 'push', { version: 'v2-never-migrated' })],
    { gates: 'task' },
  ),
  explored(
    'autoscaling is held and given back',
    [
      then('v1-good', 20_000, 'the load changes', { wanted: 3 }),
      then('v1-good', 40_000, 'push', { version: 'v2-good' }),
    ],
    { scaling: 'tracked' },
  ),
  explored('schedules follow what succeeded', [then('v1-good', 20_000, 'push', { version: 'v2-good' })], {
    schedules: 'named',
  }),
  explored('infrastructure before the rollout', [then('v1-good', 20_000, 'push', { version: 'v2-good' })], {
    infrastructure: 'outputs',
  }),
  explored(
    'lock of the state freed by a person',
    [
      then('v1-good', 20_000, 'state locked by somebody', { forMs: 0 }),
      then('v1-good', 21_000, 'push', { version: 'v2-good' }),
      then('v1-good', 22_000, 'somebody frees the lock', { afterMs: 5_000, which: 'the one that is told' }),
      then('v1-good', 23_000, 'somebody approves', { afterMs: 5_000, which: 'the one that waits' }),
    ],
    { infrastructure: 'outputs' },
  ),
]
