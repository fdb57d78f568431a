import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes of what is decided while no rollout runs, and of what branch and tags mean. */
export const planBugs: readonly PlantedBug[] = [
  {
    name: 'take-any-image-for-the-adopted-one',
    breaks: 'I5',
    story:
      'A new version counts as the one that was adopted, since all of its task definition but the image is the same.',
    file: 'controller/core/adopt/same-content.ts',
    find: `return repository === given.repository && (digest ?? given.ran) === given.digest`,
    replace: `return repository === given.repository`,
    depths,
  },
  {
    name: 'schedule-what-is-wanted',
    breaks: 'I12',
    story:
      'Schedules run the version that is wanted as soon as nothing rolls out, also one that was refused.',
    file: 'controller/core/plan/schedules.ts',
    find: `lastSucceeded?.spec.taskDefinition ?? desired?.recorded?.taskDefinition`,
    replace: `desired?.version?.taskDefinition ?? lastSucceeded?.spec.taskDefinition`,
    depths,
  },
  {
    name: 'retry-a-failed-revision',
    breaks: 'I8',
    story: 'A version that failed is rolled out again as soon as its rollout has ended.',
    file: 'controller/core/plan.ts',
    find: `failure === undefined ? beginRollout(input, live) : goBack(input, live)`,
    replace: `failure === undefined ? beginRollout(input, live) : (goBack(input, live) ?? beginRollout(input, live))`,
    depths,
  },
  {
    name: 'remember-only-the-last-failure',
    breaks: 'I8',
    story: 'A version that failed is tried again by itself once another one was rolled out in between.',
    file: 'controller/core/plan/need.ts',
    find: `if (last?.spec.digest !== desired.digest) return known`,
    replace: `if (last?.spec.digest !== desired.digest) return undefined`,
    depths,
  },
  {
    name: 'keep-the-idle-side-for-ever',
    breaks: 'I5',
    story: 'The old side of a swap that succeeded stays warm beyond keepPrevious and is never taken to zero.',
    file: 'controller/core/plan/corrections.ts',
    find: `until !== undefined && now < Date.parse(until)`,
    replace: `until !== undefined && now > 0`,
    depths,
  },
  {
    name: 'drop-the-old-side-at-once',
    breaks: 'I5',
    story:
      'The old side goes to zero as soon as the swap has succeeded, so there is nothing warm to go back to.',
    file: 'controller/core/plan/corrections.ts',
    find: `return last?.status.phase === 'Succeeded' && until`,
    replace: `return last?.status.phase === 'Baking' && until`,
    depths,
  },
  {
    name: 'correct-what-is-only-reported',
    breaks: 'I7',
    story: 'Weights that somebody changed are put back although the environment only wants to hear of it.',
    file: 'controller/core/plan/corrections.ts',
    find: `const corrects = drift.traffic === 'Correct'`,
    replace: `const corrects = drift.traffic !== 'Ignore'`,
    depths,
  },
  {
    name: 'hold-what-people-left',
    breaks: 'I5',
    story: 'Whoever goes back at once is held at the version that was to be left.',
    file: 'controller/core/plan/failback.ts',
    find: `version: { taskDefinition: target.spec.taskDefinition, document`,
    replace: `version: { taskDefinition: newest.spec.taskDefinition, document`,
    depths,
  },
  {
    name: 'start-in-a-freeze',
    breaks: 'I7',
    story: 'A merge is rolled out although a freeze window is open: only restarts and other tries wait.',
    file: 'controller/core/plan/frozen.ts',
    find: `  if (freeze === undefined) return undefined
  if (why === 'Drift'`,
    replace: `  if (freeze === undefined || why === 'Commit') return undefined
  if (why === 'Drift'`,
    depths,
  },
  {
    name: 'correct-in-a-freeze',
    breaks: 'I7',
    story: 'What people changed by hand is put back in a freeze whose windows do not allow it.',
    file: 'controller/core/plan/frozen.ts',
    find: `input.freeze === undefined || input.freeze.allowsCorrection`,
    replace: `input.freeze === undefined || input.freeze.windows.length > 0`,
    depths,
  },
  {
    name: 'take-the-left-side-for-the-live-one',
    breaks: 'I5',
    story:
      'After a swap the side that was left still counts as live, so the weights go back to it as if they had drifted.',
    file: 'controller/core/plan/live.ts',
    find: `if (hasTaken(last)) return to`,
    replace: `if (hasTaken(last)) return otherSide(to)`,
    depths,
  },
  {
    name: 'go-on-over-a-hold',
    breaks: 'I6',
    story:
      "A tag that a person moved back is taken for our own, so the branch's head is rolled out and the tag moved over the hold.",
    file: 'controller/core/revision.ts',
    find: `if (current !== undefined && isMoved(facts) && !isResumed(facts, current, head))`,
    replace: `if (current !== undefined && isMoved(facts) && facts.records.length === 0)`,
    depths,
  },
]
