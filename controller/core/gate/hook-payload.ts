import { gateStage } from '../../resources/gates.ts'
import type { DefaultedGate, GateStage } from '../../resources/generated/rollout.ts'
import type { ReleaseObservation } from '../observation.ts'
import { otherSide, seenAt } from '../observation.ts'
import type { RolloutState } from '../rollout/state.ts'
import { targetPlace } from '../rollout/state.ts'
import { rolloutFacts } from './webhook-body.ts'

/** The stages of a gate as ECS calls them. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html */
const LIFECYCLE_STAGES: Readonly<Record<GateStage, string>> = {
  BeforeProvision: 'PRE_SCALE_UP',
  Verify: 'POST_TEST_TRAFFIC_SHIFT',
  BeforeShift: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
  Shift: 'PRODUCTION_TRAFFIC_SHIFT',
  Bake: 'POST_PRODUCTION_TRAFFIC_SHIFT',
  AfterSuccess: 'POST_PRODUCTION_TRAFFIC_SHIFT',
  BeforeRollback: 'PRODUCTION_TRAFFIC_SHIFT',
}

interface AskedHook {
  readonly gate: DefaultedGate
  readonly observation: ReleaseObservation
}

/** What a function is given, as JSON: what ECS gives to its hooks, and beside it the rollout. */
export const hookPayload = (
  rollout: RolloutState,
  asked: AskedHook & { readonly details: Readonly<Record<string, unknown>> },
): string =>
  JSON.stringify({
    ...hookFacts(rollout, asked),
    hookDetails: asked.details,
    steersman: rolloutFacts(rollout, asked.gate.name),
  })

/** What a receiver is told that calls back, as JSON: the rollout, and beside it what ECS gives to its hooks. */
export const callbackBody = (rollout: RolloutState, asked: AskedHook): string =>
  JSON.stringify({ ...rolloutFacts(rollout, asked.gate.name), ...hookFacts(rollout, asked) })

/**
 * The members that ECS gives to its hooks, as far as there is something to put there. ECS names service revisions in the weights, for a pair they are services. The
 * same executionId comes with each question of one gate of one rollout.
 */
function hookFacts(rollout: RolloutState, { gate, observation }: AskedHook): object {
  const serviceArn = seenAt(observation, targetPlace(rollout)).service?.arn
  const stage = gateStage(gate)
  const isOnTest = stage === 'Verify' || stage === 'BeforeShift'
  return {
    executionId: `${rollout.name}/${gate.name}`,
    lifecycleStage: LIFECYCLE_STAGES[stage],
    resourceArn: serviceArn,
    executionDetails: {
      serviceArn,
      testTrafficWeights: isOnTest && serviceArn !== undefined ? testWeights(serviceArn, observation) : {},
      productionTrafficWeights: productionWeights(rollout, observation),
    },
  }
}

/** Where ECS moves the traffic its service revisions stand there, as ECS itself names them. */
function testWeights(serviceArn: string, { only }: ReleaseObservation): Readonly<Record<string, number>> {
  return { [only?.deployment?.target.arn ?? serviceArn]: 100 }
}

function ownWeights({ only }: ReleaseObservation): Readonly<Record<string, number>> {
  const { deployment } = only ?? {}
  const revisions = deployment ? [deployment.target, ...deployment.sources] : []
  return Object.fromEntries(
    revisions.flatMap(({ arn, productionPercent }) =>
      productionPercent === undefined ? [] : [[arn, productionPercent] as const],
    ),
  )
}

function productionWeights(
  { spec, status }: RolloutState,
  observation: ReleaseObservation,
): Readonly<Record<string, number>> {
  if (spec.to.side === undefined) return ownWeights(observation)
  const { sides: seen } = observation
  const weights = [spec.to.side, otherSide(spec.to.side)].flatMap((side) => {
    const arn = seen[side].service?.arn
    const weight = status.weights?.[side]
    return arn === undefined || weight === undefined ? [] : [[arn, weight] as const]
  })
  return Object.fromEntries(weights)
}
