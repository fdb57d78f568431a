import type {
  DeploymentFacts,
  ReleaseObservation,
  ServiceFacts,
  TaskFacts,
} from '../../../controller/core/observation.ts'
import type { RolloutState, Step, StepInput } from '../../../controller/core/rollout/state.ts'
import { firstStatus } from '../../../controller/core/rollout/state.ts'
import { nextStep } from '../../../controller/core/rollout/transition.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'

export const NOW = Date.parse('2026-01-01T12:00:00Z')
export const OLD = 'arn:aws:ecs:eu-west-1:1:task-definition/prod-mailer:1'
export const NEW = 'arn:aws:ecs:eu-west-1:1:task-definition/prod-mailer:2'

export const spec = (change: Partial<RolloutSpec> = {}): RolloutState['spec'] =>
  ({
    environment: 'prod',
    release: 'mailer',
    number: 2,
    commit: 'c2',
    revision: 'prod@sha1:c2',
    why: 'Commit',
    who: 'dev',
    digest: 'd2',
    taskDefinition: NEW,
    from: { taskDefinition: OLD, rollout: 'prod-mailer-1' },
    to: {},
    desiredCount: 2,
    service: { cluster: 'shop', name: 'mailer' },
    strategy: {
      type: 'Rolling',
      bake: '5m',
      keepPrevious: '30m',
      deadline: '30m',
      supersede: 'BeforeShift',
    },
    gates: [],
    ...change,
  }) as RolloutState['spec']

export const deployment = (change: Partial<DeploymentFacts> = {}): DeploymentFacts => ({
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  taskDefinition: OLD,
  rolloutState: 'COMPLETED',
  rolloutStateReason: undefined,
  failedTasks: 0,
  createdAt: NOW - 3_600_000,
  ...change,
})

export const service = (change: Partial<ServiceFacts> = {}): ServiceFacts => ({
  arn: 'arn:service/mailer',
  name: 'mailer',
  cluster: 'shop',
  status: 'ACTIVE',
  taskDefinition: OLD,
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  targetGroupArns: [],
  deployments: [deployment()],
  events: [],
  settings: {},
  tags: {},
  ...change,
})

/** Tasks that run since so many milliseconds. */
export const tasks = (taskDefinition: string, count: number, ageMs = 3_600_000): readonly TaskFacts[] =>
  Array.from({ length: count }, (_, index) => ({
    arn: `${taskDefinition}/${index}`,
    taskDefinition,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    createdAt: NOW - ageMs,
    targetIds: [],
  }))

export const seen = (found: ServiceFacts | null, running: readonly TaskFacts[] = []): ReleaseObservation => ({
  ...blankObservation,
  only: { service: found, targetGroup: null, members: { tasks: running, targets: [] } },
  seen: ['services', 'only'],
})

/** A rollout in a phase, with what it remembers. */
export function rolloutIn(
  phase: NonNullable<RolloutState['status']['phase']>,
  change: Partial<RolloutState['status']> = {},
  given: RolloutState['spec'] = spec(),
): RolloutState {
  const begun = firstStatus(given, { now: NOW - 600_000, tasks: [] })
  const at = new Date(NOW - 400_000).toISOString()
  const status = { ...begun, phase, phaseStartedAt: at, shiftedAt: at, deploymentsBefore: ['ecs-svc/1'] }
  return { name: 'prod-mailer-2', spec: given, status: { ...status, ...change } }
}

export const step = (
  rollout: RolloutState,
  observation: ReleaseObservation,
  change: Partial<StepInput> = {},
): Step =>
  nextStep({
    rollout,
    observation,
    wantedDigest: 'd2',
    writes: {},
    now: NOW,
    mayWrite: true,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
    ...change,
  })

/** A step as a line: what it does, or what it waits for. */
export function line(of: Step): string {
  const phase = of.status.phase ?? ''
  switch (of.kind) {
    case 'Act':
      return `${phase}: ${of.action.kind} ${JSON.stringify({ ...of.action, kind: undefined })}`
    case 'Wait':
      return `${phase}: wait ${of.reason}: ${of.message}`
    case 'Finished':
      return `${phase}: ${of.status.reason ?? ''}: ${of.status.message ?? ''}`
    case 'Look':
      return `${phase}: look at ${of.parts.join(', ')}`
  }
}
