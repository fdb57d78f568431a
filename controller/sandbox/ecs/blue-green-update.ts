import { shiftPlanOf, type ShiftPlan } from './deployment-strategy.ts'
import { alarmNamesOf, changedDeployment, finishRecord, record } from './deployments.ts'
import { answerHook, goBack } from './continue-deployment.ts'
import { hookAt } from './lifecycle-hooks.ts'
import { dueIn, type EcsWorld } from './parts.ts'
import { placeOf } from './arns.ts'
import { planRolling } from './rolling-plan.ts'
import {
  adoptTasks,
  countTasks,
  nextLook,
  noteHealthy,
  replaceUnhealthy,
  retireOlder,
  scaleIn,
  seenTasks,
  type Look,
  type SeenTask,
} from './rolling-update.ts'
import { withEvent } from './service-events.ts'
import { startServiceTasks } from './service-tasks.ts'
import type {
  DeploymentState,
  LifecycleStage,
  ServiceDeploymentState,
  ServiceState,
  ShiftState,
} from './state.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { divideRules } from './traffic-shares.ts'

/** What AWS itself takes for a stage in which nothing is waited for. */
const STAGE_MS = 1000
/** A stage that waits for tasks is given up after a day: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html */
const LONGEST_STAGE_MS = 24 * 3_600_000
const ALARM_LOOK_MS = 5000
const MINUTE_MS = 60_000

type Shifting = ServiceDeploymentState & { readonly shift: ShiftState }

/** Whether the newest deployment of a service shifts traffic right now, forwards or back. */
export const isShifting = (world: EcsWorld, service: ServiceState): boolean =>
  service.status === 'ACTIVE' &&
  service.deployments[0]?.rolloutState === 'IN_PROGRESS' &&
  shiftingOf(world, service) !== undefined

/** Takes one step of a deployment of the strategies BLUE_GREEN, LINEAR and CANARY: keeps both revisions at their counts, and moves the stage on. */
export function shiftOn(world: EcsWorld, lifecycle: TaskLifecycle, before: ServiceState): Look {
  adoptTasks(world, lifecycle, before)
  const seen = seenTasks(world, lifecycle, before)
  let service = noteHealthy(world, lifecycle, before, seen)
  const one = shiftingOf(world, service)
  if (one === undefined) return { service }
  const alarmed = brokenByAlarm(world, service, one)
  if (alarmed !== undefined) return { service: alarmed, lookAgainAt: world.clock.now() }
  for (const deployment of service.deployments)
    service = keepCount(world, lifecycle, service, { deployment, one, seen })
  service = retireOlder(countTasks(world, lifecycle, service))
  const moved = moveOn(world, service, one, seen)
  const waits = world.clock.now() < service.notBefore ? service.notBefore : undefined
  const times = [moved.lookAgainAt, nextLook(seen, waits).lookAgainAt].filter((time) => time !== undefined)
  if (one.alarms.status === 'MONITORING') times.push(dueIn(world, ALARM_LOOK_MS))
  return { service: moved.service, ...(times.length === 0 ? {} : { lookAgainAt: Math.min(...times) }) }
}

function shiftingOf(world: EcsWorld, service: ServiceState): Shifting | undefined {
  const arn = service.deployments[0]?.serviceDeploymentArn ?? ''
  const one = world.tables.serviceDeployments.get(arn)
  return one?.shift === undefined || one.finishedAt !== undefined ? undefined : { ...one, shift: one.shift }
}

/** The service on its way back, once one of the deployment's alarms is in ALARM. */
function brokenByAlarm(world: EcsWorld, service: ServiceState, one: Shifting): ServiceState | undefined {
  if (one.alarms.status !== 'MONITORING' || one.rollback !== undefined) return undefined
  const { region } = placeOf(service.serviceArn)
  const triggered = world.alarming?.(alarmNamesOf(one.deploymentConfiguration), region) ?? []
  if (triggered.length === 0 || service.lastCompletedRevision === undefined) return undefined
  record(world, one.serviceDeploymentArn, { alarms: { status: 'TRIGGERED', triggered } })
  return goBack(
    world,
    service,
    `Service deployment rolled back because of a CloudWatch alarm: ${triggered.join(', ')}.`,
  )
}

/** So many tasks a deployment of the service shall have at the present stage. */
function wantedCount(
  service: ServiceState,
  deployment: DeploymentState,
  { shift, rollback }: Shifting,
): number {
  const newest = service.deployments[0]
  const isNewest = deployment.id === newest?.id
  if (rollback !== undefined) {
    const isNeeded = shift.production > 0 || shift.stage === 'PRODUCTION_TRAFFIC_SHIFT'
    const isOther = deployment.revisionArn !== newest?.revisionArn
    return isNewest || (isNeeded && isOther) ? service.desiredCount : 0
  }
  if (isNewest) return ['RECONCILE_SERVICE', 'PRE_SCALE_UP'].includes(shift.stage) ? 0 : service.desiredCount
  const serves = deployment.revisionArn === service.lastCompletedRevision
  return serves && shift.stage !== 'CLEAN_UP' ? service.desiredCount : 0
}

function keepCount(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  before: ServiceState,
  { deployment, one, seen }: { deployment: DeploymentState; one: Shifting; seen: readonly SeenTask[] },
): ServiceState {
  const desired = wantedCount(before, deployment, one)
  const own = seen.filter(({ task }) => task.ownerId === deployment.id)
  const bounds = {
    desired,
    minimumHealthy: desired,
    maximum: desired * 2,
    deploying: deployment.id === before.deployments[0]?.id,
    frozen: false,
  }
  const plan = planRolling(
    bounds,
    own.map(({ task, readiness }) => ({ taskArn: task.taskArn, current: true, state: readiness.state })),
  )
  const unhealthy = own.filter(({ task }) => plan.replace.includes(task.taskArn))
  let service = replaceUnhealthy(world, lifecycle, before, unhealthy)
  service = scaleIn(world, lifecycle, service, plan.scaleIn)
  const mayStart = plan.start > 0 && world.clock.now() >= service.notBefore
  return mayStart ? startServiceTasks(world, lifecycle, service, { count: plan.start, deployment }) : service
}

/** A first revision has nobody to share the traffic with. */
function planOf(service: ServiceState, { deploymentConfiguration }: Shifting): ShiftPlan {
  const plan = shiftPlanOf(deploymentConfiguration)
  return service.lastCompletedRevision === undefined ? { ...plan, percents: [100], bakeMinutes: 0 } : plan
}

/** The service, one stage further where the present one is over. */
function moveOn(world: EcsWorld, service: ServiceState, one: Shifting, seen: readonly SeenTask[]): Look {
  const now = world.clock.now()
  const { shift } = one
  const plan = planOf(service, one)
  if (shift.hook?.status === 'AWAITING_ACTION') {
    if (now < shift.hook.expiresAt) return { service, lookAgainAt: shift.hook.expiresAt }
    answerHook(world, one, 'TIMED_OUT')
    if (shift.hook.timeoutAction === 'CONTINUE') return { service, lookAgainAt: now }
    return rolledBack(world, service, 'Service deployment rolled back because a lifecycle hook timed out.')
  }
  if (shift.stage === 'RECONCILE_SERVICE') reconcileTraffic(world, service, one)
  const endsAt = shift.since + waitOf(shift, plan, one) / world.settings.speed
  if (now < endsAt) return { service, lookAgainAt: Math.ceil(endsAt) }
  if (!isReached(service, one, seen)) {
    const givenUpAt = shift.since + LONGEST_STAGE_MS / world.settings.speed
    if (now < givenUpAt || one.rollback !== undefined) return { service, lookAgainAt: Math.ceil(givenUpAt) }
    return rolledBack(
      world,
      service,
      `Service deployment rolled back because the stage ${shift.stage} was not over in time.`,
    )
  }
  const next = nextStage(one, plan)
  return next === undefined
    ? { service: completed(world, service, one), lookAgainAt: now }
    : { service: entered(world, service, one, { stage: next, plan }), lookAgainAt: now }
}

function rolledBack(world: EcsWorld, service: ServiceState, reason: string): Look {
  const lookAgainAt = world.clock.now()
  if (service.lastCompletedRevision !== undefined)
    return { service: goBack(world, service, reason), lookAgainAt }
  const primary = service.deployments[0]
  if (primary === undefined) return { service }
  finishRecord(world, primary.serviceDeploymentArn, 'STOPPED', reason)
  const failed = changedDeployment(world, primary, { rolloutState: 'FAILED', rolloutStateReason: reason })
  return { service: { ...service, deployments: [failed, ...service.deployments.slice(1)] } }
}

/** Milliseconds of AWS's time that a stage lasts at least. */
function waitOf(shift: ShiftState, plan: ShiftPlan, { rollback }: Shifting): number {
  if (shift.stage === 'SCALE_UP' || shift.stage === 'CLEAN_UP') return 0
  if (rollback !== undefined) return STAGE_MS
  if (shift.stage === 'BAKE_TIME') return plan.bakeMinutes * MINUTE_MS
  const isBetween = shift.stage === 'PRODUCTION_TRAFFIC_SHIFT' && shift.step < plan.percents.length
  return isBetween ? Math.max(STAGE_MS, plan.stepBakeMinutes * MINUTE_MS) : STAGE_MS
}

/** Whether the tasks are where the stage is to bring them. */
function isReached(service: ServiceState, { shift }: Shifting, seen: readonly SeenTask[]): boolean {
  const [newest, ...older] = service.deployments
  switch (shift.stage) {
    case 'RECONCILE_SERVICE':
      return older.every(
        (one) =>
          one.revisionArn === service.lastCompletedRevision || one.runningCount + one.pendingCount === 0,
      )
    case 'SCALE_UP': {
      const own = seen.filter(({ task }) => task.ownerId === newest?.id)
      return own.filter(({ readiness }) => readiness.state === 'ready').length >= service.desiredCount
    }
    case 'CLEAN_UP':
      return older.length === 0
    default:
      return true
  }
}

/** A way back is short: the former revision has its tasks, takes the traffic, and the other one goes. */
function nextStage({ shift, rollback }: Shifting, plan: ShiftPlan): LifecycleStage | undefined {
  const back: Partial<Record<LifecycleStage, LifecycleStage>> = {
    SCALE_UP: 'PRODUCTION_TRAFFIC_SHIFT',
    PRODUCTION_TRAFFIC_SHIFT: 'CLEAN_UP',
  }
  if (rollback !== undefined) return back[shift.stage]
  const hasMore = shift.step < plan.percents.length
  const forth: Partial<Record<LifecycleStage, LifecycleStage>> = {
    RECONCILE_SERVICE: 'PRE_SCALE_UP',
    PRE_SCALE_UP: 'SCALE_UP',
    SCALE_UP: 'POST_SCALE_UP',
    POST_SCALE_UP: 'TEST_TRAFFIC_SHIFT',
    TEST_TRAFFIC_SHIFT: 'POST_TEST_TRAFFIC_SHIFT',
    POST_TEST_TRAFFIC_SHIFT: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
    PRE_PRODUCTION_TRAFFIC_SHIFT: 'PRODUCTION_TRAFFIC_SHIFT',
    PRODUCTION_TRAFFIC_SHIFT: hasMore ? 'PRE_PRODUCTION_TRAFFIC_SHIFT' : 'POST_PRODUCTION_TRAFFIC_SHIFT',
    POST_PRODUCTION_TRAFFIC_SHIFT: 'BAKE_TIME',
    BAKE_TIME: 'CLEAN_UP',
  }
  return forth[shift.stage]
}

function entered(
  world: EcsWorld,
  service: ServiceState,
  { shift, rollback, deploymentConfiguration, serviceDeploymentArn, targetRevisionArn }: Shifting,
  { stage, plan }: { stage: LifecycleStage; plan: ShiftPlan },
): ServiceState {
  const { hook: _answered, ...rest } = shift
  const hook = rollback === undefined ? hookAt(world, deploymentConfiguration, stage) : undefined
  let next: ShiftState = {
    ...rest,
    stage,
    since: world.clock.now(),
    ...(hook === undefined ? {} : { hook }),
  }
  const revisionArn = targetRevisionArn
  if (stage === 'TEST_TRAFFIC_SHIFT') {
    next = { ...next, test: 100 }
    divideRules(world, service, { rule: 'test', revisionArn, percent: 100 })
  }
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT') {
    const production = rollback === undefined ? (plan.percents[shift.step] ?? 100) : 0
    const test = rollback === undefined ? shift.test : 0
    next = { ...next, production, test, step: shift.step + 1 }
    divideRules(world, service, { rule: 'production', revisionArn, percent: production })
    if (test !== shift.test) divideRules(world, service, { rule: 'test', revisionArn, percent: test })
  }
  record(world, serviceDeploymentArn, { shift: next })
  return service
}

/** Brings the traffic back to the revision that served last, before a deployment that was cut off is cleared away. */
function reconcileTraffic(world: EcsWorld, service: ServiceState, { shift }: Shifting): void {
  const revisionArn = service.lastCompletedRevision
  if (revisionArn === undefined || shift.production > 0) return
  divideRules(world, service, { rule: 'production', revisionArn, percent: 100 })
  divideRules(world, service, { rule: 'test', revisionArn, percent: 100 })
}

function completed(world: EcsWorld, service: ServiceState, one: Shifting): ServiceState {
  const primary = service.deployments[0]
  if (primary === undefined) return service
  const done = changedDeployment(world, primary, {
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${primary.id} completed.`,
    failedTasks: 0,
  })
  finishRecord(
    world,
    one.serviceDeploymentArn,
    one.rollback === undefined ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL',
  )
  const after = {
    ...service,
    deployments: [done, ...service.deployments.slice(1)],
    lastCompletedRevision: primary.revisionArn,
  }
  return withEvent(world, after, `(deployment ${primary.id}) deployment completed.`)
}
