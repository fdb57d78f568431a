import { shardOf } from '../../../controller/core/shards.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** So many AWS calls a release of one rule by blue/green may take. */
const MOST_CALLS = 25
/** And for each further rule, and each of them at each further step: a write, its read-back, and a look at both sides before and after. */
const MOST_CALLS_A_MOVE = 9

/** Where nothing goes wrong, a release takes few calls, counted from when a controller takes it over from another one; the same question asked again while nothing was written is waiting, and does not count. */
export function checkCalls({ simulation, report }: CheckerParts): Checker {
  const isCalm = simulation.story.happenings.every(({ kind }) => kind === 'push')
  const isAlone = simulation.story.releases.length === 1
  if (!isCalm || !isAlone) return {}
  const shard = shardOf(ENVIRONMENT, simulation.machine.shards)
  let calls = 0
  let asked = new Set<string>()
  return {
    afterCall({ who, operation, input, writes }) {
      if (who === 'people') return
      const question = `${operation} ${JSON.stringify(input)}`
      if (!asked.has(question)) calls += 1
      if (writes) asked = new Set()
      else asked.add(question)
    },
    told(event) {
      const isTakenOver = event.type === 'LeaseChanged' && event.held && event.lease === shard
      if (event.type === 'RolloutStarted' || isTakenOver) {
        calls = 0
        asked = new Set()
      }
      if (event.type !== 'RolloutFinished' || event.outcome !== 'Succeeded') return
      const rollout = storedRollouts(simulation.machine).find(({ name }) => name === event.rollout)
      const moves = (rollout?.status.steps ?? 1) * (rollout?.spec.traffic?.rules.length ?? 1)
      if (calls > MOST_CALLS + (moves - 1) * MOST_CALLS_A_MOVE)
        report('calls', `${event.rollout} took ${calls} calls to AWS`)
    },
  }
}
