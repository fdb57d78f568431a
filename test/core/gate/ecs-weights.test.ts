import { describe, expect, it } from 'vitest'

import { hookPayload } from '../../../controller/core/gate/hook-payload.ts'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import type { DefaultedGate, GateStage } from '../../../controller/resources/generated/rollout.ts'
import { service } from '../rollout/only.ts'
import { AFTER, BEFORE, moving, nativeIn, seenNative, shift } from '../rollout/native.ts'

const told = (when: GateStage, observation: ReleaseObservation) => {
  const gate = { name: 'audit', when, lambda: { function: 'f' } } as unknown as DefaultedGate
  const payload = hookPayload(nativeIn('Verifying'), { gate, observation, details: {} })
  return (JSON.parse(payload) as { readonly executionDetails: Readonly<Record<string, unknown>> })
    .executionDetails
}

describe('what a function is told where ECS moves the traffic', () => {
  it('is the weights of ECS’s service revisions, as ECS tells its own hooks', () => {
    expect(told('Verify', seenNative(moving(), BEFORE))).toEqual({
      serviceArn: 'arn:service/mailer',
      testTrafficWeights: { 'arn:revision/2': 100 },
      productionTrafficWeights: { 'arn:revision/2': 0, 'arn:revision/1': 100 },
    })
    expect(told('Bake', seenNative(moving(), AFTER))).toMatchObject({
      testTrafficWeights: {},
      productionTrafficWeights: { 'arn:revision/2': 100 },
    })
  })

  it('is nothing that ECS has not said', () => {
    const unsaid = shift({ target: { ...shift().target, productionPercent: undefined }, sources: [] })
    expect(told('Verify', seenNative(moving(), unsaid))['productionTrafficWeights']).toEqual({})
    expect(told('Verify', seenNative(service()))).toMatchObject({
      testTrafficWeights: { 'arn:service/mailer': 100 },
      productionTrafficWeights: {},
    })
  })
})
