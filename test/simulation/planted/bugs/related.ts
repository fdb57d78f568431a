import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes between the releases of one commit. */
export const relatedBugs: readonly PlantedBug[] = [
  {
    name: 'begin-before-what-comes-first',
    breaks: 'order',
    story: 'A release that is ready counts as serving the new commit for those that depend on it.',
    file: 'controller/core/plan/order.ts',
    find: `isReady && status.verified?.digest === wanted`,
    replace: `isReady`,
    depths,
  },
  {
    name: 'move-before-the-group',
    breaks: 'together',
    story: 'A member of a group moves its traffic as soon as it is ready itself.',
    file: 'controller/core/rollout/together.ts',
    find: `partnersOf(input).find((partner) => readyStepOf(partner) < step)`,
    replace: `partnersOf(input).find((partner) => readyStepOf(partner) < step - 1)`,
    depths,
  },
  {
    name: 'succeed-before-the-group',
    breaks: 'together',
    story: 'The leader succeeds when its own bake is over, whatever becomes of the other members.',
    file: 'controller/core/rollout/together.ts',
    find: `other === undefined || !hasBaked(other)`,
    replace: `other === undefined`,
    depths,
  },
  {
    name: 'leave-the-others-behind',
    breaks: 'together',
    story: 'A member that has moved does not follow the others back, and waits for them until its deadline.',
    file: 'controller/core/rollout/together.ts',
    find: `if (culprit !== undefined) return followBack(`,
    replace: `if (culprit !== undefined && status.shiftedAt === undefined) return followBack(`,
    depths,
  },
]
