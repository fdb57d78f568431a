import { refusalWith } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table, TableView } from '../kernel/table.ts'
import { optionalRecord, optionalText } from '../members.ts'
import { parseCondition } from './expression/condition.ts'
import { namesOf } from './expression/names.ts'
import type { DynamoTable } from './tables.ts'
import { byRange, type Partitions } from './partitions.ts'
import { invalid, isEqual, itemOf, keyText, sizeBytes, type Item, type Value } from './value.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const LARGEST_ITEM_BYTES = 400 * 1024
/** AWS removes expired items within days; until then they are read like others. Here after an hour. */
const EXPIRY_DELAY_MS = 3_600_000

/** One item in its table: where it stands, and what it holds. */
export interface Row {
  readonly table: string
  readonly item: Item
}

/** What lies in all tables: by key with what it was before, and by partition. */
export interface Rows {
  readonly byKey: Table<Row>
  readonly partitions: Partitions
}

/** What one write would do, once its condition was looked at: nothing has happened yet. */
export interface PlannedWrite {
  readonly id: string
  readonly table: DynamoTable
  /** Undefined: the item is removed. `same`: only its condition counts. */
  readonly becomes: Item | undefined | 'same'
  readonly before: Item | undefined
  readonly holds: boolean
}

/** Plans a PutItem, DeleteItem or ConditionCheck; throws ValidationException for a request that can never be right. */
export function planWrite(
  parts: {
    readonly rows: Rows
    readonly table: DynamoTable
    readonly verb: 'Put' | 'Delete' | 'ConditionCheck'
  },
  input: Members,
  context: CallContext,
): PlannedWrite {
  const { rows, table, verb } = parts
  const given = verb === 'Put' ? itemOf(input['Item']) : keyIn(table, optionalRecord(input, 'Key') ?? {})
  if (sizeBytes(given) > LARGEST_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size')
  const id = idOf(table, given)
  const before = liveItem(table, rows.byKey.get(id), context.now)
  const names = namesOf(input)
  const text = optionalText(input, 'ConditionExpression')
  if (verb === 'ConditionCheck' && text === undefined) throw invalid('ConditionExpression must not be null')
  const condition = text === undefined ? undefined : parseCondition(text, names)
  names.assertAllUsed()
  return {
    id,
    table,
    before,
    becomes: verb === 'Put' ? given : verb === 'Delete' ? undefined : 'same',
    holds: condition?.(before ?? {}) ?? true,
  }
}

/** Makes a planned write happen. */
export function carryOut(rows: Rows, { id, table, becomes }: PlannedWrite): void {
  if (becomes === 'same') return
  const stored = rows.byKey.get(id)
  if (becomes !== undefined) {
    rows.byKey.put(id, { table: keyOfTable(table), item: becomes })
    rows.partitions.put(table, becomes)
  } else if (stored !== undefined) {
    rows.byKey.delete(id)
    rows.partitions.remove(table, stored.item)
  }
}

/** What PutItem and DeleteItem answer; throws ConditionalCheckFailedException. */
export function writeOne(
  parts: Parameters<typeof planWrite>[0],
  input: Members,
  context: CallContext,
): Members {
  const planned = planWrite(parts, input, context)
  if (!planned.holds) {
    const shown = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' ? { Item: planned.before } : {}
    throw refusalWith('ConditionalCheckFailedException', 'The conditional request failed', shown)
  }
  carryOut(parts.rows, planned)
  const wantsOld = input['ReturnValues'] === 'ALL_OLD' && planned.before !== undefined
  return wantsOld ? { Attributes: planned.before } : {}
}

/** The item with the key; undefined where there is none. */
export function readOne(
  { rows, table }: { readonly rows: TableView<Row>; readonly table: DynamoTable },
  key: Members,
  context: CallContext,
): Item | undefined {
  return liveItem(table, rows.get(idOf(table, keyIn(table, key))), context.now)
}

/** The present where the request says `ConsistentRead`, else what a fault may show. */
export function viewFor(rows: Rows, input: Members, context: CallContext): TableView<Row> {
  return input['ConsistentRead'] === true ? rows.byKey : context.read(rows.byKey)
}

/** The items with one hash key, in the order of their range keys; some of them may have expired for good. */
export function partitionOf(
  { rows, table }: { readonly rows: Rows; readonly table: DynamoTable },
  hash: Value,
  view: TableView<Row>,
): readonly Item[] {
  if (view === rows.byKey) return rows.partitions.of(table, hash)
  const name = keyOfTable(table)
  return view
    .list()
    .filter((row) => row.table === name && isEqual(row.item[table.hashKey] ?? {}, hash))
    .map(({ item }) => item)
    .toSorted((one, other) => byRange(table, one, other))
}

export const keyOfTable = ({ region, name }: DynamoTable): string => `${region}/${name}`

const liveItem = (table: DynamoTable, row: Row | undefined, now: number): Item | undefined =>
  row === undefined || isOver(table, row.item, now) ? undefined : row.item

/** Whether the item has expired for so long that it is removed. */
export function isOver({ ttlAttribute }: DynamoTable, item: Item, now: number): boolean {
  const end = ttlAttribute === undefined ? undefined : item[ttlAttribute]?.['N']
  return end !== undefined && now > Number(end) * 1_000 + EXPIRY_DELAY_MS
}

/** A key with exactly the table's key attributes. */
function keyIn({ hashKey, rangeKey }: DynamoTable, key: Members): Item {
  const wanted = [hashKey, ...(rangeKey === undefined ? [] : [rangeKey])]
  const given = itemOf(key)
  if (Object.keys(given).length !== wanted.length || wanted.some((name) => given[name] === undefined))
    throw invalid('The provided key element does not match the schema')
  return given
}

function idOf({ hashKey, rangeKey, ...table }: DynamoTable, item: Item): string {
  const parts = [hashKey, ...(rangeKey === undefined ? [] : [rangeKey])].map((name) =>
    keyText(name, item[name]),
  )
  return JSON.stringify([table.region, table.name, ...parts])
}
