import type { Target, TargetState, TaskNetwork } from '../kernel/ports-between.ts'
import type { Clock } from '../kernel/clock.ts'
import {
  targetId,
  type ElbTables,
  type HealthCheck,
  type RegisteredTarget,
  type TargetGroup,
} from './state.ts'

/** Reaches the real process of a task; `done` is called once: undefined when it did not answer in time. */
export type ProcessProbe = (
  request: { port: number; path: string; timeoutMs: number },
  done: (answer: { status: number } | undefined) => void,
) => void

export interface HealthChecks {
  /** Starts, or starts again, what a registered target waits for: its first check, or the end of draining. */
  start(targetGroupArn: string, target: Target): void
  stop(targetGroupArn: string, target: Target): void
  /** Cancels every timer. */
  stopAll(): void
}

type Verdict = { passed: true } | { passed: false; reason: string; description: string }

/** AWS checks a new target at once rather than after a whole interval. */
const FIRST_CHECK_MS = 1000

/** Runs the health checks of targets on the clock; `changed` is told of each new state. */
export function createHealthChecks(parts: {
  tables: ElbTables
  clock: Clock
  network: () => TaskNetwork
  /** Without it, real processes are asked about through the network, as all other tasks are. */
  probeProcess?: ProcessProbe
  speed: () => number
  changed: (target: RegisteredTarget) => void
}): HealthChecks {
  const timers = new Map<string, () => void>()

  function schedule(id: string, delayMs: number): void {
    timers.get(id)?.()
    timers.set(
      id,
      parts.clock.setTimer(delayMs, () => check(id)),
    )
  }

  function check(id: string): void {
    timers.delete(id)
    const target = parts.tables.targets.get(id)
    const group = target === undefined ? undefined : parts.tables.targetGroups.get(target.targetGroupArn)
    if (target === undefined || group === undefined || !isChecked(target.state)) return
    schedule(id, group.healthCheck.intervalSeconds * 1000)
    probe(parts, { target, healthCheck: group.healthCheck }, (verdict) => {
      const latest = parts.tables.targets.get(id)
      if (latest === undefined || !isChecked(latest.state)) return
      const judged = judge(latest, verdict, group.healthCheck)
      const next =
        judged.state === 'healthy' && latest.state !== 'healthy'
          ? slowlyStarted(parts, judged, group)
          : judged
      if (next === latest) return
      parts.tables.targets.put(id, next)
      if (next.state !== latest.state) parts.changed(next)
    })
  }

  return {
    start: (targetGroupArn, target) => schedule(targetId(targetGroupArn, target), FIRST_CHECK_MS),
    stop(targetGroupArn, target) {
      const id = targetId(targetGroupArn, target)
      timers.get(id)?.()
      timers.delete(id)
    },
    stopAll() {
      for (const cancel of timers.values()) cancel()
      timers.clear()
    },
  }
}

/** What one more check makes of a target: the first success ends `initial`, everything else takes its threshold. */
function judge(target: RegisteredTarget, verdict: Verdict, check: HealthCheck): RegisteredTarget {
  if (verdict.passed) {
    if (target.state === 'healthy' && target.failed === 0) return target
    const passed = target.passed + 1
    const becomesHealthy = target.state === 'initial' || passed >= check.healthyThreshold
    if (target.state === 'healthy' || !becomesHealthy) return { ...target, passed, failed: 0 }
    return { ...target, passed, failed: 0, state: 'healthy', reason: undefined, description: undefined }
  }
  const failed = target.failed + 1
  if (target.state === 'unhealthy' && target.passed === 0 && target.reason === verdict.reason) return target
  if (target.state === 'unhealthy' || failed >= check.unhealthyThreshold) {
    const { reason, description } = verdict
    return { ...target, passed: 0, failed, state: 'unhealthy', reason, description, slowStartUntil: 0 }
  }
  if (target.state !== 'initial') return { ...target, passed: 0, failed }
  return {
    ...target,
    passed: 0,
    failed,
    reason: 'Elb.InitialHealthChecking',
    description: 'Initial health checks in progress',
  }
}

/** Whether an HTTP status fits a matcher such as `200`, `200,204` or `200-399`. */
function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from = '', to = from] = part.trim().split('-')
    return status >= Number(from) && status <= Number(to)
  })
}

function isChecked(state: TargetState): boolean {
  return state === 'initial' || state === 'healthy' || state === 'unhealthy'
}

function probe(
  parts: { network: () => TaskNetwork; probeProcess?: ProcessProbe },
  { target, healthCheck }: { target: RegisteredTarget; healthCheck: HealthCheck },
  done: (verdict: Verdict) => void,
): void {
  const port = healthCheck.port === 'traffic-port' ? target.port : Number(healthCheck.port)
  const path = healthCheck.path ?? '/'
  const processPort =
    parts.probeProcess === undefined ? undefined : parts.network().taskAt(target.id, port)?.processPort
  if (processPort !== undefined && parts.probeProcess !== undefined) {
    const timeoutMs = healthCheck.timeoutSeconds * 1000
    parts.probeProcess({ port: processPort, path, timeoutMs }, (answer) =>
      done(verdictOn(answer, healthCheck)),
    )
    return
  }
  const answer = parts.network().probe(target.id, port, path)
  const late = answer !== undefined && answer.latencyMs > healthCheck.timeoutSeconds * 1000
  done(late ? timedOut : verdictOn(answer, healthCheck))
}

const timedOut: Verdict = { passed: false, reason: 'Target.Timeout', description: 'Request timed out' }

function verdictOn(answer: { status: number } | undefined, check: HealthCheck): Verdict {
  if (answer === undefined) {
    return { passed: false, reason: 'Target.FailedHealthChecks', description: 'Health checks failed' }
  }
  const matcher = check.matcher?.HttpCode
  if (matcher === undefined || matches(matcher, answer.status)) return { passed: true }
  return {
    passed: false,
    reason: 'Target.ResponseCodeMismatch',
    description: `Health checks failed with these codes: [${answer.status}]`,
  }
}

/** Slow start begins only while the group has another healthy target that is not starting slowly itself. */
function slowlyStarted(
  parts: { tables: ElbTables; clock: Clock; speed: () => number },
  target: RegisteredTarget,
  group: TargetGroup,
): RegisteredTarget {
  const seconds = Number(group.attributes['slow_start.duration_seconds'] ?? 0)
  const now = parts.clock.now()
  const others = parts.tables.targets
    .list()
    .filter(
      (other) =>
        other.targetGroupArn === group.arn && other.state === 'healthy' && other.slowStartUntil <= now,
    )
  return seconds > 0 && others.length > 0
    ? { ...target, slowStartUntil: now + (seconds * 1000) / parts.speed() }
    : target
}
