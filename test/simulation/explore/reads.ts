import { canonicalJson } from '../../../controller/core/canonical-json.ts'
import { AwsError } from '../../../controller/sandbox/kernel/error.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Simulation } from '../run/simulation.ts'

/** A read of AWS by the controller. */
export interface Read {
  readonly operation: string
  /** How far behind an answer may lie, in milliseconds, so that it is another one than the present one: one age for each different answer. */
  readonly ages: readonly number[]
}

/** AWS promises nothing, and has been seen to lie so far behind. */
const OLDEST_MS = 30_000
/** Ages that are looked at, beside the one just before the newest change. */
const AGES_MS = [1_000, 10_000, OLDEST_MS]
/** In such steps the newest change is looked for, before it is found to the millisecond. */
const STEP_MS = 1_000

/** Collects the controller's reads from now on, and for each what an older answer would be. */
export function collectReads(simulation: Simulation): readonly Read[] {
  const reads: Read[] = []
  simulation.aws.listen({
    beforeCall(call) {
      if (call.writes || call.who === 'people') return
      reads.push({ operation: call.operation, ages: agesOf(simulation, call) })
    },
  })
  return reads
}

function agesOf(simulation: Simulation, call: AwsCall): number[] {
  const present = answerOf(simulation, call, 0)
  const oldestMs = Math.min(OLDEST_MS, simulation.time.elapsed())
  const seen = new Set([present])
  const newest = newestChange((ageMs) => answerOf(simulation, call, ageMs) !== present, oldestMs)
  if (newest === undefined) return []
  return [newest, ...AGES_MS].filter((ageMs) => {
    if (ageMs > oldestMs) return false
    const answer = answerOf(simulation, call, ageMs)
    if (seen.has(answer)) return false
    seen.add(answer)
    return true
  })
}

/** The smallest age at which the answer differs, to the millisecond. */
function newestChange(differs: (ageMs: number) => boolean, oldestMs: number): number | undefined {
  let same = 0
  let other: number | undefined
  for (let ageMs = Math.min(STEP_MS, oldestMs); ageMs > same; ageMs = Math.min(ageMs + STEP_MS, oldestMs)) {
    if (differs(ageMs)) {
      other = ageMs
      break
    }
    same = ageMs
  }
  if (other === undefined) return undefined
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2)
    if (differs(middle)) other = middle
    else same = middle
  }
  return other
}

/** What AWS would answer when it lay so far behind. Reads change nothing, so that it may be asked as often as one likes. */
function answerOf(
  { aws: { world } }: Simulation,
  { service, operation, input }: AwsCall,
  ageMs: number,
): string {
  const now = world.clock.now()
  const { region, accountId } = world.settings
  try {
    const output = world.models.get(service)?.operations[operation]?.handle(input, {
      now,
      region,
      accountId,
      read: (table) => (ageMs === 0 ? table : table.asOf(now - ageMs)),
    })
    return canonicalJson(output)
  } catch (error) {
    if (error instanceof AwsError) return error.code
    throw error
  }
}
