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

interface RegistrationParts {
  readonly tables: ElbTables
  readonly clock: Clock
  readonly checks: HealthChecks
  readonly changed: (target: RegisteredTarget, gone?: 'gone') => void
}

/** The comings and goings of targets: registered, in use or not, draining, gone. */
export function createRegistration(parts: RegistrationParts): Registration {
  const { tables, checks } = parts
  const drains = createDrains(parts)

  function enter(group: TargetGroup, target: RegisteredTarget): void {
    const used = (associations(tables).get(group.arn)?.size ?? 0) > 0
    const entry = used ? (group.healthCheck.enabled ? REGISTERING : UNCHECKED) : NOT_IN_USE
    set(parts, { ...target, ...entry })
    if (entry === REGISTERING) checks.start(group.arn, target)
    else checks.stop(group.arn, target)
  }

  return {
    register(group, target) {
      const existing = tables.targets.get(targetId(group.arn, target))
      if (existing !== undefined && existing.state !== 'draining') return
      drains.cancel(group, target)
      enter(group, { ...REGISTERING, targetGroupArn: group.arn, id: target.id, port: target.port })
    },
    deregister(group, target) {
      const existing = tables.targets.get(targetId(group.arn, target))
      if (existing === undefined || existing.state === 'draining') return
      checks.stop(group.arn, target)
      if (existing.state === 'unused') drains.remove(existing)
      else drains.start(group, existing)
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
      drains.cancelAll()
      checks.stopAll()
      for (const target of tables.targets.list()) {
        const group = tables.targetGroups.get(target.targetGroupArn)
        if (group === undefined) tables.targets.delete(targetId(target.targetGroupArn, target))
        else if (target.state === 'draining') drains.start(group, target)
        else if (target.state !== 'unused' && group.healthCheck.enabled) checks.start(group.arn, target)
      }
    },
  }
}

function set(parts: RegistrationParts, target: RegisteredTarget): void {
  const id = targetId(target.targetGroupArn, target)
  const before = parts.tables.targets.get(id)
  parts.tables.targets.put(id, target)
  if (before?.state !== target.state) parts.changed(target)
}

interface Drains {
  /** The target gets no new requests, and is gone after the group's deregistration delay. */
  start(group: TargetGroup, target: RegisteredTarget): void
  remove(target: RegisteredTarget): void
  cancel(group: TargetGroup, target: Target): void
  cancelAll(): void
}

function createDrains(parts: RegistrationParts): Drains {
  const timers = new Map<string, () => void>()
  const cancel = (id: string) => {
    timers.get(id)?.()
    timers.delete(id)
  }

  function remove(id: string): void {
    timers.delete(id)
    const target = parts.tables.targets.get(id)
    if (target === undefined) return
    parts.tables.targets.delete(id)
    parts.changed(target, 'gone')
  }

  return {
    start(group, target) {
      const id = targetId(group.arn, target)
      set(parts, { ...target, ...DRAINING })
      cancel(id)
      const seconds = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300)
      timers.set(
        id,
        parts.clock.setTimer(seconds * 1000, () => remove(id)),
      )
    },
    remove: (target) => remove(targetId(target.targetGroupArn, target)),
    cancel: (group, target) => cancel(targetId(group.arn, target)),
    cancelAll() {
      for (const id of timers.keys()) cancel(id)
    },
  }
}
