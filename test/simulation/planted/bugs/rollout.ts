import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes of the state machine of a swap, and of what it concludes from what it sees. */
export const rolloutBugs: readonly PlantedBug[] = [
  {
    name: 'count-warming-targets-as-healthy',
    breaks: 'I1',
    story:
      'The preflight takes every target that is not unhealthy for a healthy one, also those that only begin.',
    file: 'controller/core/rollout/readiness.ts',
    find: `const healthy = ofWanted.filter(({ target }) => target.state === 'healthy').length`,
    replace: `const healthy = ofWanted.filter(({ target }) => target.state !== 'unhealthy').length`,
    depths,
  },
  {
    name: 'compare-families-not-revisions',
    breaks: 'I11',
    story: 'A task belongs to the wanted revision when its family is the same.',
    file: 'controller/core/rollout/readiness.ts',
    find: `task.taskDefinition === wanted.taskDefinition && !wanted`,
    replace: `task.taskDefinition.replace(/:\\d+$/, '') === wanted.taskDefinition.replace(/:\\d+$/, '') && !wanted`,
    depths,
  },
  {
    name: 'ignore-foreign-targets',
    breaks: 'I11',
    story:
      'Weights that somebody changed are put back although the live side holds targets of another revision.',
    file: 'controller/core/plan/corrections.ts',
    find: `if (healthy > 0 && foreign === 0 && !isRepointed)`,
    replace: `if (healthy > 0)`,
    depths,
  },
  {
    name: 'trust-reads-from-before-a-write',
    breaks: 'I3',
    story:
      'A reading is never thought to be older than the last write, so weights from before it count as read back.',
    file: 'controller/core/rollout/freshness.ts',
    find: `return (
    (parts.includes('rules') && rulesAreOld(reading)) ||`,
    replace: `if (reading.stalenessBoundMs > 0) return false
  return (
    (parts.includes('rules') && rulesAreOld(reading)) ||`,
    depths,
  },
  {
    name: 'scale-down-while-a-write-is-unclear',
    breaks: 'I3',
    story:
      'A rollback empties the tried side although a write that gave it traffic got no answer and may have been made.',
    file: 'controller/core/rollout/phases/rolling-back.ts',
    find: `if (mayHaveTraffic(input, side, input.rollout.status.intent))`,
    replace: `if (
    input.rollout.status.shiftedAt === undefined &&
    mayHaveTraffic(input, side, input.rollout.status.intent)
  )`,
    depths,
  },
  {
    name: 'move-only-the-first-rule',
    breaks: 'I5 liveness',
    story: 'Of a release with several production rules only the first one is ever written.',
    file: 'controller/core/rollout/phases/rules.ts',
    find: `for (const rule of observation.production) {`,
    replace: `for (const rule of observation.production.slice(0, 1)) {`,
    depths,
  },
  {
    name: 'overlook-small-weights',
    breaks: 'I3',
    story:
      'A side takes traffic only when it has more of it than the other one, so a side with a tenth is emptied.',
    file: 'controller/core/rollout/traffic.ts',
    find: `observedWeights(observation).some(({ weights }) => weights[side] > 0)`,
    replace: `observedWeights(observation).some(({ weights }) => weights[side] > weights[otherSide(side)])`,
    depths,
  },
  {
    name: 'let-failed-gates-pass',
    breaks: 'traffic',
    story: 'The flag of a dry run is read the wrong way round, so a failed gate only reports.',
    file: 'controller/core/rollout/gates.ts',
    find: `gate.onFailure !== 'Ignore' && !gate.dryRun`,
    replace: `gate.onFailure !== 'Ignore' && gate.dryRun`,
    depths,
  },
  {
    name: 'take-inconclusive-for-passed',
    breaks: 'I6',
    story: 'A gate that nobody ever answered lets the version through, which then counts as verified.',
    file: 'controller/core/rollout/gates.ts',
    find: `result !== 'Passed' && gate.onFailure`,
    replace: `result !== 'Passed' && result !== 'Inconclusive' && gate.onFailure`,
    depths,
  },
  {
    name: 'never-end-at-the-deadline',
    breaks: 'I5 liveness',
    story:
      'The deadline is only looked at before a rollout has begun to work, so a version that never starts is waited for for ever.',
    file: 'controller/core/rollout/transition.ts',
    find: `status.deadlineAt !== undefined && now >= fromTimestamp(status.deadlineAt)`,
    replace: `status.phase === 'Pending' && status.deadlineAt !== undefined && now >= fromTimestamp(status.deadlineAt)`,
    depths,
  },
  {
    name: 'go-on-in-a-suspension',
    breaks: 'I8',
    story:
      'A suspension keeps a rollout from beginning, but one that runs goes on deciding: nothing is written, and its time runs out.',
    file: 'controller/core/rollout/transition.ts',
    find: `if (!input.mayWrite && !isFinished(rollout.status)) return`,
    replace: `if (!input.mayWrite && (rollout.status.phase ?? 'Pending') === 'Pending') return`,
    depths,
  },
  {
    name: 'start-again-what-ecs-gave-up',
    breaks: 'I8',
    story:
      "A deployment that ECS's circuit breaker stopped in this very rollout is forced anew instead of being a failure.",
    file: 'controller/core/rollout/phases/provisioning.ts',
    find: `isGivenUp(deployment, rollout) && deployment.createdAt < startOf(rollout)`,
    replace: `isGivenUp(deployment, rollout)`,
    depths,
  },
  {
    name: 'fail-for-lack-of-capacity',
    breaks: 'I8',
    story:
      'A rollout for whose tasks ECS has no place runs into its deadline, and its version is remembered as failed.',
    file: 'controller/core/rollout/phases/provisioning.ts',
    find: `if (lacksCapacity(seen.service, rollout))`,
    replace: `if (ready && lacksCapacity(seen.service, rollout))`,
    depths,
  },
  {
    name: 'wait-for-a-read-back-for-ever',
    breaks: 'I5 liveness',
    story:
      'A state from before a write is taken for a stale read however long ago that was, so what somebody put back is never corrected.',
    file: 'controller/core/rollout/step.ts',
    find: `write.before === input.before && mayNotShow(write.at, input)`,
    replace: `write.before === input.before && mayNotShow(write.at, { ...input, stalenessBoundMs: Infinity })`,
    depths,
  },
  {
    name: 'skip-the-preflight',
    breaks: 'I1',
    story:
      'Shifting moves the weights without looking at the side that is to serve; only the last assertion stands in the way.',
    file: 'controller/core/rollout/phases/shifting.ts',
    find: `const look = missing(input, ['services', side])
  if (look !== undefined) return look`,
    replace: `const unchecked = setRules(input, weights, rollout.status)
  if (unchecked !== undefined) return unchecked
  const look = missing(input, ['services', side])
  if (look !== undefined) return look`,
    depths,
  },
  {
    name: 'take-no-data-for-good-news',
    breaks: 'I6',
    story: 'An alarm passes a version unless it is red: one without data too, though nobody watches then.',
    file: 'controller/core/gate/judge-alarms.ts',
    find: `for (const result of ['Failure', 'Inconclusive'] as const) {`,
    replace: `for (const result of ['Failure'] as const) {`,
    depths,
  },
  {
    name: 'watch-until-the-first-good-answer',
    breaks: 'I6',
    story: 'A gate that watches the bake passes with its first good answer and is not asked again.',
    file: 'controller/core/rollout/watch.ts',
    find: `if (now >= until && isFresh && isAnsweredWell(gate, status)) return { kind: 'Confirm' }`,
    replace: `if (isFresh !== undefined && isAnsweredWell(gate, status)) return { kind: 'Confirm' }`,
    depths,
  },
  {
    name: 'keep-the-count-of-the-beginning',
    breaks: 'I1',
    story: 'What autoscaling gives the old side after the rollout began is not given to the new one.',
    file: 'controller/core/rollout/phases/autoscaling.ts',
    find: `if (desiredCount <= wantedTarget(rollout).count) return undefined`,
    replace: `if (desiredCount <= wantedTarget(rollout).count || desiredCount > 0) return undefined`,
    depths,
  },
  {
    name: 'scale-in-while-the-traffic-moves',
    breaks: 'I3',
    story: 'Autoscaling goes on to take tasks from the old side, which is the way back.',
    file: 'controller/core/rollout/phases/autoscaling.ts',
    find: `suspendScaling(input.observation, originSide(input.rollout), 'ScaleIn')`,
    replace: `suspendScaling(input.observation, originSide(input.rollout), 'None')`,
    depths,
  },
]
