import type { Clock } from '../kernel/clock.ts'
import type { TargetState } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import { Table } from '../kernel/table.ts'
import type { Action } from './actions.ts'
import type { Condition } from './conditions.ts'

export type Attributes = Readonly<Record<string, string>>

export interface LoadBalancer {
  readonly arn: string
  readonly name: string
  readonly dnsName: string
  readonly scheme: 'internet-facing' | 'internal'
  readonly type: 'application' | 'network' | 'gateway'
  readonly vpcId: string
  readonly zones: readonly { readonly zoneName: string; readonly subnetId: string }[]
  readonly securityGroups: readonly string[]
  readonly ipAddressType: string
  readonly createdAt: number
  readonly state: 'provisioning' | 'active'
  readonly attributes: Attributes
}

export interface HealthCheck {
  readonly enabled: boolean
  readonly protocol: string
  /** A number, or `traffic-port`: the port each target was registered with. */
  readonly port: string
  readonly path: string | undefined
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  readonly matcher: { readonly HttpCode?: string; readonly GrpcCode?: string } | undefined
}

export interface TargetGroup {
  readonly arn: string
  readonly name: string
  readonly protocol: string | undefined
  readonly protocolVersion: string | undefined
  readonly port: number | undefined
  readonly vpcId: string | undefined
  readonly targetType: 'ip' | 'instance' | 'lambda' | 'alb'
  readonly ipAddressType: string
  readonly healthCheck: HealthCheck
  readonly attributes: Attributes
}

export interface Listener {
  readonly arn: string
  readonly defaultRuleArn: string
  readonly loadBalancerArn: string
  readonly port: number
  readonly protocol: string
  readonly sslPolicy: string | undefined
  /** The first is the default certificate. */
  readonly certificates: readonly string[]
  readonly alpnPolicy: readonly string[]
  readonly mutualAuthentication: Readonly<Record<string, string>> | undefined
  readonly defaultActions: readonly Action[]
  readonly attributes: Attributes
}

export interface Rule {
  readonly arn: string
  readonly listenerArn: string
  readonly priority: number
  readonly conditions: readonly Condition[]
  readonly actions: readonly Action[]
  readonly transforms: readonly unknown[]
}

export interface RegisteredTarget {
  readonly targetGroupArn: string
  readonly id: string
  readonly port: number
  readonly state: TargetState
  readonly reason: string | undefined
  readonly description: string | undefined
  /** Checks passed, or failed, one after the other since the last change. */
  readonly passed: number
  readonly failed: number
  /** Epoch milliseconds until which it gets a growing share only; 0 when it does not start slowly. */
  readonly slowStartUntil: number
}

/** Everything that load balancing remembers. */
export interface ElbTables {
  readonly loadBalancers: Table<LoadBalancer>
  readonly targetGroups: Table<TargetGroup>
  readonly listeners: Table<Listener>
  readonly rules: Table<Rule>
  readonly targets: Table<RegisteredTarget>
  readonly tags: Table<Attributes>
}

/** What each group of operations works with. */
export interface ElbParts {
  readonly tables: ElbTables
  /** Already scaled by the speed. */
  readonly clock: Clock
  readonly random: Random
  readonly settings: Settings
  /** To be called after each write to listeners or rules: what they forward to decides which targets are checked. */
  associationsChanged(): void
  /** To be called after each write to listeners: the data plane opens and closes ports. */
  listenersChanged(): void
  register(targetGroup: TargetGroup, target: { id: string; port: number }): void
  deregister(targetGroup: TargetGroup, target: { id: string; port: number }): void
}

/** Empty tables on a clock. */
export function createTables(clock: Clock): ElbTables {
  return {
    loadBalancers: new Table(clock),
    targetGroups: new Table(clock),
    listeners: new Table(clock),
    rules: new Table(clock),
    targets: new Table(clock),
    tags: new Table(clock),
  }
}

/** The row id of a target within its group. */
export function targetId(targetGroupArn: string, target: { id: string; port: number }): string {
  return `${targetGroupArn}|${target.id}:${target.port}`
}
