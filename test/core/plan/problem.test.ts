import { describe, expect, it } from 'vitest'

import type { DesiredRelease } from '../../../controller/core/desired.ts'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import { sides } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { blank } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { groupArn } from '../../support/release-world.ts'
import { all, inputOf, line, served } from './planning.ts'

describe('what only a person can mend', () => {
  const loadBalancer = { arn: 'arn:lb', name: 'shop', dnsName: 'shop.example.com', type: 'network' } as const
  const { traffic: _none, ...specWithoutTraffic } = desiredRelease().spec
  const desired = desiredRelease()

  it.each<readonly [reason: string, change: Partial<DesiredRelease>]>([
    ['TrafficMissing', { spec: specWithoutTraffic }],
    ['VersionMissing', { version: { taskDefinition: undefined, document: undefined } }],
  ])('stalls as %s where the release asks for it', (reason, change) => {
    expect(line(planRelease(inputOf(served(), { desired: { ...desired, ...change } })))).toBe(
      `Stall: ${reason}`,
    )
  })

  it.each<readonly [reason: string, change: Partial<ReleaseObservation>]>([
    ['LoadBalancerMissing', { loadBalancer: null }],
    ['LoadBalancerNotSupported', { loadBalancer }],
    ['RuleMissing', { production: [null] }],
    ['TestRuleMissing', { test: null }],
  ])('stalls as %s where AWS shows it', (reason, change) => {
    const controller = served()
    const observation = { ...controller.world.look(blank, all), ...change }
    expect(line(planRelease(inputOf(controller, { observation })))).toBe(`Stall: ${reason}`)
  })

  it.each(sides)('stalls where the target group of the %s side is missing', (side) => {
    const controller = served()
    const seen = controller.world.look(blank, all)
    const without = { ...seen.sides, [side]: { ...seen.sides[side], targetGroup: null } }
    const decision = planRelease(inputOf(controller, { observation: { ...seen, sides: without } }))
    expect(line(decision)).toBe('Stall: TargetGroupMissing')
  })

  it('stalls where a rule forwards to somebody else as well', () => {
    const controller = served()
    controller.world.setGroups('arn:rule/1', { [groupArn('green')]: 1, 'arn:tg/other': 1 })
    expect(line(planRelease(inputOf(controller)))).toBe('Stall: ForeignTargetGroup')
  })
})
