import type { Side } from '../observation.ts'
import type { RuleFacts, TargetGroupWeight } from '../observation.ts'

type Members = Readonly<Record<string, unknown>>
type Tags = Readonly<Record<string, string>>

/** What each move of an adoption needs to be made. */
export interface MoveArguments {
  CreateTargetGroup: { readonly name: string; readonly settings: Members; readonly tags: Tags }
  SetTargetGroupAttributes: {
    readonly targetGroup: string
    readonly arn: string
    readonly attributes: Readonly<Record<string, string>>
  }
  SetRuleWeights: {
    readonly rule: RuleFacts
    readonly weights: readonly TargetGroupWeight[]
    /** What becomes of the rule, for people. */
    readonly what: string
  }
  CreateService: {
    readonly cluster: string
    readonly name: string
    readonly taskDefinition: string
    readonly targetGroupArn: string
    readonly containerName: string
    readonly containerPort: number
    readonly settings: Members
    readonly tags: Tags
  }
  TagService: { readonly name: string; readonly arn: string; readonly side: Side; readonly tags: Tags }
  CreateTestListener: {
    readonly loadBalancerArn: string
    readonly port: number
    readonly protocol: 'HTTP' | 'HTTPS'
    readonly settings: Members
    readonly targetGroupArn: string
    readonly tags: Tags
  }
  CreateTestRule: {
    readonly listenerArn: string
    readonly port: number
    readonly priority: number
    readonly host: string | undefined
    readonly path: string | undefined
    readonly targetGroupArn: string
    readonly tags: Tags
  }
}

export type MoveKind = keyof MoveArguments

/** One step of an adoption: at most one write to AWS, that can be made again after a crash. */
export type Move = { [Kind in MoveKind]: { readonly kind: Kind } & MoveArguments[Kind] }[MoveKind]

/** The AWS operation of each move. */
const MOVE_OPERATIONS: Readonly<Record<MoveKind, string>> = {
  CreateTargetGroup: 'elasticloadbalancing:CreateTargetGroup',
  SetTargetGroupAttributes: 'elasticloadbalancing:ModifyTargetGroupAttributes',
  SetRuleWeights: 'elasticloadbalancing:ModifyRule',
  CreateService: 'ecs:CreateService',
  TagService: 'ecs:TagResource',
  CreateTestListener: 'elasticloadbalancing:CreateListener',
  CreateTestRule: 'elasticloadbalancing:CreateRule',
}

/** The write that the move makes. */
export const operationOf = (move: Move): string =>
  move.kind === 'SetRuleWeights' && move.rule.kind === 'ListenerDefault'
    ? 'elasticloadbalancing:ModifyListener'
    : MOVE_OPERATIONS[move.kind]

/** The move in one line. */
export function describeMove(move: Move): string {
  switch (move.kind) {
    case 'CreateTargetGroup':
      return `create target group ${move.name}, like the first one`
    case 'SetTargetGroupAttributes':
      return `set ${Object.keys(move.attributes).join(', ')} of target group ${move.targetGroup} as the first one has it`
    case 'SetRuleWeights':
      return move.what
    case 'CreateService':
      return `create service ${move.name} with 0 tasks, like the first one`
    case 'TagService':
      return `tag service ${move.name} as the release's ${move.side} side`
    case 'CreateTestListener':
      return `create a ${move.protocol} listener for tests on port ${move.port}`
    case 'CreateTestRule':
      return `create a rule for tests on port ${move.port}`
  }
}
