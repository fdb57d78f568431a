import type { CallContext } from '../kernel/operation.ts'
import { hexId, type Random } from '../kernel/random.ts'

/** Where an ARN lives. */
export interface Place {
  readonly region: string
  readonly accountId: string
}

/** `arn:aws:ecs:<region>:<account>:<resource>`. */
export function ecsArn(place: Place, resource: string): string {
  return `arn:aws:ecs:${place.region}:${place.accountId}:${resource}`
}

/** The region and account that an ARN names. */
export function placeOf(arn: string): Place {
  const [, , , region = '', accountId = ''] = arn.split(':')
  return { region, accountId }
}

/** The last part of an ARN or name: a cluster's, service's or task's own name. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The cluster's ARN, given its name or ARN (or nothing: the cluster called `default`). */
export function clusterArnOf(cluster: string | undefined, context: CallContext): string {
  if (cluster?.startsWith('arn:') === true) return cluster
  return ecsArn(context, `cluster/${cluster ?? 'default'}`)
}

/** The ARN of something inside a cluster, such as `service` or `task`, given its name or ARN. */
export function arnInCluster(kind: string, nameOrArn: string, clusterArn: string): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn
  return ecsArn(placeOf(clusterArn), `${kind}/${lastPart(clusterArn)}/${nameOrArn}`)
}

/** `length` decimal digits that don't begin with 0: the shape of deployment and revision ids. */
export function decimalId(random: Random, length: number): string {
  let digits = String(1 + Math.floor(random.next() * 9))
  while (digits.length < length) digits += String(Math.floor(random.next() * 10))
  return digits
}

/** An elastic network interface's id. */
export function networkInterfaceId(random: Random): string {
  return `eni-${hexId(random, 17)}`
}
