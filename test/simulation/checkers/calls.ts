import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** So many AWS calls a release by blue/green may take. */
const MOST_CALLS = 25

/** Where nothing goes wrong, a release takes few calls; the same question asked again while nothing was written is waiting, and does not count. */
export function checkCalls({ simulation, report }: CheckerParts): Checker {
  const isCalm = simulation.story.happenings.every(({ kind }) => kind === 'push')
  const isAlone = simulation.story.releases.length === 1
  if (!isCalm || !isAlone) return {}
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
      if (event.type === 'RolloutStarted') {
        calls = 0
        asked = new Set()
      }
      if (event.type === 'RolloutFinished' && event.outcome === 'Succeeded' && calls > MOST_CALLS)
        report('calls', `${event.rollout} took ${calls} calls to AWS`)
    },
  }
}
