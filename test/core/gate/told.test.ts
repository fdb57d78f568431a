import { describe, expect, it } from 'vitest'

import {
  callbackOf,
  callbackPath,
  callbackToken,
  isCallbackToken,
} from '../../../controller/core/gate/callback.ts'
import { callbackBody, hookPayload } from '../../../controller/core/gate/hook-payload.ts'
import { webhookBody } from '../../../controller/core/gate/webhook-body.ts'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { DefaultedGate, GateStage, RolloutStatus } from '../../../controller/resources/types.ts'
import { blank } from '../../support/release-controller.ts'
import { smokeGate } from '../../support/release-fixtures.ts'
import { service, spec as onlySpec } from '../rollout/only.ts'
import { all, ready } from '../rollout/ready.ts'

const { http: _http, ...plain } = smokeGate
const hook = (when: GateStage): DefaultedGate => ({
  ...plain,
  name: 'audit',
  when,
  lambda: { function: 'f' },
})

const world = ready()
const pair = (status: RolloutStatus = { weights: { blue: 25, green: 75 } }): RolloutState => ({
  ...world.rollout,
  status,
})
const seen = world.controller.world.look(blank, all)
const only: RolloutState = { name: 'prod-mailer-2', spec: onlySpec(), status: {} }
const onlySeen: ReleaseObservation = {
  ...blank,
  only: { service: service(), targetGroup: null, members: undefined },
  seen: ['services'],
}

interface Told {
  readonly executionId: string
  readonly lifecycleStage: string
  readonly resourceArn?: string
  readonly hookDetails?: unknown
  readonly gate?: string
  readonly steersman?: { readonly gate: string; readonly metadata: { readonly name: string } }
  readonly executionDetails: {
    readonly serviceArn?: string
    readonly testTrafficWeights: object
    readonly productionTrafficWeights: object
  }
}

const payload = (rollout: RolloutState, observation: ReleaseObservation, when: GateStage = 'Verify'): Told =>
  JSON.parse(hookPayload(rollout, { gate: hook(when), observation, details: { run: 7 } })) as Told

describe('the token of a callback', () => {
  const callback = callbackOf({ name: 'prod-web-2', spec: { digest: 'content-2' } }, 'audit')
  const token = callbackToken(callback, 'secret')

  it('is good for its own gate, rollout and content', () => {
    expect(callback).toEqual({ rollout: 'prod-web-2', gate: 'audit', digest: 'content-2' })
    expect(callbackPath(callback)).toBe('/api/v1/rollouts/prod-web-2/gates/audit')
    expect(isCallbackToken(token, callback, 'secret')).toBe(true)
  })

  it.each([
    ['another gate', { ...callback, gate: 'other' }, 'secret', token],
    ['another rollout', { ...callback, rollout: 'prod-web-3' }, 'secret', token],
    ['a rollout of the same name with other content', { ...callback, digest: 'content-1' }, 'secret', token],
    ['who has another secret', callback, 'other secret', token],
    ['who was given a part of it', callback, 'secret', token.slice(1)],
    ['who was given nothing', callback, 'secret', ''],
  ])('is not good for %s', (_title, what, secret, given) => {
    expect(isCallbackToken(given, what, secret)).toBe(false)
  })
})

describe('a function that is asked', () => {
  it.each<readonly [GateStage, string]>([
    ['BeforeProvision', 'PRE_SCALE_UP'],
    ['Verify', 'POST_TEST_TRAFFIC_SHIFT'],
    ['BeforeShift', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
    ['Shift', 'PRODUCTION_TRAFFIC_SHIFT'],
    ['Bake', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    ['AfterSuccess', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    ['BeforeRollback', 'PRODUCTION_TRAFFIC_SHIFT'],
  ])('at %s is told the stage %s of ECS', (when, stage) => {
    expect(payload(pair(), seen, when).lifecycleStage).toBe(stage)
  })

  it('is told the service that gets the new version, its own details and the rollout', () => {
    const told = payload(pair(), seen)
    expect(told).toMatchObject({
      executionId: `${world.rollout.name}/audit`,
      resourceArn: 'arn:service/web-blue',
      hookDetails: { run: 7 },
      executionDetails: { serviceArn: 'arn:service/web-blue' },
    })
    expect(told.steersman).toMatchObject({ gate: 'audit', metadata: { name: world.rollout.name } })
  })

  it.each<readonly [GateStage, object]>([
    ['BeforeProvision', {}],
    ['Verify', { 'arn:service/web-blue': 100 }],
    ['BeforeShift', { 'arn:service/web-blue': 100 }],
    ['Bake', {}],
  ])('at %s is told what the test rule reaches: %j', (when, weights) => {
    expect(payload(pair(), seen, when).executionDetails.testTrafficWeights).toEqual(weights)
  })

  it('is told the weights of both sides, as far as each has a service and a weight', () => {
    const weightsOf = (rollout: RolloutState, observation = seen): object =>
      payload(rollout, observation).executionDetails.productionTrafficWeights
    const both = { 'arn:service/web-blue': 25, 'arn:service/web-green': 75 }
    expect(weightsOf(pair())).toEqual(both)
    expect(weightsOf(pair({}))).toEqual({})
    const green = { ...seen.sides.green, service: null }
    expect(weightsOf(pair(), { ...seen, sides: { ...seen.sides, green } })).toEqual({
      'arn:service/web-blue': 25,
    })
  })

  it('is told of no service before there is one', () => {
    const told = payload(pair(), blank)
    expect(told).not.toHaveProperty('resourceArn')
    expect(told.executionDetails).toEqual({ testTrafficWeights: {}, productionTrafficWeights: {} })
  })

  it('of a release with one service is told that, and no weights', () => {
    const told = payload(only, onlySeen, 'Bake')
    expect(told.resourceArn).toBe('arn:service/mailer')
    expect(told.executionDetails.productionTrafficWeights).toEqual({})
  })
})

describe('a receiver that calls back', () => {
  it('is told the rollout, and beside it what ECS gives to its hooks', () => {
    const told = JSON.parse(callbackBody(pair(), { gate: hook('Bake'), observation: seen })) as Told
    expect(told).toMatchObject({
      kind: 'Rollout',
      gate: 'audit',
      metadata: { name: world.rollout.name },
      lifecycleStage: 'POST_PRODUCTION_TRAFFIC_SHIFT',
      resourceArn: 'arn:service/web-blue',
    })
    expect(told).not.toHaveProperty('hookDetails')
  })
})

describe('a webhook', () => {
  const told = (status: RolloutStatus): { readonly spec: object; readonly status: object } =>
    JSON.parse(webhookBody(pair(status), 'audit')) as { readonly spec: object; readonly status: object }

  it('is told how each gate did, but not what it was answered', () => {
    const { status } = told({
      phase: 'Baking',
      gates: [
        { name: 'smoke', when: 'Verify', result: 'Passed', message: 'a private answer' },
        { name: 'audit', when: 'Bake', startedAt: timestamp(0) },
      ],
    })
    expect(status).toEqual({
      phase: 'Baking',
      gates: [
        { name: 'smoke', when: 'Verify', result: 'Passed' },
        { name: 'audit', when: 'Bake' },
      ],
    })
  })

  it('is told of no gates before the first has begun', () => {
    expect(told({ phase: 'Pending' }).status).toEqual({ phase: 'Pending', gates: [] })
  })

  it('is told neither the settings of the service nor the requests of the gates', () => {
    const { spec } = told({})
    expect(spec).toMatchObject({ environment: 'prod', release: 'web', digest: 'content-2' })
    for (const name of ['gates', 'service', 'traffic', 'strategy']) expect(spec).not.toHaveProperty(name)
  })
})
