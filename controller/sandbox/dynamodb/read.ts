import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { optionalInteger, optionalRecord, optionalText } from '../members.ts'
import { hashIn, parseCondition } from './expression/condition.ts'
import { namesOf } from './expression/names.ts'
import { isOver, partitionOf, readOne, viewFor, type Rows } from './items.ts'
import { byRange, firstFrom } from './partitions.ts'
import { tableOf, type DynamoTable } from './tables.ts'
import { invalid, sizeBytes, type Item } from './value.ts'

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
  const hash = hashIn(keyText, names, table.hashKey)
  const filterText = optionalText(input, 'FilterExpression')
  const filter = filterText === undefined ? undefined : parseCondition(filterText, names)
  names.assertAllUsed()
  const found = partitionOf({ rows, table }, hash, viewFor(rows, input, context))
  const page = pageOf(
    inTurn(table, found, {
      start: optionalRecord(input, 'ExclusiveStartKey') as Item | undefined,
      isForward: input['ScanIndexForward'] !== false,
    }),
    { limit: optionalInteger(input, 'Limit') ?? Infinity, isIn: (item) => isHere(item) && ofKey(item) },
  )
  const items = filter === undefined ? page.items : page.items.filter(filter)
  const last = page.isWhole ? undefined : page.items.at(-1)
  return {
    ...(input['Select'] === 'COUNT' ? {} : { Items: items }),
    Count: items.length,
    ScannedCount: page.items.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: keyOf(table, last) }),
  }

  function isHere(item: Item): boolean {
    return !isOver(table, item, context.now)
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

/** The items after a key, or all, one by one from either end. */
function* inTurn(
  table: DynamoTable,
  items: readonly Item[],
  { start, isForward }: { readonly start: Item | undefined; readonly isForward: boolean },
): Generator<Item> {
  const step = isForward ? 1 : -1
  const from = start === undefined ? (isForward ? 0 : items.length) : firstFrom(table, items, start)
  for (let index = isForward ? from : from - 1; ; index += step) {
    const item = items[index]
    if (item === undefined) return
    // The key itself was in the page before.
    if (start === undefined || byRange(table, item, start) !== 0) yield item
  }
}

/** The item that goes over the page's size is still in it. */
function pageOf(
  items: Iterable<Item>,
  { limit, isIn }: { readonly limit: number; readonly isIn: (item: Item) => boolean },
): { readonly items: readonly Item[]; readonly isWhole: boolean } {
  const page: Item[] = []
  let bytes = 0
  for (const item of items) {
    if (!isIn(item)) continue
    if (page.length >= limit || bytes > LARGEST_PAGE_BYTES) return { items: page, isWhole: false }
    page.push(item)
    bytes += sizeBytes(item)
  }
  return { items: page, isWhole: true }
}

function keyOf({ hashKey, rangeKey }: DynamoTable, item: Item): Members {
  return {
    [hashKey]: item[hashKey],
    ...(rangeKey === undefined ? {} : { [rangeKey]: item[rangeKey] }),
  }
}
