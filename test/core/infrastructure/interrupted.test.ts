import { describe, expect, it } from 'vitest'
import {
  afterInterruption,
  interruptedPlan,
  wasInterrupted,
  wereLeftoversTold,
} from '../../../controller/core/infrastructure/interrupted.ts'
import type { Decided, LookedUp } from '../../../controller/core/infrastructure/interrupted.ts'
import type { Leftover } from '../../../controller/core/infrastructure/leftovers.ts'
import type { Permission } from '../../../controller/core/infrastructure/permission.ts'
import { judge, resourceChange } from './plans.ts'

const decided = (permission: Permission = 'Apply'): Decided => ({
  id: 'sha256:plan',
  judgement: judge([resourceChange('aws_vpc', ['create'])]),
  permission,
})

const leftover = (more: Partial<Leftover> = {}): Leftover => ({
  arn: 'arn:1',
  importId: '1',
  addresses: ['aws_vpc.web'],
  isCertain: false,
  ...more,
})
const MAYBE = leftover()
const CERTAIN = leftover({ arn: 'arn:2', isCertain: true })
const HIDDEN = leftover({ arn: undefined })

const after = (lookedUp: Partial<LookedUp>, permission?: Permission, wereTold = false): Decided =>
  afterInterruption(
    decided(permission),
    { leftovers: [], extent: 'All', ...lookedUp },
    { environment: 'prod', wereTold },
  )

describe('After an interrupted apply, a plan', () => {
  it.each([
    ['waits, where nothing was found', [], 'Apply', 'AwaitApproval'],
    ['waits, where something may be a leftover', [MAYBE], 'Apply', 'AwaitApproval'],
    ['is refused, where something is one for certain', [MAYBE, CERTAIN], 'Apply', 'Refuse'],
    ['is refused then, although a person could approve it', [CERTAIN], 'AwaitApproval', 'Refuse'],
    ['waits, where tags don’t show whether it is there', [HIDDEN], 'Apply', 'AwaitApproval'],
    ['that is only shown stays so', [CERTAIN], 'PlanOnly', 'PlanOnly'],
    ['that is refused stays so', [], 'Refuse', 'Refuse'],
    ['that does nothing stays so', [], 'Nothing', 'Nothing'],
  ] as const)('%s', (_, leftovers, permission, follows) => {
    expect(after({ leftovers }, permission).permission).toBe(follows)
  })

  it.each([
    [
      { leftovers: [MAYBE] },
      ': 1 resource exists that the state lacks and the plan would make again; import what `steersman terraform imports prod` prints',
    ],
    [{ leftovers: [MAYBE, CERTAIN, HIDDEN] }, ': 2 resources exist that the state lacks'],
    [{}, ', and nothing with the tags of the planned resources was found that the state lacks'],
    [{ extent: 'Part' }, ', and the resources with the tags of the planned ones are too many'],
    [{ extent: 'NoTags' }, ', and the planned resources have no tag in common'],
  ] as const)('says why: %j', (lookedUp, message) => {
    const [reason] = after(lookedUp).judgement.reasons
    expect(reason?.message).toContain(`an apply was killed before it could save its state${message}`)
    expect(wasInterrupted({ plan: waiting([reason].flatMap((one) => one ?? [])) })).toBe(true)
  })

  it('has an id of its own for each set of leftovers, so that an approval of others lapses', () => {
    const ids = [[], [MAYBE], [MAYBE, CERTAIN]].map((leftovers) => after({ leftovers }).id)
    expect(new Set(ids).size).toBe(3)
    expect(ids[0]).toBe('sha256:plan')
    expect(after({ leftovers: [HIDDEN] }).id).toBe('sha256:plan')
  })

  it('is judged as always once leftovers were told and none is left', () => {
    expect(after({}, 'Apply', true)).toEqual(decided())
    expect(after({ extent: 'NoTags', leftovers: [HIDDEN] }, 'Apply', true)).toEqual(decided())
    expect(after({ leftovers: [MAYBE] }, 'Apply', true).permission).toBe('AwaitApproval')
    expect(after({ extent: 'Part' }, 'Apply', true).permission).toBe('AwaitApproval')
  })
})

describe('Leftovers were told', () => {
  it.each([
    [false, undefined],
    [false, []],
    [false, [{ addresses: ['aws_iam_role.web'], importId: 'web' }]],
    [true, [{ addresses: ['aws_vpc.web'], arn: 'arn:1' }]],
  ])('%j by %j', (is, leftovers) => {
    expect(wereLeftoversTold({ plan: { ...waiting([]), ...(leftovers && { leftovers }) } })).toBe(is)
  })
})

const waiting = (reasons: readonly { readonly rule: string; readonly message: string }[]) => ({
  ...interruptedPlan({ commit: 'c', inputDigest: 'i', at: '2026-11-29T10:00:00Z' }),
  reasons: [...reasons],
})
