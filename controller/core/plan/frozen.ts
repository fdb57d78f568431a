import type { RolloutCause } from '../../resources/generated/rollout.ts'
import { timestamp } from '../time.ts'
import type { Freeze } from '../freeze.ts'
import type { Decision, PlanInput } from './decision.ts'

export type Frozen = Extract<Decision, { kind: 'Frozen' }>

/** What a freeze leaves of the drift policy: unless every open window allows it, what people changed is only told. */
export const underFreeze = (input: PlanInput): PlanInput =>
  input.freeze === undefined || input.freeze.allowsCorrection
    ? input
    : {
        ...input,
        drift: { ...input.drift, service: told(input.drift.service), traffic: told(input.drift.traffic) },
      }

const told = (policy: PlanInput['drift']['service']): PlanInput['drift']['service'] =>
  policy === 'Correct' ? 'Alert' : policy

/** Why the freeze holds back what would be brought about for that cause; undefined where it may be. */
export function heldBack(input: PlanInput, why: RolloutCause): Frozen | undefined {
  const { freeze } = input
  if (freeze === undefined) return undefined
  if (why === 'Drift' && freeze.allowsCorrection) return undefined
  if (isWayBack(input, why) && freeze.allowsRollback) return undefined
  return frozen(freeze, heldWhat(input, why, freeze))
}

/** A freeze as a decision: what waits, and until when. */
export const frozen = (freeze: Freeze, what: string): Frozen => ({
  kind: 'Frozen',
  message: `${what}; ${freezeText(freeze)}`,
  until: freeze.until,
})

/** The open windows, and when they close, for people. */
export const freezeText = ({ windows, until }: Freeze): string =>
  `frozen by ${windows.join(', ')} ${
    until === undefined
      ? 'until spec.freeze is corrected: a window can’t be read'
      : `until ${timestamp(until)}`
  }`

/** Whether a person sends the release back to what was verified here before: by a pin, by the tag, or at once. */
function isWayBack({ desired, served }: PlanInput, why: RolloutCause): boolean {
  if (why !== desired.why && why !== 'Retry') return false
  return desired.goesBack === true || (desired.why === 'Tag' && served.has(desired.digest))
}

function heldWhat(input: PlanInput, why: RolloutCause, freeze: Freeze): string {
  if (isWayBack(input, why)) return 'no open window allows the way back'
  switch (why) {
    case 'Retry':
      return 'another try waits'
    case 'Restart':
      return 'the restart waits'
    default:
      return freeze.allowsRollback
        ? 'the new version waits; a person may go back to one that served'
        : 'the new version waits'
  }
}
