import { AwsError } from '../kernel/error.ts'
import type { CallContext } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'

/** A log group; nothing is ever written to it here. */
export interface LogGroup {
  readonly name: string
  readonly region: string
  readonly createdAt: number
  readonly logGroupClass: string
  readonly retentionDays?: number
  readonly kmsKeyId?: string
  readonly tags: Readonly<Record<string, string>>
}

/** The ARN as tags know it; policies and DescribeLogGroups' `arn` have `:*` behind it. */
export function arnOf(name: string, context: CallContext): string {
  return `arn:aws:logs:${context.region}:${context.accountId}:log-group:${name}`
}

/** The group of that name; throws ResourceNotFoundException where there is none. */
export function groupOf(groups: Table<LogGroup>, name: string, context: CallContext): LogGroup {
  const group = context.read(groups).get(keyOf(name, context))
  if (group === undefined) {
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
  }
  return group
}

/** Groups of two regions are two. */
export function keyOf(name: string, context: CallContext): string {
  return `${context.region}/${name}`
}
