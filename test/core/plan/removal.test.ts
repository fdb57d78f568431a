import { describe, expect, it } from 'vitest'

import { describeAction } from '../../../controller/core/action.ts'
import { planRemoval } from '../../../controller/core/plan/removal.ts'
import { blank, served } from '../../support/release-controller.ts'
import type { ReleaseWorld } from '../../support/release-world.ts'

describe('a release that left the branch', () => {
  const decide = (world: ReleaseWorld, mayWrite = true): string => {
    const decision = planRemoval(world.look(blank, ['services', 'rules']), mayWrite)
    return decision.kind === 'Act' ? describeAction(decision.action) : decision.kind
  }

  it('is looked at first', () => {
    expect(planRemoval(blank, true)).toEqual({ kind: 'Look', parts: ['services', 'rules'] })
  })

  it('is kept while a rule sends it requests', () => {
    expect(decide(served().world)).toBe('Wait')
  })

  it('goes to zero when none does, and then is gone', () => {
    const world = served().world
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    expect(decide(world, false)).toBe('Wait')
    expect(decide(world)).toBe('scale the green side to 0 tasks')
    world.setService('green', { desiredCount: 0 })
    expect(decide(world)).toBe('Gone')
  })

  it('says which side is still served, and what to do', () => {
    const world = served().world
    expect(planRemoval(world.look(blank, ['services', 'rules']), true)).toEqual({
      kind: 'Wait',
      reason: 'StillServing',
      message:
        'the release left the branch, but its rule still sends requests to the green side; take the rule away, or point it elsewhere',
    })
    world.setWeights('arn:rule/1', { blue: 1, green: 1 })
    expect(planRemoval(world.look(blank, ['services', 'rules']), true)).toMatchObject({
      message: expect.stringContaining('to the blue and green side;') as string,
    })
  })

  it('is not touched while nothing may be written, and says so', () => {
    const world = served().world
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    const observation = world.look(blank, ['services', 'rules'])
    expect(planRemoval(observation, false)).toEqual({
      kind: 'Wait',
      reason: 'Suspended',
      message: 'the environment is suspended or paused: nothing is written',
    })
    expect(planRemoval(observation, true)).toMatchObject({ before: '2' })
  })

  it('is gone where its service is already being deleted', () => {
    const world = served().world
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    world.setService('green', { status: 'DRAINING' })
    expect(decide(world)).toBe('Gone')
  })

  it('is looked at only for what was not seen', () => {
    expect(planRemoval(served().world.look(blank, ['rules']), true)).toEqual({
      kind: 'Look',
      parts: ['services'],
    })
  })
})
