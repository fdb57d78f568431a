import { shardOf } from '../../../controller/core/shards.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** So soon after a crash another one leads, in milliseconds. */
const HAND_OVER_MS = 15_000

/** I5 for controllers that share a store: where nobody leads, and one of them could while nothing goes wrong, it soon does. */
export function checkHandOver({ simulation, report }: CheckerParts): Checker {
  const { time, seats, machine, story } = simulation
  if (story.store === undefined) return {}
  const shard = shardOf(ENVIRONMENT, machine.shards)
  let holder: SimulatedProcess | undefined
  let before = ''
  let sinceMs = 0
  const canAct = (process: SimulatedProcess | undefined): boolean =>
    process?.isRunning === true && !process.isCutOff
  return {
    told(event, who) {
      if (event.type !== 'LeaseChanged' || event.lease !== shard) return
      const teller = seats.find(({ name }) => who.startsWith(`${name},`))?.process
      if (event.held) holder = teller
      else if (holder === teller) holder = undefined
    },
    stepped() {
      const isLed = canAct(holder)
      // Whatever comes up anew is given its time anew.
      const now = seats.map((seat) => `${seat.lives}${canAct(seat.process) ? '+' : '-'}`).join(' ')
      const state = `${now} ${isLed} ${simulation.isStoreCalm}`
      if (state !== before) sinceMs = time.elapsed()
      before = state
      const couldLead = simulation.isStoreCalm && seats.some(({ process }) => canAct(process))
      if (isLed || !couldLead || time.elapsed() - sinceMs <= HAND_OVER_MS) return
      report('I5', `nobody has led for ${Math.round((time.elapsed() - sinceMs) / 1_000)} s (${now})`)
      sinceMs = time.elapsed()
    },
  }
}
