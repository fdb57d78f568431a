import type { Clock } from '../kernel/clock.ts'
import type { Operation, ServiceModel } from '../kernel/operation.ts'
import type { Interfaces, TargetRegistry, TaskNetwork } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Table } from '../kernel/table.ts'
import { accountOperations } from './account.ts'
import { associations } from './associations.ts'
import { attributeOperations } from './attributes.ts'
import { certificateOperations } from './certificates.ts'
import { createHealthChecks, type ProcessProbe } from './health-checks.ts'
import { interfacesOfLoadBalancers } from './interfaces.ts'
import { listenerOperations } from './listeners.ts'
import { activateLater, loadBalancerOperations } from './load-balancers.ts'
import { divideForward, isRule, rulesForwarding } from './divide-forward.ts'
import { createRegistration, type Registration } from './registration.ts'
import { ruleOperations } from './rules.ts'
import { createTables, targetId, type ElbParts, type ElbTables } from './state.ts'
import { taggedInElb, tagOperations } from './tags.ts'
import { targetGroupOperations } from './target-groups.ts'
import { targetOperations } from './targets.ts'

export interface ElbModel extends ServiceModel {
  readonly tables: ElbTables
  /** What the ECS model works with. */
  readonly registry: TargetRegistry
  /** What the EC2 model shows of the load balancers. */
  readonly interfaces: Interfaces
  /** Called after each change of the listeners: ports of the data plane open and close. */
  onListenersChange(listener: () => void): void
}

/** Load balancing, ELBv2 API version 2015-12-01. `network` is asked only once tasks may exist, so it may come later. */
export function createElbModel(parts: {
  clock: Clock
  random: Random
  settings: Settings
  network: () => TaskNetwork
  probeProcess?: ProcessProbe
}): ElbModel {
  const tables = createTables(parts.clock)
  const healthListeners: Parameters<TargetRegistry['onHealthChange']>[0][] = []
  const listenerListeners: (() => void)[] = []
  const changed: Parameters<typeof createRegistration>[0]['changed'] = (row, gone) => {
    const change = {
      targetGroupArn: row.targetGroupArn,
      target: { id: row.id, port: row.port },
      state: gone === undefined ? row.state : undefined,
    }
    for (const listener of healthListeners) listener(change)
  }
  const checks = createHealthChecks({ ...parts, tables, speed: () => parts.settings.speed, changed })
  const registration = createRegistration({ tables, clock: parts.clock, checks, changed })
  const elb: ElbParts = {
    tables,
    clock: parts.clock,
    random: parts.random,
    settings: parts.settings,
    associationsChanged: () => registration.followAssociations(),
    listenersChanged: () => listenerListeners.forEach((listener) => listener()),
    register: (group, target) => registration.register(group, target),
    deregister: (group, target) => registration.deregister(group, target),
  }
  return {
    service: 'elasticloadbalancing',
    operations: operationsOf(elb),
    tables,
    registry: {
      ...registryOf(tables, registration),
      groupNamed: (name, region) =>
        tables.targetGroups.list().find((group) => group.name === name && group.arn.includes(`:${region}:`))
          ?.arn,
      isRule: (ruleArn) => isRule(tables, ruleArn),
      rulesForwarding: (listenerArn, groups) => rulesForwarding(tables, listenerArn, groups),
      divide: (ruleArn, weights) => divideForward(elb, ruleArn, weights),
      onHealthChange: (listener) => healthListeners.push(listener),
    },
    interfaces: interfacesOfLoadBalancers(tables),
    onListenersChange: (listener) => listenerListeners.push(listener),
    tagged: (context) => taggedInElb(tables, context),
    dump: () => dump(tables),
    load(state) {
      load(tables, state)
      registration.resume()
      for (const row of tables.loadBalancers.list()) activateLater(elb, row.arn)
      elb.listenersChanged()
    },
  }
}

function operationsOf(elb: ElbParts): Record<string, Operation> {
  return {
    ...loadBalancerOperations(elb),
    ...targetGroupOperations(elb),
    ...listenerOperations(elb),
    ...ruleOperations(elb),
    ...targetOperations(elb),
    ...attributeOperations(elb),
    ...certificateOperations(elb),
    ...tagOperations(elb),
    ...accountOperations(elb),
  }
}

function registryOf(
  tables: ElbTables,
  registration: Registration,
): Omit<TargetRegistry, 'onHealthChange' | 'isRule' | 'divide' | 'rulesForwarding' | 'groupNamed'> {
  const isAssociated = (arn: string) => (associations(tables).get(arn)?.size ?? 0) > 0
  return {
    exists: (arn) => tables.targetGroups.get(arn) !== undefined,
    isAssociated,
    describe(arn) {
      const group = tables.targetGroups.get(arn)
      if (group === undefined) return undefined
      const seconds = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300)
      return { targetType: group.targetType, port: group.port ?? 0, deregistrationDelayMs: seconds * 1000 }
    },
    register(arn, target) {
      const group = tables.targetGroups.get(arn)
      if (group !== undefined) registration.register(group, target)
    },
    deregister(arn, target) {
      const group = tables.targetGroups.get(arn)
      if (group !== undefined) registration.deregister(group, target)
    },
    health: (arn, target) => tables.targets.get(targetId(arn, target))?.state,
  }
}

function dump(tables: ElbTables): Record<string, unknown> {
  return {
    loadBalancers: tables.loadBalancers.dump(),
    targetGroups: tables.targetGroups.dump(),
    listeners: tables.listeners.dump(),
    rules: tables.rules.dump(),
    targets: tables.targets.dump(),
    tags: tables.tags.dump(),
  }
}

function load(tables: ElbTables, state: unknown): void {
  const rows = new Map(typeof state === 'object' && state !== null ? Object.entries(state) : [])
  loadTable(tables.loadBalancers, rows.get('loadBalancers'))
  loadTable(tables.targetGroups, rows.get('targetGroups'))
  loadTable(tables.listeners, rows.get('listeners'))
  loadTable(tables.rules, rows.get('rules'))
  loadTable(tables.targets, rows.get('targets'))
  loadTable(tables.tags, rows.get('tags'))
}

/** The rows are trusted to be a dump of this same table: only that they are pairs of an id and a row is checked. */
function loadTable<T>(table: Table<T>, rows: unknown): void {
  const isRow = (row: unknown): row is [string, T] =>
    Array.isArray(row) && row.length === 2 && typeof row[0] === 'string' && typeof row[1] === 'object'
  table.load(Array.isArray(rows) ? rows.filter(isRow) : [])
}
