import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes about who decides at a gate, and what follows. */
export const gateBugs: readonly PlantedBug[] = [
  {
    name: 'forget-what-is-not-undone',
    breaks: 'I6',
    story: 'A rollout that goes back behind its own migration does not say that it stays done.',
    file: 'controller/core/rollout/transition.ts',
    find: `if (left.length === 0) return status`,
    replace: `if (left.length >= 0) return status`,
    depths,
  },
  {
    name: 'move-traffic-before-people-agree',
    breaks: 'I6',
    story: 'After its verification a rollout moves its weights at once, whatever is to be asked before.',
    file: 'controller/core/rollout/phases/verifying.ts',
    find: `gatesAt(rollout, 'BeforeShift').length === 0 ? 'Shifting'`,
    replace: `gatesAt(rollout, 'BeforeShift').length < 40 ? 'Shifting'`,
    depths,
  },
  {
    name: 'let-pushers-approve',
    breaks: 'I6',
    story:
      "Whoever wrote the commit approves it: a token's name is compared with the whole `Name <address>`.",
    file: 'controller/core/rollout/decisions.ts',
    find: `return [person, name, address].some(`,
    replace: `return [person].some(`,
    depths,
  },
  {
    name: 'take-a-halt-for-passed',
    breaks: 'I6',
    story:
      'A gate with onFailure Hold that did not pass lets the rollout go on, as if a person had approved it.',
    file: 'controller/core/rollout/gates.ts',
    find: `if (gate.onFailure === 'Hold') return 'Hold'`,
    replace: `if (gate.onFailure === 'Hold') return 'GoOn'`,
    depths,
  },
  {
    name: 'count-the-wait-for-people',
    breaks: 'I8',
    story: 'The deadline runs on while people are asked, so a version fails because somebody was at lunch.',
    file: 'controller/core/rollout/waiting.ts',
    find: `return { ...withLaterDeadline(rest, waitedMs), waitSeconds`,
    replace: `return { ...rest, waitSeconds`,
    depths,
  },
  {
    name: 'take-one-batch-for-warm',
    breaks: 'I6',
    story: 'A side counts as warm after the first batch of requests that it answers.',
    file: 'controller/core/rollout/gates.ts',
    find: `gate.http?.successes ?? gate.warming?.requests ?? 1`,
    replace: `gate.http?.successes ?? 1`,
    depths,
  },
  {
    name: 'take-undecided-for-a-yes',
    breaks: 'I6',
    story: 'A hook that answers IN_PROGRESS counts as one that has agreed.',
    file: 'controller/core/gate/judge-hook.ts',
    find: `case 'IN_PROGRESS':
      return {
        result: 'Inconclusive',`,
    replace: `case 'IN_PROGRESS':
      return {
        result: 'Success',`,
    depths,
  },
  {
    name: 'take-a-call-for-a-yes',
    breaks: 'I6',
    story: 'A receiver that calls back has agreed, whatever it says.',
    file: 'controller/core/rollout/answers.ts',
    find: `return { result: 'Failure', message: 'it called back`,
    replace: `return { result: 'Success', message: 'it called back`,
    depths,
  },
  {
    name: 'measure-the-other-side',
    breaks: 'I8',
    story: 'A metric of the side on trial is looked up by the names of the other one, which has no requests.',
    file: 'controller/engine/gate-probe.ts',
    find: `series: question(targetPlace(rollout))`,
    replace: `series: question(originSide(rollout))`,
    depths: ['full'],
  },
  {
    name: 'run-the-task-again-after-a-lost-answer',
    breaks: 'I10',
    story:
      'Each try to start a task has a client token of its own, so that a lost answer makes it a second task.',
    file: 'controller/engine/gate-task.ts',
    find: `const stored = gateStatus(rollout.status, gate.name)?.task?.token
  const identity = `,
    replace: `const stored = undefined
  const identity = String(rollout.status.intent?.startedAt) + `,
    depths: ['full'],
  },
  {
    name: 'run-the-task-beside-an-earlier-one',
    breaks: 'I10',
    story:
      'A rollout starts its task while that of the rollout before still runs, as two migrations of one database.',
    file: 'controller/core/gate/task-look.ts',
    find: `({ lastStatus }) => lastStatus !== 'STOPPED'`,
    replace: `({ lastStatus }) => lastStatus === 'LOST'`,
    depths,
  },
]
