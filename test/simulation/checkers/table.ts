import type { Item } from '../../../controller/adapters/store/dynamodb/items.ts'
import { shardOf } from '../../../controller/core/shards.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** Of the table that controllers share: its changes have one order, and nothing is stored under a lease that has another holder by now (I4). */
export function checkTable({ simulation, report }: CheckerParts): Checker {
  const { table, shards } = simulation.machine
  if (table === undefined) return {}
  const shard = shardOf(ENVIRONMENT, shards)
  let newest = 0
  table.listen({
    written(items) {
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
