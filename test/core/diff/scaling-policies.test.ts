import { describe, expect, it } from 'vitest'
import type { DeepFacts } from '../../../controller/core/deep-drift.ts'
import { deepDrift, deepQuestion } from '../../../controller/core/deep-drift.ts'
import { mendedBy } from '../../../controller/core/diff/mend.ts'
import { diffScalingPolicies } from '../../../controller/core/diff/scaling-policies.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const wanted = [{ PolicyName: '*-cpu', TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 } }]
const live = (PolicyName: string, TargetValue: number) => ({
  PolicyName,
  TargetTrackingScalingPolicyConfiguration: { TargetValue },
})
const { spec } = desiredRelease()
const release = {
  ...desiredRelease(),
  image: undefined,
  spec: { ...spec, service: { ...spec.service, scalingPolicies: wanted } },
}

describe('policies of autoscaling', () => {
  it("are compared where git names them, each that has the name, and told as Terraform's", () => {
    const changes = diffScalingPolicies('web-blue', wanted, [
      live('web-blue-cpu', 60),
      live('other-cpu', 90),
      live('web-blue-memory', 70),
    ])
    expect(changes).toEqual([
      {
        path: '/scalingPolicies/web-blue/other-cpu/TargetValue',
        wanted: 60,
        live: 90,
        owner: 'Terraform',
        class: 'infrastructure',
      },
    ])
    expect(changes.flatMap(mendedBy)).toEqual(['terraform apply'])
    expect(diffScalingPolicies('web-blue', undefined, [live('web-blue-cpu', 90)])).toEqual([])
  })

  it('are missing where none has the name, or it tracks no target', () => {
    expect(diffScalingPolicies('web-blue', wanted, [])).toMatchObject([
      { path: '/scalingPolicies/web-blue/*-cpu', wanted: '*-cpu', live: null },
    ])
    expect(diffScalingPolicies('web-blue', wanted, [{ PolicyName: 'a-cpu' }])).toMatchObject([
      { path: '/scalingPolicies/web-blue/a-cpu/TargetValue', wanted: 60, live: null },
    ])
  })

  it('are looked at deeply where git names some, service by service', () => {
    const policy = {
      service: 'Correct',
      traffic: 'Correct',
      infrastructure: 'Alert',
      unmanaged: 'Alert',
    } as const
    expect(deepQuestion(release)).toMatchObject({ asksPolicies: true })
    const policies = { 'web-blue': [live('blue-cpu', 60)], 'web-green': [live('green-cpu', 50)] }
    const facts: DeepFacts = {
      asked: deepQuestion(release)?.asked ?? '',
      at: 5,
      targetGroups: undefined,
      digests: {},
      policies,
    }
    const told = (subject: typeof release) =>
      deepDrift(subject, { facts, policy, now: 0 })?.changes.map(({ path }) => path)
    expect(told(release)).toEqual(['/scalingPolicies/web-green/green-cpu/TargetValue'])
    const ignore = ['/scalingPolicies/web-green']
    expect(told({ ...release, spec: { ...release.spec, ignore } })).toEqual([])
  })
})
