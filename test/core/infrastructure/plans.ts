import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import type { JudgedEnvironment, Judgement } from '../../../controller/core/infrastructure/judge.ts'

type Values = Readonly<Record<string, unknown>>

export interface ChangeOptions {
  readonly address?: string
  readonly before?: Values | null
  readonly after?: Values | null
  readonly unknown?: unknown
  readonly beforeSensitive?: unknown
  readonly afterSensitive?: unknown
  readonly replacePaths?: readonly (readonly (string | number)[])[]
}

/** One entry of resource_changes, in the form that Terraform 1.11 writes. */
export function resourceChange(
  type: string,
  actions: readonly string[],
  options: ChangeOptions = {},
): Values {
  const isNew = actions.length === 1 && actions[0] === 'create'
  const isEnded = actions.length === 1 && (actions[0] === 'delete' || actions[0] === 'forget')
  return {
    address: options.address ?? `${type}.web`,
    mode: 'managed',
    type,
    name: 'web',
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: {
      actions,
      before: isNew ? null : (options.before ?? {}),
      after: isEnded ? null : (options.after ?? {}),
      after_unknown: options.unknown ?? {},
      before_sensitive: options.beforeSensitive ?? {},
      after_sensitive: options.afterSensitive ?? {},
      ...(options.replacePaths === undefined ? {} : { replace_paths: options.replacePaths }),
    },
  }
}

/** A whole plan around such entries. */
export function planOf(changes: readonly unknown[], more: Values = {}): Values {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: { root_module: {} },
    ...(changes.length === 0 ? {} : { resource_changes: changes }),
    configuration: {
      provider_config: { aws: { name: 'aws', expressions: { region: {} } } },
      root_module: {},
    },
    applyable: true,
    complete: true,
    errored: false,
    ...more,
  }
}

export const ACCOUNT = '123456789012'

export const environmentOf = (given: Partial<JudgedEnvironment> = {}): JudgedEnvironment => ({
  protect: [],
  serving: undefined,
  accountId: ACCOUNT,
  backend: { bucket: 'acme-tfstate', dynamodbTable: 'acme-locks', kmsKeyId: undefined },
  ownRoles: [`arn:aws:iam::${ACCOUNT}:role/steersman-prod`],
  ...given,
})

export const RULE_ARN = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:listener-rule/app/shop/1/2/3`
/** The action of a rule with weights. */
export const forward = (blue: number, green: number) => [
  {
    type: 'forward',
    forward: [
      {
        target_group: [
          { arn: 'blue', weight: blue },
          { arn: 'green', weight: green },
        ],
      },
    ],
  },
]
/** A service of a pair. */
export const service = (values: Record<string, unknown> = {}) => ({
  name: 'web-blue',
  cluster: `arn:aws:ecs:eu-west-1:${ACCOUNT}:cluster/shop`,
  desired_count: 3,
  task_definition: 'web:1',
  tags: null,
  ...values,
})

/** What a plan of these changes is. */
export const judge = (changes: readonly unknown[], environment: Partial<JudgedEnvironment> = {}): Judgement =>
  judgePlan(planOf(changes), environmentOf(environment))

/** Verdict and reasons as text. */
export const told = ({ verdict, reasons }: Judgement): string[] => [
  verdict,
  ...reasons.map(({ rule, message }) => `${rule}: ${message}`),
]
