import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** I4 for environments: after another controller wrote, the one before makes at most the one write that was in flight. */
export function checkLeases({ report }: CheckerParts): Checker {
  /** By controller, how many writes it made since another one began to write. */
  const outdated = new Map<string, number>()
  let leader = ''
  return {
    afterCall(call, _reply, happened) {
      if (!call.writes || !happened || call.who === 'people') return
      const { who } = call
      if (who === leader) return
      const since = outdated.get(who)
      if (since === undefined) {
        if (leader !== '') outdated.set(leader, 0)
        leader = who
        return
      }
      outdated.set(who, since + 1)
      if (since + 1 > 1) report('I4', `${who} wrote ${since + 1} times after ${leader} took over`)
    },
  }
}
