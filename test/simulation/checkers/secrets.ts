import { SECRET } from '../process/life.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './checkers.ts'

/** I9: the credentials' secret appears in nothing that is told or stored. */
export function checkSecrets({ simulation, report }: CheckerParts): Checker {
  return {
    told(event) {
      const texts = Object.values(event).filter((value) => typeof value === 'string')
      if (texts.some((text) => text.includes(SECRET))) report('I9', `the secret is in a ${event.type}`)
    },
    rested() {
      if (simulation.trace.entries.some(({ what }) => what.includes(SECRET)))
        report('I9', 'the secret is in the trace')
    },
  }
}
