import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Kind, Lease, LeaseHolder, StoredObject } from '../../../ports/store.ts'
import { readObject } from '../objects.ts'

/**
 * What lies in the table. Its keys are `pk` and `sk`, both strings; `expiresAt` (epoch seconds) is its time to live.
 *
 * | pk          | sk                    | holds                                                                    |
 * | ----------- | --------------------- | ------------------------------------------------------------------------ |
 * | `Release` … | the object's name     | the object as JSON, its version, its uid, the epoch that wrote it        |
 * | `head`      | `head`                | the version of the last change                                           |
 * | `change`    | its version, 15 digits | which object was added, modified or deleted; gone after a week          |
 * | `lease`     | the lease's name      | its epoch, its holder, and how often it was renewed                      |
 */
export type Item = Record<string, AttributeValue>
export type Key = { readonly pk: AttributeValue; readonly sk: AttributeValue }

/** Changes are told to watchers for so long; whoever lies further behind reads everything again. */
const CHANGES_KEPT_MS = 7 * 24 * 3_600_000

/** DynamoDB's own limit of an item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const ITEM_LIMIT_BYTES = 400 * 1024
/** Of an item that are not the object's own text: keys, version, uid and the names of attributes; with room to spare. */
export const ITEM_OVERHEAD_BYTES = 1_024

/** How the leases begin by which processes tell that they live. */
export const MEMBER_LEASE = 'member-'
const MEMBER_KEPT_SECONDS = 86_400

export interface Change {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly kind: Kind
  readonly name: string
}

export interface LeaseItem {
  readonly lease: Lease
  /** Grows with every renewal: who sees the same number for as long as the lease lasts has seen nobody renew it. */
  readonly renewals: number
  readonly released: boolean
}

const text = (value: string): AttributeValue => ({ S: value })
const number = (value: number): AttributeValue => ({ N: String(value) })

export const keyOf = (pk: string, sk: string): Key => ({ pk: text(pk), sk: text(sk) })
export const headKey = keyOf('head', 'head')

export const headItem = (version: number): Item => ({
  ...headKey,
  version: number(version),
  format: number(1),
})

/** 0 where nothing was ever written. */
export const headVersion = (item: Item | undefined): number => numberIn(item?.['version']) ?? 0

export const objectItem = (
  { kind, metadata }: StoredObject,
  { json, epoch }: { readonly json: string; readonly epoch: number | undefined },
): Item => ({
  ...keyOf(kind, metadata.name),
  version: number(Number(metadata.resourceVersion)),
  uid: text(metadata.uid),
  object: text(json),
  ...(epoch === undefined ? {} : { epoch: number(epoch) }),
})

/** The object in an item; undefined where the item does not hold a whole one. */
export const objectIn = (item: Item, kind: Kind): StoredObject | undefined =>
  readObject(item['object']?.S ?? '', kind, item['sk']?.S ?? '')

export const changeKey = (version: number): Key => keyOf('change', String(version).padStart(15, '0'))

export const changeItem = ({ version, type, kind, name }: Change, nowMs: number): Item => ({
  ...changeKey(version),
  type: text(type),
  kind: text(kind),
  name: text(name),
  expiresAt: number(Math.ceil((nowMs + CHANGES_KEPT_MS) / 1_000)),
})

export const changeIn = (item: Item): Change => ({
  version: Number(item['sk']?.S),
  type: item['type']?.S as Change['type'],
  kind: item['kind']?.S as Kind,
  name: item['name']?.S ?? '',
})

export const leaseItem = ({ lease, renewals, released }: LeaseItem): Item => ({
  ...keyOf('lease', lease.name),
  epoch: number(lease.epoch),
  instance: text(lease.holder.instance),
  holder: text(JSON.stringify(lease.holder)),
  renewedAt: number(lease.renewedAt),
  endsAt: number(lease.expiresAt),
  renewals: number(renewals),
  released: { BOOL: released },
  // Each process is a member once: what is left of it goes after a day.
  ...(lease.name.startsWith(MEMBER_LEASE)
    ? { expiresAt: number(Math.ceil(lease.expiresAt / 1_000) + MEMBER_KEPT_SECONDS) }
    : {}),
})

export const leaseIn = (item: Item): LeaseItem => ({
  lease: {
    name: item['sk']?.S ?? '',
    epoch: numberIn(item['epoch']) ?? 0,
    holder: JSON.parse(item['holder']?.S ?? '{}') as LeaseHolder,
    renewedAt: numberIn(item['renewedAt']) ?? 0,
    expiresAt: numberIn(item['endsAt']) ?? 0,
  },
  renewals: numberIn(item['renewals']) ?? 0,
  released: item['released']?.BOOL === true,
})

/** A condition on attributes of an item that must be what was read; of one that was not there, that it still is not. */
export function unchanged(item: Item | undefined, attributes: readonly string[]): Condition {
  if (item === undefined)
    return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
  return {
    ConditionExpression: attributes.map((name) => `#${name} = :${name}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      attributes.map((name) => [`:${name}`, item[name] ?? text('')]),
    ),
  }
}

export interface Condition {
  readonly ConditionExpression: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>
}

function numberIn(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N)
}
