import type { Item } from '../../../controller/adapters/store/dynamodb/items.ts'
import { kinds } from '../../../controller/adapters/store/objects.ts'
import type { Kind, Store } from '../../../controller/ports/store.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** How often the copies are looked at, in milliseconds. */
const EVERY_MS = 5_000
/** So long after anything has come up or gone away they are left alone: a look must not make anybody read the table who would not have. */
const SETTLED_MS = 12_000

/** Of a table that controllers share: what each of them has in memory is what the table was at the version that it names. */
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
  return {
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

/** Which version each object had, by the version of the table. */
class History {
  /** By kind and name, in the order in which they were written; undefined: it was deleted. */
  readonly #writes = new Map<
    string,
    Map<string, { readonly at: number; readonly held: string | undefined }>
  >()

  written(items: readonly Item[]): void {
    const at = Number(items.find(({ pk }) => pk?.S === 'head')?.['version']?.N)
    if (Number.isNaN(at)) return
    for (const { pk, sk, version } of items) {
      const kind = pk?.S ?? ''
      if (!isKind(kind)) continue
      const ofKind = this.#writes.get(kind) ?? new Map<string, { at: number; held: string | undefined }>()
      this.#writes.set(kind, ofKind.set(sk?.S ?? '', { at, held: version?.N }))
    }
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
