import { timestamp } from '../../time.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter } from '../state.ts'
import { fixedBy, missingOnly, onlyOf } from './bring.ts'

/** The last look before the one service is touched: until then a newer version takes over at once, and nothing has to be given back. */
export function onlyProvisioning(input: StepInput): PhaseResult {
  const look = missingOnly(input) ?? fixedBy(input)
  if (look !== undefined) return look
  const { rollout, now } = input
  const { service } = onlyOf(input)
  const begun = {
    ...rollout.status,
    shiftedAt: timestamp(now),
    deploymentsBefore: (service?.deployments ?? []).map(({ id }) => id).slice(0, MOST_DEPLOYMENTS),
    ...(service === null ? {} : { originCount: service.desiredCount }),
  }
  return { kind: 'Again', status: enter(begun, 'Shifting', now) }
}

/** As the schema of a Rollout has it. */
const MOST_DEPLOYMENTS = 50
