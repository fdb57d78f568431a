import { validationError, notFound } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { checkedArn, type ResourceKind } from './arn.ts'
import { integer, text } from './input.ts'

const NOT_FOUND = {
  loadBalancer: { code: 'LoadBalancerNotFound', message: 'One or more load balancers not found' },
  targetGroup: { code: 'TargetGroupNotFound', message: 'One or more target groups not found' },
  listener: { code: 'ListenerNotFound', message: 'One or more listeners not found' },
  rule: { code: 'RuleNotFound', message: 'One or more rules not found' },
} as const satisfies Record<ResourceKind, { code: string; message: string }>

type Handle = (input: Members, context: CallContext) => Members

/** An operation of the bucket that all Describe calls share. */
export function describing(handle: Handle): Operation {
  return { writes: false, bucket: 'elb-describe', handle }
}

/** An operation of the bucket that all mutations share. */
export function modifying(handle: Handle): Operation {
  return { writes: true, bucket: 'elb-modify', handle }
}

/** The row with that ARN, or the kind's own NotFound error (ValidationError when the ARN is of another kind). */
export function found<T>(rows: { get(id: string): T | undefined }, arn: string, kind: ResourceKind): T {
  const row = rows.get(checkedArn(arn, kind))
  if (row === undefined) throw notFound(NOT_FOUND[kind].code, NOT_FOUND[kind].message)
  return row
}

/** One page under `member`, with `NextMarker` where more follow: pages of 400 unless `PageSize` says less. */
export function page<T>(
  rows: readonly T[],
  input: Members,
  show: (row: T) => Members,
  member: string,
): Members {
  const size = integer(input, 'PageSize', { min: 1, max: 400 }) ?? 400
  const start = markedStart(text(input, 'Marker'))
  const end = start + size
  const shown = rows.slice(start, end).map(show)
  return end < rows.length ? { [member]: shown, NextMarker: marker(end) } : { [member]: shown }
}

function marker(start: number): string {
  return Buffer.from(`start=${start}`).toString('base64')
}

function markedStart(given: string | undefined): number {
  if (given === undefined || given === '') return 0
  const start = /^start=(\d{1,9})$/.exec(Buffer.from(given, 'base64').toString('utf8'))?.[1]
  if (start === undefined) throw validationError('The marker is not valid')
  return Number(start)
}
