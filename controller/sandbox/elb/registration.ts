import type { Clock } from '../kernel/clock.ts'
import type { Target } from '../kernel/ports-between.ts'
import { associations } from './associations.ts'
import type { HealthChecks } from './health-checks.ts'
import { targetId, type ElbTables, type RegisteredTarget, type TargetGroup } from './state.ts'

const REGISTERING = {
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
  passed: 0,
  failed: 0,
  slowStartUntil: 0,
} as const

const NOT_IN_USE = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
  passed: 0,
  failed: 0,
  slowStartUntil: 0,
} as const

const UNCHECKED = {
  state: 'healthy',
  reason: undefined,
  description: undefined,
  passed: 0,
  failed: 0,
  slowStartUntil: 0,
} as const

const DRAINING = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
} as const

export interface Registration {
  register(group: TargetGroup, target: Target): void
  deregister(group: TargetGroup, target: Target): void
  /** Targets of groups that came into use are checked from now on; those of groups out of use become `unused`. */
  followAssociations(): void
  /** Arms again what a restored state was waiting for. */
  resume(): void
}

/** The comings and goings of targets: registered, in use or not, draining, gone. */
export function createRegistration(parts: {
  tables: ElbTables
  clock: Clock
  checks: HealthChecks
  changed: (target: RegisteredTarget, gone?: 'gone') => void
}): Registration {
  const { tables, clock, checks } = parts
  const drains = new Map<string, () => void>()

  function set(target: RegisteredTarget): void {
    const id = targetId(target.targetGroupArn, target)
    const before = tables.targets.get(id)
    tables.targets.put(id, target)
    if (before?.state !== target.state) parts.changed(target)
  }

  function enter(group: TargetGroup, target: RegisteredTarget): void {
    const used = (associations(tables).get(group.arn)?.size ?? 0) > 0
    const entry = used ? (group.healthCheck.enabled ? REGISTERING : UNCHECKED) : NOT_IN_USE
    set({ ...target, ...entry })
    if (entry === REGISTERING) checks.start(group.arn, target)
    else checks.stop(group.arn, target)
  }

  function remove(id: string): void {
    drains.delete(id)
    const target = tables.targets.get(id)
    if (target === undefined) return
    tables.targets.delete(id)
    parts.changed(target, 'gone')
  }

  function drain(group: TargetGroup, target: RegisteredTarget): void {
    const id = targetId(group.arn, target)
    set({ ...target, ...DRAINING })
    const seconds = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300)
    drains.get(id)?.()
    drains.set(
      id,
      clock.setTimer(seconds * 1000, () => remove(id)),
    )
  }

  return {
    register(group, target) {
      const id = targetId(group.arn, target)
      const existing = tables.targets.get(id)
      if (existing !== undefined && existing.state !== 'draining') return
      drains.get(id)?.()
      drains.delete(id)
      enter(group, { ...REGISTERING, targetGroupArn: group.arn, id: target.id, port: target.port })
    },
    deregister(group, target) {
      const existing = tables.targets.get(targetId(group.arn, target))
      if (existing === undefined || existing.state === 'draining') return
      checks.stop(group.arn, target)
      if (existing.state === 'unused') remove(targetId(group.arn, target))
      else drain(group, existing)
    },
    followAssociations() {
      const used = associations(tables)
      for (const target of tables.targets.list()) {
        const group = tables.targetGroups.get(target.targetGroupArn)
        if (group === undefined || target.state === 'draining') continue
        const inUse = (used.get(group.arn)?.size ?? 0) > 0
        if (inUse === (target.state === 'unused')) enter(group, target)
      }
    },
    resume() {
      for (const cancel of drains.values()) cancel()
      drains.clear()
      checks.stopAll()
      for (const target of tables.targets.list()) {
        const group = tables.targetGroups.get(target.targetGroupArn)
        if (group === undefined) tables.targets.delete(targetId(target.targetGroupArn, target))
        else if (target.state === 'draining') drain(group, target)
        else if (target.state !== 'unused' && group.healthCheck.enabled) checks.start(group.arn, target)
      }
    },
  }
}
