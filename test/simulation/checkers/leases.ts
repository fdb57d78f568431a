import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** I4 for environments: once another controller has the lease, the one before begins at most the one write that it had just decided on. */
export function checkLeases({ report }: CheckerParts): Checker {
  let holder = ''
  /** By controller, how many writes it began since another one took the lease. */
  const begun = new Map<string, number>()
  return {
    told(event, who) {
      if (event.type !== 'LeaseChanged' || !event.held) return
      const seat = who.split(',')[0] ?? who
      if (seat !== holder) begun.clear()
      holder = seat
    },
    sent({ who, what }) {
      if (what.startsWith('store ') || holder === '' || who === holder) return
      const count = (begun.get(who) ?? 0) + 1
      begun.set(who, count)
      if (count > 1)
        report('I4', `${who} began ${count} writes (${what}) after ${holder} had taken the lease`)
    },
  }
}
