import type { Members } from '../kernel/operation.ts'
import { optionalFlag, optionalInteger, optionalRecord, optionalText } from '../members.ts'

/** How a service's deployments are given up. */
export interface CircuitBreaker {
  readonly enabled: boolean
  readonly rollback: boolean
  /** False: failures of a deployment add up although tasks become ready in between. */
  readonly resetOnHealthyTask: boolean
  /** So many failed tasks trip it. */
  readonly threshold: number
}

/**
 * The circuit breaker of a deployment configuration. Its threshold is half the desired count rounded up, at least 3 and
 * at most 200, unless configured (AWS: "How the Amazon ECS deployment circuit breaker detects failures").
 */
export function circuitBreakerOf(deploymentConfiguration: Members, desiredCount: number): CircuitBreaker {
  const breaker = optionalRecord(deploymentConfiguration, 'deploymentCircuitBreaker') ?? {}
  const configured = optionalRecord(breaker, 'thresholdConfiguration') ?? {}
  const type = optionalText(configured, 'type') ?? 'BOUNDED_PERCENT'
  const value = optionalInteger(configured, 'value') ?? 50
  const share = Math.ceil((desiredCount * value) / 100)
  const thresholds: Record<string, number> = {
    COUNT: value,
    UNBOUNDED_PERCENT: Math.max(1, share),
    BOUNDED_PERCENT: Math.min(200, Math.max(3, share)),
  }
  return {
    enabled: optionalFlag(breaker, 'enable') ?? false,
    rollback: optionalFlag(breaker, 'rollback') ?? false,
    resetOnHealthyTask: optionalFlag(breaker, 'resetOnHealthyTask') ?? true,
    threshold: thresholds[type] ?? 3,
  }
}

/** ECS lengthens the pause between failing starts up to 27 minutes (AWS: "Service throttle logic"). */
export function pauseMs(failures: number): number {
  return Math.min(1000 * 2 ** Math.max(0, Math.min(failures, 20) - 1), 27 * 60_000)
}
