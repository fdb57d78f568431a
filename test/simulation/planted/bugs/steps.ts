import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes of a shift in steps. */
export const stepBugs: readonly PlantedBug[] = [
  {
    name: 'leave-clients-with-the-refused',
    breaks: 'I8',
    story:
      'The write that goes back names both groups, so that sticky clients stay with the version that was refused.',
    file: 'controller/core/rollout/phases/rules.ts',
    find: `const leaves = status.phase === 'RollingBack' ||`,
    replace: `const leaves = status.phase === 'Pending' ||`,
    depths: ['full', 'core'],
  },
  {
    name: 'go-on-before-a-step-is-over',
    breaks: 'steps',
    story: 'The time of a step is counted from the start of the shift, so that later ones are over too soon.',
    file: 'controller/core/rollout/phases/holding.ts',
    find: `const until = fromTimestamp(status.stepStartedAt ?? '') + holdMs`,
    replace: `const until = fromTimestamp(status.shiftedAt ?? '') + holdMs`,
    depths,
  },
  {
    name: 'leave-a-step-out',
    breaks: 'steps',
    story: 'After a step comes the one after the next.',
    file: 'controller/core/rollout/phases/holding.ts',
    find: `towards(status, number + 1)`,
    replace: `towards(status, number + 2)`,
    depths,
  },
  {
    name: 'go-on-with-a-side-that-is-not-whole',
    breaks: 'I1',
    story:
      'Only before its first traffic the new side is looked at; with tasks missing it gets the next step.',
    file: 'controller/core/rollout/phases/shifting.ts',
    find: `failsInShift(input) ?? followOrigin(input) ?? makeWhole(input)`,
    replace: `isStepped(input) ? undefined : (failsInShift(input) ?? followOrigin(input) ?? makeWhole(input))`,
    depths,
  },
]
