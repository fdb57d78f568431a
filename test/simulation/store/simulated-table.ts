import { objectIn } from '../../../controller/adapters/store/dynamodb/items.ts'
import type { Item } from '../../../controller/adapters/store/dynamodb/items.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Kind, StoredObject } from '../../../controller/ports/store.ts'
import { createImages } from '../../../controller/sandbox/images.ts'
import { otherModels } from '../../../controller/sandbox/models.ts'
import type { CallRequest, Reply, World } from '../../../controller/sandbox/world.ts'
import { createWorld } from '../../../controller/sandbox/world.ts'
import { REGION } from '../aws/shape.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Time } from '../time/time.ts'

export const TABLE = 'steersman'

/** A call that changed the table, before its caller hears of it: `Rollout/web-1`, `lease/controller`. */
export interface TableDone {
  readonly method: string
  readonly path: string
}

/** Told of each write that happened, with the items that it put. */
export interface TableListener {
  written(items: readonly Item[]): void
}

/** Transactions become readable item by item, in reads of several items, for up to so long. */
interface InPart {
  readonly withinMs: number
  readonly rate: number
  readonly strike: () => void
}

/** What read several items may see a transaction in part: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation */
const READS_OF_MANY: ReadonlySet<string> = new Set(['Query', 'BatchGetItem'])

/** The DynamoDB table that controllers share: the sandbox's, in a world beside the one in which services run. */
export class SimulatedTable {
  readonly world: World
  readonly #time: Time
  readonly #random: Random
  readonly #onAnswered: (done: TableDone, process: SimulatedProcess) => void
  readonly #listeners: TableListener[] = []
  /** The next transaction of whichever controller is on its way for so much longer, in milliseconds; told whose it is. */
  heldUp: { readonly forMs: number; readonly onHeld: (process: SimulatedProcess) => void } | undefined
  #inPart: InPart | undefined
  #lastTransactionAt = -Infinity
  /** What the checkers see of the table; undefined since the last write. */
  #seen: ReadonlyMap<string, readonly Item[]> | undefined
  readonly #objects = new WeakMap<Item, StoredObject>()
  /** Of the transactions that were carried out: asked again, each is answered as before and written no second time. */
  readonly #tokens = new Set<string>()

  constructor({
    time,
    random,
    onAnswered,
  }: {
    readonly time: Time
    readonly random: Random
    /** Told of each call, whatever became of it. */
    readonly onAnswered: (done: TableDone, process: SimulatedProcess) => void
  }) {
    this.#time = time
    this.#random = random
    this.#onAnswered = onAnswered
    this.world = createWorld({
      clock: { now: () => time.now(), setTimer: (delayMs, run) => time.after(delayMs, run) },
      random,
      others: otherModels({ images: createImages() }),
    })
    this.#make()
  }

  /** The table as one process reaches it. */
  as(process: SimulatedProcess): World {
    return { ...this.world, attempt: (request) => this.#attempt(request, process) }
  }

  /** By how much longer than usual a write of this process is under way, in milliseconds. */
  lateness(operation: string, process: SimulatedProcess): number {
    const held = this.heldUp
    if (held === undefined || operation !== 'TransactWriteItems' || process.isPaused) return 0
    this.heldUp = undefined
    held.onHeld(process)
    return held.forMs
  }

  listen(listener: TableListener): void {
    this.#listeners.push(listener)
  }

  /** From now on reads of several items may miss what the last transaction wrote, for `withinMs` after it. */
  showInPart(inPart: InPart | undefined): void {
    this.#inPart = inPart
  }

  get isCalm(): boolean {
    return this.#inPart === undefined
  }

  calm(): void {
    this.heldUp = undefined
    this.#inPart = undefined
  }

  /** The objects of a kind, as they are stored. */
  objects(kind: Kind): readonly StoredObject[] {
    return this.items(kind).flatMap((item) => {
      const object = this.#objects.get(item) ?? objectIn(item, kind)
      if (object !== undefined) this.#objects.set(item, object)
      return object ?? []
    })
  }

  /** What lies in a partition of the table. */
  items(pk: string): readonly Item[] {
    this.#seen ??= Map.groupBy(this.#rows(), (item) => item['pk']?.S ?? '')
    return this.#seen.get(pk) ?? []
  }

  /** Everything in the table, as text. */
  text(): string {
    return JSON.stringify(this.#rows())
  }

  #attempt(request: CallRequest, process: SimulatedProcess): Reply {
    const { operation, input } = request
    const reply = this.#strike(request)
    const items = itemsOf(input)
    const happened = reply.error === undefined && reply.delivery !== 'reset' && items.length > 0
    if (happened && this.#isNew(input)) {
      this.#seen = undefined
      if (operation === 'TransactWriteItems') this.#lastTransactionAt = this.#time.now()
      for (const listener of this.#listeners) listener.written(items)
    }
    this.#onAnswered({ method: operation, path: happened ? pathOf(items) : '' }, process)
    return reply
  }

  #isNew({ ClientRequestToken: token }: CallRequest['input']): boolean {
    if (typeof token !== 'string') return true
    const isKnown = this.#tokens.has(token)
    this.#tokens.add(token)
    return !isKnown
  }

  #strike(request: CallRequest): Reply {
    const sinceMs = this.#time.now() - this.#lastTransactionAt
    const inPart = this.#inPart
    if (inPart === undefined || !READS_OF_MANY.has(request.operation) || sinceMs > inPart.withinMs)
      return this.world.attempt(request)
    if (this.#random.next() >= inPart.rate) return this.world.attempt(request)
    inPart.strike()
    // One millisecond before it nothing of it was there.
    const before = { service: 'dynamodb', operation: request.operation, staleForMs: sinceMs + 1, count: 1 }
    this.world.faults.add(before)
    return this.world.attempt({ ...request, input: inconsistent(request.input) })
  }

  #rows(): readonly Item[] {
    const dump = this.world.models.get('dynamodb')?.dump() ?? { rows: [] }
    const { rows } = dump as { readonly rows: readonly (readonly [string, { readonly item: Item }])[] }
    return rows.map(([, { item }]) => item)
  }

  /** As terraform/modules/state-table makes it. */
  #make(): void {
    const call = (operation: string, input: CallRequest['input']): void =>
      void this.world.call({ service: 'dynamodb', operation, input, region: REGION })
    const keys = ['pk', 'sk']
    call('CreateTable', {
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    })
    call('UpdateTimeToLive', {
      TableName: TABLE,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    })
  }
}

/** The items that a write puts or deletes; none of a read. */
function itemsOf(input: CallRequest['input']): readonly Item[] {
  const { Item: single, TransactItems: several = [] } = input as {
    readonly Item?: Item
    readonly TransactItems?: readonly {
      readonly Put?: { readonly Item: Item }
      readonly Delete?: { readonly Key: Item }
    }[]
  }
  if (single !== undefined) return [single]
  return several.map((write) => write.Put?.Item ?? write.Delete?.Key).filter((item) => item !== undefined)
}

const OTHERS: ReadonlySet<string> = new Set(['head', 'change'])

function pathOf(items: readonly Item[]): string {
  const item = items.find(({ pk }) => !OTHERS.has(pk?.S ?? ''))
  return `${item?.['pk']?.S ?? ''}/${item?.['sk']?.S ?? ''}`
}

/** The same read, of what may be older. */
function inconsistent(input: CallRequest['input']): CallRequest['input'] {
  const requests = input['RequestItems']
  if (typeof requests !== 'object' || requests === null) return { ...input, ConsistentRead: false }
  const relaxed = Object.entries(requests).map(([table, request]) => [
    table,
    { ...(request as object), ConsistentRead: false },
  ])
  return { ...input, RequestItems: Object.fromEntries(relaxed) as unknown }
}
