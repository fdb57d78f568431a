import { refusalWith } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table, TableView } from '../kernel/table.ts'
import { optionalRecord, optionalText } from '../members.ts'
import { parseCondition } from './expression/condition.ts'
import { namesOf } from './expression/names.ts'
import type { DynamoTable } from './tables.ts'
import { invalid, itemOf, sizeBytes, typeOf, type Item, type Value } from './value.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const LARGEST_ITEM_BYTES = 400 * 1024
/** AWS removes expired items within days; until then they are read like others. Here after an hour. */
const EXPIRY_DELAY_MS = 3_600_000

/** One item in its table: where it stands, and what it holds. */
export interface Row {
  readonly table: string
  readonly item: Item
}
export type Rows = Table<Row>

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
  const before = liveItem(table, rows.get(id), context.now)
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
  if (becomes === undefined) rows.delete(id)
  else rows.put(id, { table: keyOfTable(table), item: becomes })
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
  return input['ConsistentRead'] === true ? rows : context.read(rows)
}

/** All items of a table that have not expired for good. */
export function itemsOf(
  { rows, table }: { readonly rows: TableView<Row>; readonly table: DynamoTable },
  context: CallContext,
): readonly Item[] {
  const name = keyOfTable(table)
  return rows.list().flatMap((row) => {
    const item = row.table === name ? liveItem(table, row, context.now) : undefined
    return item === undefined ? [] : [item]
  })
}

export const keyOfTable = ({ region, name }: DynamoTable): string => `${region}/${name}`

function liveItem({ ttlAttribute }: DynamoTable, row: Row | undefined, now: number): Item | undefined {
  const end = ttlAttribute === undefined ? undefined : row?.item[ttlAttribute]?.['N']
  const isOver = end !== undefined && now > Number(end) * 1_000 + EXPIRY_DELAY_MS
  return isOver ? undefined : row?.item
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

function keyText(name: string, value: Value | undefined): string {
  if (value === undefined)
    throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`)
  const type = typeOf(value)
  const text = String(value[type])
  if (!['S', 'N', 'B'].includes(type) || text === '')
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    )
  return `${type}${text}`
}
