import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { optionalInteger, optionalRecord, optionalText } from '../members.ts'
import { parseCondition } from './expression/condition.ts'
import { namesOf } from './expression/names.ts'
import { itemsOf, readOne, viewFor, type Rows } from './items.ts'
import { tableOf, type DynamoTable } from './tables.ts'
import { compare, invalid, sizeBytes, type Item } from './value.ts'

interface Parts {
  readonly tables: Table<DynamoTable>
  readonly rows: Rows
}

/** One answer of Query holds no more: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const LARGEST_PAGE_BYTES = 1024 * 1024
const MOST_BATCH_KEYS = 100
const LARGEST_BATCH_BYTES = 16 * 1024 * 1024

export function get({ tables, rows }: Parts, input: Members, context: CallContext): Members {
  const table = tableOf(tables, input, context)
  const view = viewFor(rows, input, context)
  const item = readOne({ rows: view, table }, optionalRecord(input, 'Key') ?? {}, context)
  return item === undefined ? {} : { Item: item }
}

/** A page of the items with one hash key, in the order of their range keys. */
export function query({ tables, rows }: Parts, input: Members, context: CallContext): Members {
  const table = tableOf(tables, input, context)
  if (optionalText(input, 'IndexName') !== undefined)
    throw invalid('The table does not have the specified index')
  const names = namesOf(input)
  const keyText = optionalText(input, 'KeyConditionExpression')
  if (keyText === undefined)
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified')
  const ofKey = parseCondition(keyText, names)
  const filterText = optionalText(input, 'FilterExpression')
  const filter = filterText === undefined ? undefined : parseCondition(filterText, names)
  names.assertAllUsed()
  const isForward = input['ScanIndexForward'] !== false
  const found = itemsOf({ rows: viewFor(rows, input, context), table }, context)
    .filter(ofKey)
    .toSorted((one, other) => byRange(table, one, other) * (isForward ? 1 : -1))
  const rest = after(table, found, { start: optionalRecord(input, 'ExclusiveStartKey'), isForward })
  const page = pageOf(rest, optionalInteger(input, 'Limit') ?? Infinity)
  const items = filter === undefined ? page : page.filter(filter)
  const last = page.length < rest.length ? page.at(-1) : undefined
  return {
    ...(input['Select'] === 'COUNT' ? {} : { Items: items }),
    Count: items.length,
    ScannedCount: page.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: keyOf(table, last) }),
  }
}

/** Up to 100 items by their keys; what does not fit into an answer comes back as UnprocessedKeys. */
export function batchGet({ tables, rows }: Parts, input: Members, context: CallContext): Members {
  const responses: Record<string, Item[]> = {}
  const unprocessed: Record<string, Members> = {}
  let [asked, bytes] = [0, 0]
  for (const [name, wanted] of Object.entries(optionalRecord(input, 'RequestItems') ?? {})) {
    const request = wanted as Members
    const table = tableOf(tables, { TableName: name }, context)
    const view = viewFor(rows, request, context)
    const left: Members[] = []
    const found: Item[] = (responses[name] = [])
    for (const key of request['Keys'] as Members[]) {
      asked += 1
      if (asked > MOST_BATCH_KEYS) throw invalid('Too many items requested for the BatchGetItem call')
      const item = readOne({ rows: view, table }, key, context)
      bytes += item === undefined ? 0 : sizeBytes(item)
      if (bytes > LARGEST_BATCH_BYTES) left.push(key)
      else if (item !== undefined) found.push(item)
    }
    if (left.length > 0) unprocessed[name] = { ...request, Keys: left }
  }
  return { Responses: responses, UnprocessedKeys: unprocessed }
}

function byRange({ rangeKey }: DynamoTable, one: Item, other: Item): number {
  if (rangeKey === undefined) return 0
  return compare(one[rangeKey] ?? {}, other[rangeKey] ?? {}) ?? 0
}

function after(
  table: DynamoTable,
  items: readonly Item[],
  { start, isForward }: { readonly start: Members | undefined; readonly isForward: boolean },
): readonly Item[] {
  if (start === undefined) return items
  return items.filter((item) => byRange(table, item, start as Item) * (isForward ? 1 : -1) > 0)
}

/** The item that goes over the page's size is still in it. */
function pageOf(items: readonly Item[], limit: number): readonly Item[] {
  let bytes = 0
  const count = items.findIndex((item, index) => {
    bytes += sizeBytes(item)
    return index + 1 >= limit || bytes > LARGEST_PAGE_BYTES
  })
  return count < 0 ? items : items.slice(0, count + 1)
}

function keyOf({ hashKey, rangeKey }: DynamoTable, item: Item): Members {
  return {
    [hashKey]: item[hashKey],
    ...(rangeKey === undefined ? {} : { [rangeKey]: item[rangeKey] }),
  }
}
