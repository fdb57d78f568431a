import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** I4 for environments: once another controller has the lease, the one before begins no write to AWS. */
export function checkLeases({ report }: CheckerParts): Checker {
  let holder = ''
  return {
    told(event, who) {
      if (event.type !== 'LeaseChanged' || !event.held) return
      holder = who.split(',')[0] ?? who
    },
    sent({ who, what }) {
      if (!what.startsWith('aws ') || holder === '' || who === holder) return
      report('I4', `${who} began ${what} after ${holder} had taken the lease`)
    },
  }
}
