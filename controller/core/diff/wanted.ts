import type { Document } from '../defaults/shape.ts'
import type { RuleFacts, ServiceFacts, TargetGroupFacts, TargetGroupWeight } from '../observation.ts'

/** What one service of the pair should be; a member left out is not Steersman's business. */
export interface WantedService {
  readonly name: string
  readonly desiredCount?: number | undefined
  /** ARN of the revision that should run. */
  readonly taskDefinition?: string | undefined
  /** CreateService fields by ECS's own names, as the release names them. */
  readonly settings?: Document | undefined
  /** The target group that the service registers its tasks in. */
  readonly targetGroupArn?: string | undefined
}

/** How a release names a rule: by ARN, by port with host and path, or by port alone (the listener's default action). */
export interface RuleName {
  readonly ruleArn?: string | undefined
  readonly port?: number | undefined
  readonly host?: string | undefined
  readonly path?: string | undefined
}

/** Where one rule should send its requests. Weights count by their ratio, and a group that is left out has weight 0. */
export interface WantedRule {
  readonly rule: RuleName
  readonly weights: readonly TargetGroupWeight[]
  readonly stickiness?:
    { readonly enabled: boolean; readonly durationSeconds?: number | undefined } | undefined
  /** Actions other than forward, in AWS's shape; left out, they are Terraform's. */
  readonly actions?: readonly Document[] | undefined
}

export interface WantedTargetGroup {
  readonly name: string
  /** CreateTargetGroup fields by AWS's own names. */
  readonly settings?: Document | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

export interface WantedRelease {
  readonly service?: WantedService | undefined
  readonly idleService?: WantedService | undefined
  /** The document that should be registered, its image included. */
  readonly taskDefinition?: Document | undefined
  readonly rules?: readonly WantedRule[] | undefined
  readonly targetGroups?: readonly WantedTargetGroup[] | undefined
  /** Places that are left to others: they are not compared. */
  readonly ignore?: readonly string[] | undefined
}

/** What an Application Auto Scaling target lets a service's count be. */
export interface ScalableRange {
  readonly service: string
  readonly minimum: number
  readonly maximum: number
}

export type LiveTargetGroup = Pick<TargetGroupFacts, 'arn' | 'name'> & {
  readonly settings?: Document | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** The facts of a service that a diff reads. */
export type LiveService = Pick<
  ServiceFacts,
  'name' | 'status' | 'taskDefinition' | 'desiredCount' | 'targetGroupArns' | 'settings' | 'tags'
>

/** The facts of a rule that a diff reads. */
export type LiveRule = Pick<RuleFacts, 'weights' | 'stickiness' | 'actions'> & Partial<Pick<RuleFacts, 'arn'>>

/** What was seen. Undefined: nobody looked, so nothing is said about it; null: AWS said there is none. */
export interface LiveRelease {
  readonly service?: LiveService | null | undefined
  readonly idleService?: LiveService | null | undefined
  readonly taskDefinition?: Document | null | undefined
  /** In the order of the wanted rules. */
  readonly rules?: readonly (LiveRule | null | undefined)[] | undefined
  /** In the order of the wanted target groups. */
  readonly targetGroups?: readonly (LiveTargetGroup | null | undefined)[] | undefined
  readonly scalableRanges?: readonly ScalableRange[] | undefined
}
