import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes of when Terraform may do what. */
export const infrastructureBugs: readonly PlantedBug[] = [
  {
    name: 'apply-without-approval',
    breaks: 'infrastructure',
    story: 'A plan that destroys is applied like any other, although it has to wait for a person.',
    file: 'controller/engine/infrastructure/run.ts',
    find: `plan.permission === 'Apply' || isApproved(turn, plan)`,
    replace: `plan.permission === 'Apply' || plan.permission === 'AwaitApproval' || isApproved(turn, plan)`,
    depths,
  },
  {
    name: 'take-any-approval',
    breaks: 'infrastructure',
    story: 'An approval is taken to be of whatever plan waits when it is seen, not of the one that it names.',
    file: 'controller/engine/infrastructure/run.ts',
    find: `approval.plan === plan.id &&
    waiting.id === plan.id &&`,
    replace: `waiting.id !== 'none' &&`,
    depths,
  },
  {
    name: 'apply-a-plan-that-resets-traffic',
    breaks: 'infrastructure',
    story: 'A plan that writes the weights of a listener is applied like one that is safe.',
    file: 'controller/core/infrastructure/permission.ts',
    find: `    case 'Wider':
    case 'ResetsTraffic':
      return 'Refuse'`,
    replace: `    case 'Wider':
      return 'Refuse'
    case 'ResetsTraffic':
      return 'Apply'`,
    depths,
  },
  {
    name: 'free-a-foreign-lock',
    breaks: 'infrastructure',
    story: 'Any lock is freed once a person has asked for one to be, whichever that was.',
    file: 'controller/engine/infrastructure/state-lock.ts',
    find: `id === requests.unlock?.id`,
    replace: `requests.unlock !== undefined`,
    depths,
  },
  {
    name: 'start-before-the-infrastructure',
    breaks: 'infrastructure',
    story:
      'Releases roll out as soon as it is known what Terraform is given, and not when it has applied that.',
    file: 'controller/engine/environment/ground.ts',
    find: `if (want.kind === 'Inputs' && isApplied({ status: known, inputDigest: want.inputDigest }))`,
    replace: `if (want.kind === 'Inputs' && (known.outputs !== undefined || isApplied({ status: known, inputDigest: want.inputDigest })))`,
    depths,
  },
  {
    name: 'forget-a-killed-apply',
    breaks: 'infrastructure',
    story:
      'After an apply that was killed Terraform goes on by itself, and makes again what its state lacks.',
    file: 'controller/engine/infrastructure/run.ts',
    find: `if (first.lock.operation !== PLANNING) await`,
    replace: `if (first.lock.operation === '') await`,
    depths,
  },
]
