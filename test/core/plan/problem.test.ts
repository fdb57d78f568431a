import { describe, expect, it } from 'vitest'

import type { DesiredRelease } from '../../../controller/core/desired.ts'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import { sides } from '../../../controller/core/observation.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { ReleaseController, blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { groupArn, ReleaseWorld } from '../../support/release-world.ts'
import { all, inputOf, line } from './planning.ts'

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

  it('stalls before a rollout to a service that can never get its launch type, and only then', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    controller.world.pass(61_000)
    controller.run()
    const seen = controller.world.look(blank, all)
    const { service } = seen.sides.green
    if (service === null) throw new Error('no service')
    const release = desiredRelease({ version: '3' })
    const settings = { ...release.spec.service.settings, launchType: 'FARGATE' as const }
    const changed = { ...release, spec: { ...release.spec, service: { ...release.spec.service, settings } } }
    const planned = (launchType: string): string => {
      const green = { ...seen.sides.green, service: { ...service, settings: { launchType } } }
      const observation = { ...seen, sides: { ...seen.sides, green } }
      return line(planRelease(inputOf(controller, { desired: changed, nextNumber: 3, observation })))
    }
    expect(planned('EC2')).toBe('Stall: LaunchTypeFixed')
    expect(planned('FARGATE')).toBe('start to green because of Commit')
  })

  it('stalls where a rule forwards to somebody else as well', () => {
    const controller = served()
    controller.world.setGroups('arn:rule/1', { [groupArn('green')]: 1, 'arn:tg/other': 1 })
    expect(line(planRelease(inputOf(controller)))).toBe('Stall: ForeignTargetGroup')
  })
})

describe('what a person is told to mend', () => {
  const told = (change: Partial<PlanInput>): string => {
    const decision = planRelease(inputOf(served(), change))
    return decision.kind === 'Stall' ? decision.message : decision.kind
  }
  const { traffic: _none, ...bare } = desiredRelease().spec
  const seenWith = (change: Partial<ReleaseObservation>): Partial<PlanInput> => ({
    observation: { ...served().world.look(blank, all), ...change },
  })

  it.each<readonly [message: string, change: () => Partial<PlanInput>]>([
    [
      'the release names no load balancer; add spec.traffic',
      () => ({ desired: { ...desiredRelease(), spec: bare } }),
    ],
    [
      'load balancer shop does not exist; create it, or mend spec.traffic.loadBalancer',
      () => seenWith({ loadBalancer: null }),
    ],
    [
      'load balancer shop is a network one, which has no weighted rules; use an application load balancer',
      () => seenWith({ loadBalancer: { arn: 'a', name: 'shop', dnsName: 'd', type: 'network' } }),
    ],
    [
      'a production rule of the release does not exist on the load balancer; create it, or mend spec.traffic.rule',
      () => seenWith({ production: [null] }),
    ],
    [
      'the test listener or rule does not exist on the load balancer; create it, or mend spec.traffic.test',
      () => seenWith({ test: null }),
    ],
    [
      'the release names no task definition',
      () => ({
        desired: { ...desiredRelease(), version: { taskDefinition: undefined, document: undefined } },
      }),
    ],
  ])('is that %s', (message, change) => {
    expect(told(change())).toBe(message)
  })

  it.each(sides)('names the missing target group of the %s side', (side) => {
    const seen = served().world.look(blank, all)
    const without = { ...seen.sides, [side]: { ...seen.sides[side], targetGroup: null } }
    expect(told({ observation: { ...seen, sides: without } })).toBe(
      `target group web-${side} of the ${side} side does not exist; create it, or mend spec.traffic.targetGroups.${side}`,
    )
  })

  it('names the side whose service fills another target group than the release says', () => {
    const seen = served().world.look(blank, all)
    const { blue, green } = seen.sides
    const exchanged = {
      blue: { ...blue, targetGroup: green.targetGroup },
      green: { ...green, targetGroup: blue.targetGroup },
    }
    expect(told({ observation: { ...seen, sides: exchanged } })).toBe(
      'service web-green of the green side registers its tasks in target group web-green, and spec.traffic.targetGroups.green names web-blue; name the group that the service has, or, where the side is idle, delete the service, and Steersman creates it anew',
    )
  })

  it('says nothing of the target group of a service that is being deleted, or has several', () => {
    const seen = served().world.look(blank, all)
    const { green } = seen.sides
    const { service } = green
    if (service === null) throw new Error('no service')
    const withService = (change: object): string => {
      const changed = { ...seen.sides, green: { ...green, service: { ...service, ...change } } }
      return line(planRelease(inputOf(served(), { observation: { ...seen, sides: changed } })))
    }
    expect(withService({ targetGroupArns: [] })).toBe('Stall: TargetGroupMismatch')
    expect(withService({ targetGroupArns: ['arn:tg/more', groupArn('green')] })).toBe('converged')
    expect(withService({ targetGroupArns: [], status: 'DRAINING' })).not.toBe('Stall: TargetGroupMismatch')
  })

  it('names the rule that forwards to somebody else, whichever it is', () => {
    const rules = ['arn:rule/1', 'arn:rule/2']
    const controller = new ReleaseController(new ReleaseWorld({ rules }), desiredRelease({ rules }))
    controller.run()
    controller.world.setGroups('arn:rule/2', { [groupArn('green')]: 1, 'arn:tg/other': 1 })
    const decision = planRelease(inputOf(controller))
    expect(decision).toMatchObject({
      message:
        "rule arn:rule/2 forwards to target groups that are not of this release's pair; take them out of the rule, or name another rule",
    })
  })

  it('is nothing where no test rule is asked for and there is none', () => {
    const controller = new ReleaseController(
      new ReleaseWorld({ test: false }),
      desiredRelease({ test: false }),
    )
    controller.run()
    expect(line(planRelease(inputOf(controller)))).toBe('converged')
  })
})
