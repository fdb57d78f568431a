import { dimensionOf } from '../../../controller/core/gate/side-placeholders.ts'
import { SHARE_GATE } from '../run/outside-gates.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** Two whole periods, and what AWS's answers may lie behind: whoever was measured for so long has data. */
const HAS_DATA_AFTER_MS = 240_000

/** I8: no version fails for want of data about a side that was measured all the time. */
export function checkMetricGates({ simulation, report }: CheckerParts): Checker {
  const { machine, pairs, story, time } = simulation
  if (story.gates !== 'outside') return {}
  /** By target group, as CloudWatch calls it: since when it has been measured, and when it was last. */
  const measured = new Map<string, { readonly since: number; readonly last: number }>()
  return {
    afterCall({ operation, input }, _reply, happened) {
      if (operation !== 'PutMetricData' || !happened) return
      const [datum] = input['MetricData'] as readonly {
        readonly Dimensions: readonly { readonly Value: string }[]
      }[]
      const group = datum?.Dimensions[0]?.Value ?? ''
      const now = time.now()
      const before = measured.get(group)
      const isInARow = before !== undefined && now - before.last < IN_A_ROW_MS
      measured.set(group, { since: isInARow ? before.since : now, last: now })
    },
    told(event) {
      if (event.type !== 'GateFinished' || event.gate !== SHARE_GATE) return
      if (event.result !== 'Inconclusive' || !event.message.includes('CloudWatch has no data')) return
      const rollout = storedRollouts(machine, event.release).find(({ name }) => name === event.rollout)
      const pair = pairs.find(({ release }) => release === event.release)
      const side = rollout?.spec.to.side
      if (side === undefined || pair === undefined) return
      const seen = measured.get(dimensionOf(pair.targetGroups[side]))
      if (seen === undefined || seen.last - seen.since < HAS_DATA_AFTER_MS) return
      if (time.now() - seen.last < IN_A_ROW_MS)
        report('I8', `${event.rollout} failed for want of data, though its side was measured all the time`)
    },
  }
}

const IN_A_ROW_MS = 30_000
