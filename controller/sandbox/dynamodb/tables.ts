import { AwsError } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { optionalRecord, optionalRecords, optionalText } from '../members.ts'
import { invalid } from './value.ts'

export interface DynamoTable {
  readonly name: string
  readonly region: string
  readonly createdAt: number
  readonly hashKey: string
  readonly rangeKey?: string
  readonly attributes: readonly Members[]
  readonly billingMode: string
  /** The attribute whose epoch seconds end an item. */
  readonly ttlAttribute?: string
}

export function createTables(clock: ConstructorParameters<typeof Table>[0]): Table<DynamoTable> {
  return new Table<DynamoTable>(clock)
}

/** The table that a request names; throws ResourceNotFoundException. */
export function tableOf(tables: Table<DynamoTable>, input: Members, context: CallContext): DynamoTable {
  const table = tables.get(keyOf(tableName(input), context))
  if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found')
  return table
}

export function tableOperations(
  tables: Table<DynamoTable>,
  forget: (table: DynamoTable) => void,
): Record<string, Operation> {
  return {
    CreateTable: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => create(tables, input, context),
    },
    DescribeTable: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => ({ Table: view(tableOf(tables, input, context), context) }),
    },
    DeleteTable: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const table = tableOf(tables, input, context)
        tables.delete(keyOf(table.name, context))
        forget(table)
        return { TableDescription: { ...view(table, context), TableStatus: 'DELETING' } }
      },
    },
    UpdateTimeToLive: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => expire(tables, input, context),
    },
    DescribeTimeToLive: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => ({ TimeToLiveDescription: lifetime(tableOf(tables, input, context)) }),
    },
  }
}

function create(tables: Table<DynamoTable>, input: Members, context: CallContext): Members {
  const name = tableName(input)
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) throw invalid(`Invalid table/index name: ${name}`)
  if (tables.get(keyOf(name, context)) !== undefined)
    throw new AwsError('ResourceInUseException', `Table already exists: ${name}`)
  const keys = optionalRecords(input, 'KeySchema') ?? []
  const keyOfType = (type: string): string | undefined =>
    keys.map((key) => (key['KeyType'] === type ? String(key['AttributeName']) : '')).find((key) => key !== '')
  const hashKey = keyOfType('HASH')
  if (hashKey === undefined)
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type')
  const rangeKey = keyOfType('RANGE')
  const table: DynamoTable = {
    name,
    region: context.region,
    createdAt: context.now,
    hashKey,
    ...(rangeKey === undefined ? {} : { rangeKey }),
    attributes: optionalRecords(input, 'AttributeDefinitions') ?? [],
    billingMode: optionalText(input, 'BillingMode') ?? 'PROVISIONED',
  }
  tables.put(keyOf(name, context), table)
  return { TableDescription: view(table, context) }
}

function expire(tables: Table<DynamoTable>, input: Members, context: CallContext): Members {
  const { ttlAttribute: _before, ...table } = tableOf(tables, input, context)
  const wanted = optionalRecord(input, 'TimeToLiveSpecification') ?? {}
  const attribute = optionalText(wanted, 'AttributeName') ?? ''
  const isOn = wanted['Enabled'] === true
  tables.put(keyOf(table.name, context), { ...table, ...(isOn ? { ttlAttribute: attribute } : {}) })
  return { TimeToLiveSpecification: { Enabled: isOn, AttributeName: attribute } }
}

const lifetime = ({ ttlAttribute }: DynamoTable): Members =>
  ttlAttribute === undefined
    ? { TimeToLiveStatus: 'DISABLED' }
    : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute }

/** Made at once: the sandbox has nothing to wait for. */
function view(table: DynamoTable, context: CallContext): Members {
  const { name, hashKey, rangeKey, attributes, billingMode, createdAt } = table
  return {
    TableName: name,
    TableArn: `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${name}`,
    TableStatus: 'ACTIVE',
    CreationDateTime: timestamp(createdAt),
    KeySchema: [
      { AttributeName: hashKey, KeyType: 'HASH' },
      ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: 'RANGE' }]),
    ],
    AttributeDefinitions: attributes,
    BillingModeSummary: { BillingMode: billingMode },
  }
}

/** The name, also where the request has the table's ARN instead. */
function tableName(input: Members): string {
  const name = optionalText(input, 'TableName') ?? ''
  return name.slice(name.lastIndexOf('/') + 1)
}

const keyOf = (name: string, context: CallContext): string => `${context.region}/${name}`
