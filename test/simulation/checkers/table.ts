import { leaseIn } from '../../../controller/adapters/store/dynamodb/items.ts'
import type { Item, LeaseItem } from '../../../controller/adapters/store/dynamodb/items.ts'
import { shardOf } from '../../../controller/core/shards.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/**
 * Of the table that controllers share: its changes have one order, nothing is stored under a lease that has another holder by now, and no lease is taken from
 * a holder who may still believe in it (I4).
 */
export function checkTable({ simulation, report }: CheckerParts): Checker {
  const { table, shards, isApart } = simulation.machine
  if (table === undefined) return {}
  const { time } = simulation
  const leases = new Map<string, { readonly item: LeaseItem; readonly atMs: number }>()
  // Nobody can know more of a holder than since when it is silent: whoever took the lease sooner has guessed.
  const leaseWritten = (item: LeaseItem): void => {
    const { name, epoch, holder } = item.lease
    const last = leases.get(name)
    leases.set(name, { item, atMs: time.elapsed() })
    if (last === undefined) return
    const { lease, released } = last.item
    if (epoch < lease.epoch) report('I4', `the lease ${name} went back from epoch ${lease.epoch} to ${epoch}`)
    const silentMs = time.elapsed() - last.atMs
    const lastsMs = lease.expiresAt - lease.renewedAt
    if (isApart && !released && holder.instance !== lease.holder.instance && silentMs < lastsMs)
      report(
        'I4',
        `${holder.instance} took the lease ${name} ${silentMs} ms after ${lease.holder.instance} renewed it`,
      )
  }
  const shard = shardOf(ENVIRONMENT, shards)
  let newest = 0
  table.listen({
    written(items) {
      for (const item of items) if (item['pk']?.S === 'lease') leaseWritten(leaseIn(item))
      const head = numberIn(
        items.find(({ pk }) => pk?.S === 'head'),
        'version',
      )
      if (head === undefined) return
      if (head !== newest + 1) report('store', `version ${head} of the table comes after ${newest}`)
      newest = head
      const held = numberIn(
        table.items('lease').find(({ sk }) => sk?.S === shard),
        'epoch',
      )
      for (const item of items) {
        const epoch = numberIn(item, 'epoch')
        if (epoch !== undefined && epoch !== held)
          report('I4', `${nameOf(item)} is stored under epoch ${epoch} of the lease, which has ${held}`)
      }
    },
  })
  return {}
}

const nameOf = ({ pk, sk }: Item): string => `${pk?.S ?? ''} ${sk?.S ?? ''}`

function numberIn(item: Item | undefined, name: string): number | undefined {
  const value = item?.[name]?.N
  return value === undefined ? undefined : Number(value)
}
