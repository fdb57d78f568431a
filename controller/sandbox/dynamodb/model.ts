import type { Clock } from '../kernel/clock.ts'
import type { CallContext, Members, Operation, ServiceModel } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { keyOfTable, writeOne, type Row } from './items.ts'
import { batchGet, get, query } from './read.ts'
import { createTables, tableOf, tableOperations, type DynamoTable } from './tables.ts'
import { transact, type Remembered } from './transact.ts'

/**
 * DynamoDB, as much of it as keeping state with conditional writes needs (API version 2012-08-10): tables with a hash and a range key, conditions, queries,
 * transactions and expiry. It has no indexes, no UpdateItem and no PartiQL.
 */
export function createDynamoDbModel({ clock }: { clock: Clock }): ServiceModel {
  const tables = createTables(clock)
  const rows = new Table<Row>(clock)
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
    dump: () => ({ tables: tables.dump(), rows: rows.dump() }),
    load(state) {
      const { tables: ofTables, rows: ofRows } = state as Members
      tables.load(ofTables as [string, DynamoTable][])
      rows.load(ofRows as [string, Row][])
      tokens.load([])
    },
  }
}

function forget(rows: Table<Row>, table: DynamoTable): void {
  for (const [id, row] of rows.dump()) if (row.table === keyOfTable(table)) rows.delete(id)
}
