import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes with releases that are one service, whose tasks ECS replaces. */
export const workerBugs: readonly PlantedBug[] = [
  {
    name: 'leave-the-worker-with-what-failed',
    breaks: 'I5',
    story: 'A rollout of one service that failed ends at once: what ECS gave up stays.',
    file: 'controller/core/rollout/only/rolling-back.ts',
    find: `if (rollout.status.shiftedAt === undefined) return ended(input)`,
    replace: `if (rollout.status.phase === 'RollingBack') return ended(input)`,
    depths,
  },
  {
    name: 'go-back-to-the-new-version',
    breaks: 'I11',
    story: 'On its way back one service is given the version that failed once more.',
    file: 'controller/core/rollout/only/rolling-back.ts',
    find: `const { taskDefinition } = rollout.spec.from`,
    replace: `const { taskDefinition } = rollout.spec`,
    depths,
  },
  {
    name: 'start-the-worker-over-at-each-look',
    breaks: 'I10',
    story: 'A restart forces a new deployment of one service each time that it is looked at.',
    file: 'controller/core/rollout/only/bring.ts',
    find: `      isOld &&
      primary.taskDefinition`,
    replace: `      primary !== undefined &&
      primary.taskDefinition`,
    depths,
  },
  {
    name: 'take-the-circuit-breaker-for-a-person',
    breaks: 'I8',
    story:
      'That ECS went back by itself counts as a change by hand: what it gave up is given to it once more.',
    file: 'controller/core/rollout/only/ecs-deployment.ts',
    find: `  if (failed !== undefined) return failed.rolloutStateReason ?? 'ECS gave the deployment up'
`,
    replace: `  if (failed?.status === 'PRIMARY') return failed.rolloutStateReason ?? 'ECS gave the deployment up'
  if (service.deployments.length > 0) return undefined
`,
    depths,
  },
  {
    name: 'judge-by-the-phase-before',
    breaks: 'I5',
    story:
      'A write is judged by the phase before the step that it belongs to, so that the way back to fewer tasks is refused for ever.',
    file: 'controller/engine/act.ts',
    find: `status: status ?? active.state.status`,
    replace: `status: active.state.status ?? status`,
    depths: ['full'],
    scenario: 'workers',
  },
]
