import { leaseIn } from '../../../controller/adapters/store/dynamodb/items.ts'
import type { Item } from '../../../controller/adapters/store/dynamodb/items.ts'
import { kinds } from '../../../controller/adapters/store/objects.ts'
import type { Kind, Lease, Store } from '../../../controller/ports/store.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** How often the copies are looked at, in milliseconds. */
const EVERY_MS = 5_000
/** So long after anything has come up or gone away they are left alone: a look must not make anybody read the table who would not have. */
const SETTLED_MS = 12_000

/**
 * Of a table that controllers share: what each of them has in memory is what the table was at the version that it names, and whoever takes a lease has all that
 * was written before it (I4).
 */
export function checkCopies({ simulation, report }: CheckerParts): Checker {
  const { time, seats, machine } = simulation
  const { table } = machine
  if (table === undefined) return {}
  const history = new History()
  table.listen(history)
  let before = ''
  let nextMs = 0
  const look = async (who: string, store: Store): Promise<void> => {
    for (const kind of kinds) {
      const { items, resourceVersion } = await store.list(kind)
      const copy = new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]))
      for (const { name, held } of history.settledAt(kind, Number(resourceVersion)))
        if (copy.get(name) !== held)
          report(
            'store',
            `${who} has ${kind} ${name} of version ${copy.get(name) ?? 'none'} at version ${resourceVersion} of the table, which has ${held ?? 'none'}`,
          )
    }
  }
  const taken = async (who: string, store: Store, { lease, epoch }: Taken): Promise<void> => {
    const { resourceVersion } = await store.list('Environment')
    const wanted = history.versionAt(lease, epoch)
    if (Number(resourceVersion) < wanted)
      report(
        'I4',
        `${who} leads ${lease} on version ${resourceVersion} of the table, which had ${wanted} as it took the lease`,
      )
  }
  const told = new Set<string>()
  return {
    told(event, who) {
      if (event.type !== 'LeaseChanged' || !event.held || told.has(`${event.lease} ${event.epoch}`)) return
      told.add(`${event.lease} ${event.epoch}`)
      const life = seats.find(({ name }) => who.startsWith(`${name},`))?.life
      if (life !== undefined) void taken(who, life.store, event).catch(() => undefined)
    },
    stepped() {
      const now = `${seats.map(({ lives, process }) => `${lives}${process?.isRunning === true && !process.isCutOff}`).join(' ')} ${simulation.isStoreThere}`
      if (now !== before) nextMs = time.elapsed() + SETTLED_MS
      before = now
      if (!simulation.isStoreThere || time.elapsed() < nextMs) return
      nextMs = time.elapsed() + EVERY_MS
      for (const { name, life, process } of seats)
        if (life !== undefined && process?.isRunning === true && !process.isCutOff)
          void look(name, life.store).catch((error: unknown) =>
            report('store', `${name} cannot read its copy of the table: ${String(error)}`),
          )
    },
  }
}

interface Taken {
  readonly lease: string
  readonly epoch: number
}

/** Which version each object had, by the version of the table. */
class History {
  /** By kind and name, in the order in which they were written; undefined: it was deleted. */
  readonly #writes = new Map<
    string,
    Map<string, { readonly at: number; readonly held: string | undefined }>
  >()

  #version = 0
  /** The version of the table as a lease began, by its name and epoch. */
  readonly #taken = new Map<string, number>()

  written(items: readonly Item[]): void {
    for (const item of items) if (item['pk']?.S === 'lease') this.#leaseWritten(leaseIn(item).lease)
    const at = Number(items.find(({ pk }) => pk?.S === 'head')?.['version']?.N)
    if (Number.isNaN(at)) return
    this.#version = at
    for (const { pk, sk, version } of items) {
      const kind = pk?.S ?? ''
      if (!isKind(kind)) continue
      const ofKind = this.#writes.get(kind) ?? new Map<string, { at: number; held: string | undefined }>()
      this.#writes.set(kind, ofKind.set(sk?.S ?? '', { at, held: version?.N }))
    }
  }

  /** What the version of the table was as a lease of that epoch was taken; 0 where nobody has. */
  versionAt(lease: string, epoch: number): number {
    return this.#taken.get(`${lease} ${epoch}`) ?? 0
  }

  #leaseWritten({ name, epoch }: Lease): void {
    const key = `${name} ${epoch}`
    if (!this.#taken.has(key)) this.#taken.set(key, this.#version)
  }

  /** What the table had at that version of those objects that were not changed later on: of others a copy may have either. */
  settledAt(
    kind: Kind,
    tableVersion: number,
  ): readonly { readonly name: string; readonly held: string | undefined }[] {
    const writes = [...(this.#writes.get(kind) ?? [])]
    return writes.filter(([, { at }]) => at <= tableVersion).map(([name, { held }]) => ({ name, held }))
  }
}

const isKind = (kind: string): kind is Kind => kinds.some((known) => known === kind)
