import { CreateTableCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import {
  createStateTable,
  type StateTable,
} from '../../../../controller/adapters/store/dynamodb/state-table.ts'
import { createTableLeases } from '../../../../controller/adapters/store/dynamodb/table-leases.ts'
import {
  createTableStore,
  type TableStore,
} from '../../../../controller/adapters/store/dynamodb/table-store.ts'
import { systemClock } from '../../../../controller/adapters/system/clock.ts'
import type { Clock } from '../../../../controller/ports/clock.ts'
import type { Leases } from '../../../../controller/ports/store.ts'
import { seededRandom } from '../../../support/seeded-random.ts'

const table = 'steersman'
let made = 0
const uid = (): string => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`

/** How a client of a test reaches DynamoDB. */
export interface Reach {
  readonly region: string
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export const reach = (endpoint: string): Reach => ({
  region: 'eu-west-1',
  endpoint,
  credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' },
})

/** Makes a table as the Terraform module does. */
export async function createTable(at: Reach, name = table): Promise<void> {
  const client = new DynamoDBClient(at)
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  )
  const lifetime = { AttributeName: 'expiresAt', Enabled: true }
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: lifetime }))
  client.destroy()
}

export const openTable = (at: Reach, name = table, callTimeoutMs = 5_000): StateTable =>
  createStateTable({
    table: name,
    clock: systemClock,
    random: seededRandom(1),
    callTimeoutMs,
    client: at,
  })

export const openStore = (stateTable: StateTable, pollMs = 50): TableStore =>
  createTableStore({ table: stateTable, clock: systemClock, random: seededRandom(2), uid, pollMs })

export const leasesOf = (
  stateTable: StateTable,
  {
    instance,
    clock,
    onTaken = async () => undefined,
  }: {
    readonly instance: string
    readonly clock: Clock
    readonly onTaken?: () => Promise<void>
  },
): Leases =>
  createTableLeases({
    table: stateTable,
    clock,
    holder: { host: instance, bootId: instance, pid: 1, processStartedAt: 1, instance },
    isAlive: async () => undefined,
    onTaken,
  })
