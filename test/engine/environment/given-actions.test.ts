import { describe, expect, it } from 'vitest'
import { givenActions } from '../../../controller/engine/environment/given-actions.ts'
import type { Ground } from '../../../controller/engine/environment/ground.ts'
import type { Desire, EnvironmentState } from '../../../controller/engine/engine.ts'
import type { DefaultedRelease } from '../../../controller/resources/types.ts'
import { environmentOf } from '../../support/machine/environment.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const cognito = { Type: 'authenticate-cognito', AuthenticateCognitoConfig: { UserPoolArn: 'arn:pool' } }
const terraform = { path: 'terraform', backendConfig: {} }

const state = (spec: object): Pick<EnvironmentState, 'environment'> => ({
  environment: environmentOf('demo', { path: '/repository', spec: { ...spec } }),
})
const desired = desiredRelease()
const ready: Desire = { kind: 'Ready', release: desired, rendered: undefined }
const release = (actions: object): DefaultedRelease =>
  ({
    metadata: { name: 'web' },
    spec: { ...desired.spec, traffic: { ...desired.spec.traffic, ...actions } },
  }) as unknown as DefaultedRelease
const wanting = release({ actions: { terraform: 'web_actions' } })
const grounded = (outputs: object): Ground => ({
  kind: 'Ready',
  want: undefined,
  outputs: outputs as Ground['outputs'],
})
const good = grounded({ web_actions: [cognito] })

describe('what the rules of a release shall do before they forward', () => {
  it('is what the output says', () => {
    const given = givenActions(state({ terraform }), ready, { release: wanting, ground: good })
    expect(given).toMatchObject({ kind: 'Ready', release: { actions: [cognito] } })
  })

  it('is left to others by a release that names no output', () => {
    expect(givenActions(state({ terraform }), ready, { release: release({}), ground: good })).toBe(ready)
  })

  it('stalls the release where the output is missing or none can be there', () => {
    const missing = givenActions(state({ terraform }), ready, { release: wanting, ground: grounded({}) })
    expect(missing).toMatchObject({ kind: 'Stalled', reason: 'OutputMissing' })
    expect(givenActions(state({}), ready, { release: wanting, ground: good })).toMatchObject({
      kind: 'Stalled',
      reason: 'TerraformNotConfigured',
      message:
        'the release takes its actions from Terraform outputs, and the environment has no spec.terraform',
    })
  })

  it('waits for the infrastructure while versions that exist go out', () => {
    const ground = { ...good, kind: 'NotReady' } as unknown as Ground
    expect(givenActions(state({ terraform }), ready, { release: wanting, ground })).toBe(ready)
    const stalled: Desire = { kind: 'Stalled', reason: 'Other', message: 'other' }
    expect(givenActions(state({ terraform }), stalled, { release: wanting, ground: good })).toBe(stalled)
  })
})
