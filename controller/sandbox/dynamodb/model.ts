import type { Clock } from '../kernel/clock.ts'
import type { CallContext, Members, Operation, ServiceModel } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { keyOfTable, writeOne, type Row, type Rows } from './items.ts'
import { Partitions } from './partitions.ts'
import { batchGet, get, query } from './read.ts'
import { createTables, tableOf, tableOperations, type DynamoTable } from './tables.ts'
import { transact, type Remembered } from './transact.ts'

/**
 * DynamoDB, as much of it as keeping state with conditional writes needs (API version 2012-08-10): tables with a hash and a range key, conditions, queries,
 * transactions and expiry. It has no indexes, no UpdateItem and no PartiQL.
 */
export function createDynamoDbModel({ clock }: { clock: Clock }): ServiceModel {
  const tables = createTables(clock)
  const rows: Rows = { byKey: new Table<Row>(clock), partitions: new Partitions() }
  const tokens = new Table<Remembered>(clock)
  const parts = { tables, rows, tokens }
  const operation = (
    writes: boolean,
    handle: (given: typeof parts, input: Members, context: CallContext) => Members,
  ): Operation => ({
    writes,
    bucket: 'dynamodb',
    handle: (input, context) => handle(parts, input, context),
  })
  const writing = (verb: 'Put' | 'Delete'): Operation =>
    operation(true, (_parts, input, context) =>
      writeOne({ rows, table: tableOf(tables, input, context), verb }, input, context),
    )
  return {
    service: 'dynamodb',
    operations: {
      ...tableOperations(tables, (table) => forget(rows, table)),
      GetItem: operation(false, get),
      Query: operation(false, query),
      BatchGetItem: operation(false, batchGet),
      PutItem: writing('Put'),
      DeleteItem: writing('Delete'),
      TransactWriteItems: operation(true, transact),
    },
    dump: () => ({ tables: tables.dump(), rows: rows.byKey.dump() }),
    load(state) {
      const { tables: ofTables, rows: ofRows } = state as Members
      tables.load(ofTables as [string, DynamoTable][])
      rows.byKey.load(ofRows as [string, Row][])
      arrange(rows, tables)
      tokens.load([])
    },
  }
}

function forget({ byKey, partitions }: Rows, table: DynamoTable): void {
  for (const [id, row] of byKey.dump()) {
    if (row.table !== keyOfTable(table)) continue
    byKey.delete(id)
    partitions.remove(table, row.item)
  }
}

/** What was loaded by key, by partition. */
function arrange({ byKey, partitions }: Rows, tables: Table<DynamoTable>): void {
  partitions.clear()
  for (const row of byKey.list()) {
    const table = tables.get(row.table)
    if (table !== undefined) partitions.put(table, row.item)
  }
}
