import { shardOf } from '../../../controller/core/shards.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** I4 for environments: once another controller has the lease, the one before begins no write to AWS. */
export function checkLeases({ simulation, report }: CheckerParts): Checker {
  const shard = shardOf(ENVIRONMENT, simulation.machine.shards)
  let holder = ''
  return {
    told(event, who) {
      if (event.type !== 'LeaseChanged' || !event.held || event.lease !== shard) return
      holder = who.split(',')[0] ?? who
    },
    sent({ who, what }) {
      if (!what.startsWith('aws ') || holder === '' || who === holder) return
      report('I4', `${who} began ${what} after ${holder} had taken the lease`)
    },
  }
}
