import { otherSide } from '../observation.ts'
import { takesTraffic } from '../rollout/traffic.ts'
import { isWarm } from './corrections.ts'
import type { Decision, PlanInput } from './decision.ts'
import { unseen } from './decision.ts'
import { made } from './made.ts'

/**
 * The end of the old side's warm time where nobody can say what is wanted (a rewound branch, a missing pin or image): it is the last rollout's own promise,
 * for which nothing has to be read from git. Undefined where there is nothing to look at or to do.
 */
export function endOfWarmSide(
  input: Pick<
    PlanInput,
    'last' | 'status' | 'observation' | 'now' | 'mayWrite' | 'pollMs' | 'stalenessBoundMs' | 'ledSince'
  >,
): Extract<Decision, { kind: 'Look' | 'Act' }> | undefined {
  const { last, status, observation, mayWrite } = input
  const isDue = last?.status.phase === 'Succeeded' && status.keepPreviousUntil !== undefined
  if (last === undefined || !isDue || !mayWrite || isWarm(input)) return undefined
  const { side } = last.spec.to
  if (side === undefined) return undefined
  const idle = otherSide(side)
  const decision =
    unseen(input, ['services', 'rules']) ?? toZero(input, idle, observation.sides[idle].service)
  return decision?.kind === 'Look' || decision?.kind === 'Act' ? decision : undefined
}

/** When the warm side goes to zero, if it is warm: in how many milliseconds. */
export function untilCold({ last, now }: Pick<PlanInput, 'last' | 'now'>): number | undefined {
  const until = last?.status.keepPreviousUntil
  if (until === undefined) return undefined
  const remaining = Date.parse(until) - now
  return remaining > 0 ? remaining : undefined
}

function toZero(
  input: Parameters<typeof endOfWarmSide>[0],
  side: 'blue' | 'green',
  service: PlanInput['observation']['sides']['blue']['service'],
): Decision | undefined {
  if (service?.status !== 'ACTIVE' || service.desiredCount === 0 || takesTraffic(input.observation, side))
    return undefined
  return made(input, {
    action: { kind: 'ScaleService', side, desiredCount: 0 },
    before: String(service.desiredCount),
    drift: false,
  })
}
