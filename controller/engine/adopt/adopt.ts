import { describeMove, planAdoption } from '../../core/adopt.ts'
import type { Adoption, AdoptionRules, AdoptionWishes, Move } from '../../core/adopt.ts'
import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { AdoptionConnections } from './look.ts'
import { lookAt } from './look.ts'
import { makeMove } from './make-move.ts'

export interface Adopting {
  readonly connections: AdoptionConnections
  readonly clock: Clock
  readonly wishes: AdoptionWishes
  readonly rules: AdoptionRules
}

/** How the moves go. */
export interface Making {
  /** Asked before each move; false ends it there, and nothing is lost by that. */
  readonly agrees: (move: Move) => Promise<boolean>
  /** Told of each move that was made and seen. */
  readonly made: (move: Move, requestId: string | undefined) => void
  readonly signal: AbortSignal
}

/** Looks at the service and says what it takes to adopt it. Writes nothing. */
export async function planned({ connections, wishes, rules }: Adopting): Promise<Adoption> {
  return planAdoption(await lookAt(connections, wishes), wishes, rules)
}

/** One for each rule and five more, and then some: a load balancer has a hundred rules. */
const MOST_MOVES = 200

/**
 * Makes the moves that are left, one after the other, each decided on a fresh look: it can be repeated after a crash at any point. Resolves to what is left
 * where somebody said no.
 */
export async function adopt(adopting: Adopting, making: Making): Promise<Adoption> {
  let adoption = await planned(adopting)
  for (let count = 0; count < MOST_MOVES; count += 1) {
    const [move] = adoption.moves
    if (move === undefined || making.signal.aborted || !(await making.agrees(move))) return adoption
    const fresh = await planned(adopting)
    if (!isSame(fresh.moves[0], move)) {
      if (fresh.refusals.length > 0) throw turned(fresh, describeMove(move))
      adoption = fresh
      continue
    }
    const { requestId } = await makeMove(move, adopting.connections)
    adoption = await seen(adopting, move, making.signal)
    making.made(move, requestId)
  }
  throw new Error(`an adoption made ${MOST_MOVES} moves without an end`)
}

/** A person may think for long: what was changed meanwhile is told and asked for anew. */
const isSame = (one: Move | undefined, other: Move): boolean => JSON.stringify(one) === JSON.stringify(other)

const LOOK_EVERY_MS = 500
/** Reads are eventually consistent: no change was seen to take longer. */
const LOOKS = 120

/** Looks until the move is not left to be done any more. */
async function seen(adopting: Adopting, move: Move, signal: AbortSignal): Promise<Adoption> {
  const line = describeMove(move)
  for (let look = 0; look < LOOKS; look += 1) {
    const adoption = await planned(adopting)
    if (adoption.refusals.length > 0) throw turned(adoption, line)
    if (!adoption.moves.some((left) => describeMove(left) === line)) return adoption
    await adopting.clock.sleep(LOOK_EVERY_MS, signal)
  }
  throw new PortError(`AWS does not show it yet: ${line}`, {
    code: 'NotSeen',
    handling: 'wait',
    remedy: 'ask again: what was done stays done',
  })
}

const turned = ({ refusals: [refusal] }: Adoption, line: string): PortError =>
  new PortError(`at "${line}": ${refusal?.message ?? ''}`, {
    code: refusal?.code ?? 'Refused',
    handling: 'stall',
    remedy: refusal?.remedy ?? '',
  })
