import type {
  RuleFacts,
  ScalingFacts,
  ServiceFacts,
  Side,
  TargetFacts,
  TaskFacts,
} from '../../controller/core/observation.ts'

export const groupArn = (side: Side): string => `arn:tg/${side}`
export const taskDefinitionArn = (version: string): string =>
  `arn:aws:ecs:eu-west-1:1:task-definition/prod-web:${version}`
export const testRule = 'arn:listener/test'

export interface WorldTask {
  readonly id: string
  readonly taskDefinition: string
  readonly createdAt: number
  readonly healthyAt: number
  readonly stoppedAt: number
}

export interface WorldService {
  readonly taskDefinition: string
  readonly desiredCount: number
  readonly status: ServiceFacts['status']
  readonly deployedAt: number
  readonly failed: boolean
  readonly tags?: Readonly<Record<string, string>>
}

export interface WorldSide {
  readonly service: WorldService | null
  /** Null where autoscaling does not know the service. */
  readonly scaling?: ScalingFacts | null
  readonly tasks: readonly WorldTask[]
}

export interface WorldState {
  readonly sides: Readonly<Record<Side, WorldSide>>
  /** Weights by rule, then by target group. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** How long a stopped task's target drains. */
export const DRAIN_MS = 3_000

/** The side's service as DescribeServices would show it. */
export function serviceFacts(side: Side, { service, tasks }: WorldSide): ServiceFacts | null {
  if (service === null) return null
  const { taskDefinition, desiredCount, status, deployedAt, failed } = service
  return {
    arn: `arn:service/web-${side}`,
    name: `web-${side}`,
    cluster: 'shop',
    status,
    taskDefinition,
    desiredCount,
    runningCount: tasks.length,
    pendingCount: 0,
    targetGroupArns: [groupArn(side)],
    deployments: [
      {
        id: `ecs-svc/${side}`,
        status: 'PRIMARY',
        taskDefinition,
        rolloutState: failed ? 'FAILED' : 'COMPLETED',
        rolloutStateReason: failed ? 'tasks failed to start' : undefined,
        failedTasks: failed ? 3 : 0,
        createdAt: deployedAt,
      },
    ],
    events: [],
    settings: {},
    tags: service.tags ?? {},
  }
}

/** Tasks and targets of a side as they were at a moment. */
export function membersOf(
  { tasks }: WorldSide,
  at: number,
): { readonly tasks: TaskFacts[]; readonly targets: TargetFacts[] } {
  const shown = tasks.filter((task) => task.createdAt <= at && task.stoppedAt + DRAIN_MS > at)
  return {
    tasks: shown
      .filter((task) => task.stoppedAt > at)
      .map((task) => ({
        arn: `arn:task/${task.id}`,
        taskDefinition: task.taskDefinition,
        lastStatus: 'RUNNING',
        desiredStatus: 'RUNNING',
        createdAt: task.createdAt,
        targetIds: [task.id],
      })),
    targets: shown.map((task) => ({
      id: task.id,
      port: 80,
      state: task.stoppedAt <= at ? 'draining' : task.healthyAt <= at ? 'healthy' : 'initial',
      reason: undefined,
    })),
  }
}

/** A rule as DescribeRules would show it; null where there is none. */
export function ruleFacts(arn: string, state: WorldState): RuleFacts | null {
  const groups = state.rules[arn]
  if (groups === undefined) return null
  return {
    arn,
    kind: 'Rule',
    listenerArn: 'arn:listener',
    port: arn === testRule ? 8443 : 443,
    protocol: 'HTTPS',
    weights: Object.entries(groups).map(([targetGroupArn, weight]) => ({ targetGroupArn, weight })),
    stickiness: { enabled: false, durationSeconds: undefined },
    actions: [],
    conditions: [],
  }
}
