import { describe, expect, it } from 'vitest'
import { interruptedPlan } from '../../../controller/core/infrastructure/interrupted.ts'
import { infrastructureSaid } from '../../../controller/core/infrastructure/said.ts'
import type { InfrastructurePlan, InfrastructureStatus } from '../../../controller/resources/types.ts'

const said = (
  status: InfrastructureStatus,
  inputDigest: string | undefined = 'sha256:new',
  refusal?: { reason: string; message: string },
): readonly string[] =>
  infrastructureSaid({ environment: 'prod', status, inputDigest, refusal }).map(
    ({ type, is, reason, message }) => `${type} ${is} ${reason}: ${message}`,
  )
const plan = (
  permission: InfrastructurePlan['permission'],
  more: Partial<InfrastructurePlan> = {},
): InfrastructurePlan => ({
  id: 'sha256:id',
  commit: 'c',
  inputDigest: 'sha256:new',
  serial: 1,
  at: '2026-11-29T12:00:00Z',
  verdict: 'Destructive',
  permission,
  summary: '1 to destroy',
  ...more,
})
const applied = { inputDigest: 'sha256:new', commit: '0123456789abcdef' }

describe('What is said of the infrastructure', () => {
  it.each<[string, InfrastructureStatus, string]>([
    ['nothing was applied', {}, 'false Planning: Terraform has not applied the wanted commit yet'],
    [
      'another commit was',
      { inputDigest: 'sha256:old' },
      'false Planning: Terraform has not applied the wanted commit yet',
    ],
    ['it is applied', applied, 'true Applied: commit 0123456789ab is applied'],
    [
      'something drifted',
      { ...applied, drift: [{ address: 'a', attribute: 'b', live: '1', state: '2' }] },
      'true Applied: commit 0123456789ab is applied; 1 attribute is not as Terraform left them',
    ],
    [
      'what would mend it waits',
      { ...applied, plan: plan('AwaitApproval') },
      'true Applied: commit 0123456789ab is applied; the plan waits for a person (1 to destroy); steersman terraform approve prod --plan sha256:id',
    ],
    [
      'a correction failed',
      {
        ...applied,
        failure: {
          inputDigest: 'sha256:new',
          reason: 'TerraformApplyFailed',
          message: 'no rights',
          at: '2026-11-29T12:00:00Z',
          attempts: 1,
        },
      },
      'true Applied: commit 0123456789ab is applied; Terraform failed since then: no rights',
    ],
    [
      'it runs',
      { applying: { commit: '0123456789abcdef', inputDigest: 'd', planDigest: 'p', startedAt: 's' } },
      'false Applying: Terraform applies commit 0123456789ab',
    ],
    [
      'it was about to run, and somebody holds the lock',
      {
        applying: { commit: '0123456789abcdef', inputDigest: 'd', planDigest: 'p', startedAt: 's' },
        lock: { id: 'l', who: 'ada@laptop', operation: 'OperationTypeApply' },
        failure: {
          inputDigest: 'sha256:new',
          reason: 'StateLocked',
          message: 'ada@laptop holds the lock of the state',
          at: 'a',
          attempts: 1,
        },
      },
      'false StateLocked: ada@laptop holds the lock of the state',
    ],
    [
      'it failed',
      {
        failure: {
          inputDigest: 'sha256:new',
          reason: 'TerraformPlanFailed',
          message: 'no',
          at: 'a',
          attempts: 1,
        },
      },
      'false TerraformPlanFailed: no',
    ],
    [
      'another commit failed',
      {
        failure: {
          inputDigest: 'sha256:old',
          reason: 'TerraformPlanFailed',
          message: 'no',
          at: 'a',
          attempts: 1,
        },
      },
      'false Planning: Terraform has not applied the wanted commit yet',
    ],
    [
      'a plan waits',
      { plan: plan('AwaitApproval', { reasons: [{ rule: 'r', message: 'db is deleted' }] }) },
      'false AwaitingApproval: the plan waits for a person (1 to destroy); db is deleted; steersman terraform approve prod --plan sha256:id',
    ],
    [
      'an apply was killed, and nothing is planned yet',
      { plan: interruptedPlan({ commit: 'c', inputDigest: 'sha256:new', at: '2026-11-29T10:00:00Z' }) },
      'false AwaitingApproval: the plan waits for a person (not planned yet); an apply was killed before it could save its state, so there may be resources that the state does not know and a plan would make again; it is planned first',
    ],
    [
      'nothing may be applied',
      { plan: plan('PlanOnly') },
      'false PlanOnly: the plan is only shown, because spec.terraform.apply is Never (1 to destroy); apply it by hand',
    ],
    [
      'the plan is refused',
      { plan: plan('Refuse', { verdict: 'ResetsTraffic', reasons: [{ rule: 'r', message: 'weights' }] }) },
      'false PlanRefused: the plan is refused as ResetsTraffic (1 to destroy); weights; change the root, and push',
    ],
  ])('when %s', (_, status, expected) => {
    expect(said(status)[0]).toBe(`InfrastructureReady ${expected}`)
  })

  it('when Terraform is not even started', () => {
    const refusal = { reason: 'RootRefused', message: 'main.tf: a provisioner' }
    expect(said({}, 'sha256:new', refusal)[0]).toBe(
      'InfrastructureReady false RootRefused: main.tf: a provisioner',
    )
  })

  it('while nobody knows what it shall be given', () => {
    const [ready] = infrastructureSaid({ environment: 'prod', status: applied, inputDigest: undefined })
    expect(ready).toMatchObject({ is: false, reason: 'NotRead' })
  })

  it('of the lock', () => {
    const lock = {
      id: 'l-1',
      who: 'ada@laptop',
      operation: 'OperationTypeApply',
      since: '2026-11-29T11:00:00Z',
    }
    expect(said({ lock })[1]).toBe(
      'StateLocked true StateLocked: ada@laptop holds the lock of the state since 2026-11-29T11:00:00Z (OperationTypeApply); it is waited for. If that process is gone: steersman terraform unlock prod --id l-1',
    )
    expect(said({})[1]).toBe('StateLocked false Free: nobody holds the lock of the state')
  })
})
