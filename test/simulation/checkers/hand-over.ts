import { shardOf } from '../../../controller/core/shards.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** So soon after a crash another one leads, in milliseconds. */
const HAND_OVER_MS = 15_000
/** Where answers were lost, the last one is waited for at first: so long until a controller gives it up and asks anew. */
const LOST_ANSWER_MS = 5_000

/** I5 for controllers that share a table or a cluster: where one of them could lead while nothing goes wrong, the lease is soon renewed or taken. */
export function checkHandOver({ simulation, report }: CheckerParts): Checker {
  const { time, seats, machine } = simulation
  const { table, cluster } = machine
  if (table === undefined && cluster === undefined) return {}
  const shard = shardOf(ENVIRONMENT, machine.shards)
  let before = ''
  let lostAnswers = 0
  let sinceMs = 0
  table?.listen({
    written(items) {
      if (items.some(({ pk, sk }) => pk?.S === 'lease' && sk?.S === shard)) sinceMs = time.elapsed()
    },
  })
  cluster?.listen(({ kind }) => {
    if (kind.kind === 'Lease') sinceMs = time.elapsed()
  })
  return {
    stepped() {
      const isAble = seats.map(({ process }) => process?.isRunning === true && !process.isCutOff)
      const isCalm = simulation.isStoreThere && table?.isCalm !== false && cluster?.isCalm !== false
      // Whoever comes up anew is given its time anew.
      const now = `${seats.map(({ lives }, index) => `${lives}${isAble[index] === true ? '+' : '-'}`).join(' ')} ${isCalm}`
      const silent = seats.filter(({ process }) => process?.isCutOff === true).length + (isCalm ? 0 : 1)
      if (now !== before) sinceMs = time.elapsed() + (silent < lostAnswers ? LOST_ANSWER_MS : 0)
      before = now
      lostAnswers = silent
      const silentMs = time.elapsed() - sinceMs
      if (!isAble.includes(true) || !isCalm || silentMs <= HAND_OVER_MS) return
      report('I5', `nobody has kept or taken the lease for ${Math.round(silentMs / 1_000)} s`)
      sinceMs = time.elapsed()
    },
  }
}
