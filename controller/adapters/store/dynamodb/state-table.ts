import {
  BatchGetItemCommand,
  type DynamoDBClientConfig,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import type { Random } from '../../../ports/random.ts'
import { classify } from './errors.ts'
import type { Condition, Item, Key } from './items.ts'

export interface StateTableOptions {
  readonly table: string
  readonly clock: Clock
  readonly random: Random
  /** Of one attempt, in milliseconds. */
  readonly callTimeoutMs: number
  /** Left out: what AWS's own variables and the machine say. */
  readonly client?: Pick<
    DynamoDBClientConfig,
    'region' | 'endpoint' | 'credentials' | 'requestHandler' | 'signerConstructor'
  >
}

/** The calls to one table. Reads are consistent. Rejects with a PortError, or with ConditionFailed. */
export interface StateTable {
  readonly name: string
  get(key: Key): Promise<Item | undefined>
  /** The items of a partition whose sort keys lie between two, in their order. */
  query(pk: string, range: Range): Promise<readonly Item[]>
  /** All items of a partition, a page at a time; the next page is on its way while one is looked at. */
  pages(pk: string): AsyncIterable<readonly Item[]>
  batchGet(keys: readonly Key[]): Promise<readonly Item[]>
  put(item: Item, condition: Condition): Promise<void>
  /** All or nothing; asked again with the same token after silence, so that it happens once. */
  transact(writes: readonly TransactWriteItem[], token: string): Promise<void>
  close(): void
}

/** Attempts of one call, the first included: what does not pass within a second is told. */
const ATTEMPTS = 4
const BACKOFF_MS = 50
/** BatchGetItem takes no more keys. */
const BATCH_KEYS = 100
/** Whole partitions come in pages of 1 MB, and are read before anything is led: a busy machine may take its time for one. */
const WHOLE_PATIENCE = 5
/** Pages of one query and rounds of one batch: each brings up to 1 MB, or something that was left out. */
const MOST_PAGES = 10_000

export function createStateTable(options: StateTableOptions): StateTable {
  return new TableCalls(options)
}

class TableCalls implements StateTable {
  readonly name: string
  readonly #options: StateTableOptions
  readonly #client: DynamoDBClient

  constructor(options: StateTableOptions) {
    this.name = options.table
    this.#options = options
    this.#client = new DynamoDBClient({ ...options.client, maxAttempts: 1 })
  }

  async get(key: Key): Promise<Item | undefined> {
    const command = { TableName: this.name, Key: { ...key }, ConsistentRead: true }
    const { Item } = await this.#read('GetItem', (signal) =>
      this.#client.send(new GetItemCommand(command), signal),
    )
    return Item
  }

  async query(pk: string, range: Range): Promise<readonly Item[]> {
    const items: Item[] = []
    for await (const page of this.#pages({ pk, range, patience: 1 })) items.push(...page)
    return items
  }

  pages(pk: string): AsyncIterable<readonly Item[]> {
    return this.#pages({ pk, range: undefined, patience: WHOLE_PATIENCE })
  }

  async *#pages({ pk, range, patience }: Pages): AsyncGenerator<readonly Item[]> {
    const input = { TableName: this.name, ConsistentRead: true, ...keyCondition(pk, range) }
    const pageAfter = (start: Item | undefined): Promise<QueryCommandOutput> => {
      const command = new QueryCommand(start === undefined ? input : { ...input, ExclusiveStartKey: start })
      const page = this.#read('Query', (signal) => this.#client.send(command, signal), patience)
      // Whoever looks at the page before may stop there.
      page.catch(() => undefined)
      return page
    }
    let coming = pageAfter(undefined)
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { Items = [], LastEvaluatedKey: last } = await coming
      if (last === undefined) {
        yield Items
        return
      }
      coming = pageAfter(last)
      yield Items
    }
    throw endless(this.name)
  }

  async batchGet(keys: readonly Key[]): Promise<readonly Item[]> {
    const items: Item[] = []
    let left: readonly Item[] = keys.map((key) => ({ ...key }))
    for (let round = 0; left.length > 0; round += 1) {
      if (round === MOST_PAGES) throw endless(this.name)
      const [now, later] = [left.slice(0, BATCH_KEYS), left.slice(BATCH_KEYS)]
      const request = { [this.name]: { Keys: now, ConsistentRead: true } }
      const answer = await this.#read('BatchGetItem', (signal) =>
        this.#client.send(new BatchGetItemCommand({ RequestItems: request }), signal),
      )
      items.push(...(answer.Responses?.[this.name] ?? []))
      const unprocessed = answer.UnprocessedKeys?.[this.name]?.Keys ?? []
      if (unprocessed.length === now.length) await this.#pause(round)
      left = [...unprocessed, ...later]
    }
    return items
  }

  async put(item: Item, condition: Condition): Promise<void> {
    const command = { TableName: this.name, Item: item, ...condition }
    // Not repeated after silence: it may have happened, and its condition would then no longer hold.
    await this.#repeat({ operation: 'PutItem', writes: true, isOnce: true }, (signal) =>
      this.#client.send(new PutItemCommand(command), signal),
    )
  }

  async transact(writes: readonly TransactWriteItem[], token: string): Promise<void> {
    const command = { TransactItems: [...writes], ClientRequestToken: token }
    await this.#repeat({ operation: 'TransactWriteItems', writes: true }, (signal) =>
      this.#client.send(new TransactWriteItemsCommand(command), signal),
    )
  }

  close(): void {
    this.#client.destroy()
  }

  #read<Output>(operation: string, send: Send<Output>, patience = 1): Promise<Output> {
    return this.#repeat({ operation, writes: false, patience }, send)
  }

  async #repeat<Output>(call: Call, send: Send<Output>): Promise<Output> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#attempt(call, send)
      } catch (error) {
        const mayPass = error instanceof PortError && error.handling === 'retry'
        const isSafe = call.isOnce !== true || !(error instanceof PortError && error.ambiguous)
        if (!mayPass || !isSafe || attempt + 1 >= ATTEMPTS) throw error
      }
      await this.#pause(attempt)
    }
  }

  /** https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  #pause(attempt: number): Promise<void> {
    const { clock, random } = this.#options
    return clock.sleep(random.next() * BACKOFF_MS * 2 ** Math.min(attempt, ATTEMPTS))
  }

  async #attempt<Output>(call: Call, send: Send<Output>): Promise<Output> {
    const { clock } = this.#options
    const callTimeoutMs = this.#options.callTimeoutMs * (call.patience ?? 1)
    const abort = new AbortController()
    const { promise, resolve, reject } = Promise.withResolvers<Output>()
    const cancel = clock.setTimer(callTimeoutMs, () => {
      reject(new Error(`no answer within ${callTimeoutMs} ms`))
      abort.abort()
    })
    send({ abortSignal: abort.signal }).then(resolve, reject)
    try {
      return await promise
    } catch (error) {
      throw classify(error, { table: this.name, ...call })
    } finally {
      cancel()
    }
  }
}

interface Range {
  readonly after: string
  readonly to: string
}

interface Pages {
  readonly pk: string
  /** Undefined: the whole partition. */
  readonly range: Range | undefined
  readonly patience: number
}

type Send<Output> = (options: { readonly abortSignal: AbortSignal }) => Promise<Output>

interface Call {
  readonly operation: string
  readonly writes: boolean
  /** It must not be asked again where it may have happened. */
  readonly isOnce?: true
  /** How many times longer than others it may take. */
  readonly patience?: number
}

function keyCondition(pk: string, range: Range | undefined) {
  return {
    KeyConditionExpression: range === undefined ? '#pk = :pk' : '#pk = :pk AND #sk BETWEEN :after AND :to',
    ExpressionAttributeNames: { '#pk': 'pk', ...(range === undefined ? {} : { '#sk': 'sk' }) },
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ...(range === undefined ? {} : { ':after': { S: range.after }, ':to': { S: range.to } }),
    },
  }
}

const endless = (table: string): PortError =>
  new PortError(`the table ${table} does not come to an end`, { code: 'StoreUnavailable', handling: 'retry' })
