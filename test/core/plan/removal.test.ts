import { describe, expect, it } from 'vitest'

import { describeAction } from '../../../controller/core/action.ts'
import type { Removal } from '../../../controller/core/plan/removal.ts'
import { planRemoval } from '../../../controller/core/plan/removal.ts'
import { blank, served } from '../../support/release-controller.ts'
import type { ReleaseWorld } from '../../support/release-world.ts'

const may = (mayWrite: boolean): Removal => ({ mayWrite, isAutoscaled: false })

describe('a release that left the branch', () => {
  const decide = (world: ReleaseWorld, mayWrite = true, more: Partial<Removal> = {}): string => {
    const decision = planRemoval(world.look(blank, ['services', 'rules', 'scaling']), {
      ...may(mayWrite),
      ...more,
    })
    return decision.kind === 'Act' ? describeAction(decision.action) : decision.kind
  }

  it('is looked at first', () => {
    expect(planRemoval(blank, may(true))).toEqual({ kind: 'Look', parts: ['services', 'rules'] })
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
    expect(planRemoval(world.look(blank, ['services', 'rules']), may(true))).toEqual({
      kind: 'Wait',
      reason: 'StillServing',
      message:
        'the release left the branch, but its rule still sends requests to the green side; point it elsewhere, and leave its target groups in it at weight 0 for as long',
    })
    world.setWeights('arn:rule/1', { blue: 1, green: 1 })
    expect(planRemoval(world.look(blank, ['services', 'rules']), may(true))).toMatchObject({
      message: expect.stringContaining('to the blue and green side;') as string,
    })
  })

  it('is not touched while nothing may be written, and says so', () => {
    const world = served().world
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    const observation = world.look(blank, ['services', 'rules'])
    expect(planRemoval(observation, may(false))).toEqual({
      kind: 'Wait',
      reason: 'Suspended',
      message: 'the environment is suspended or paused: nothing is written',
    })
    expect(planRemoval(observation, may(true))).toMatchObject({ before: '2' })
  })

  it('is gone where its service is already being deleted', () => {
    const world = served().world
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    world.setService('green', { status: 'DRAINING' })
    expect(decide(world)).toBe('Gone')
  })

  it('is looked at only for what was not seen', () => {
    expect(planRemoval(served().world.look(blank, ['rules']), may(true))).toEqual({
      kind: 'Look',
      parts: ['services'],
    })
  })

  it('is held at zero by its autoscaling too, where the number of tasks is left to that', () => {
    const world = served().world
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    world.setScaling('green', { minimum: 2, maximum: 4, suspended: 'None' })
    expect(decide(world, true, { isAutoscaled: true })).toBe('scale the green side to 0 tasks')
    world.setService('green', { desiredCount: 0 })
    const observation = world.look(blank, ['services', 'rules'])
    const removal = { mayWrite: true, isAutoscaled: true }
    expect(planRemoval(observation, removal)).toEqual({ kind: 'Look', parts: ['scaling'] })
    const looked = world.look(observation, ['scaling'])
    expect(planRemoval(looked, removal)).toMatchObject({
      kind: 'Act',
      action: { kind: 'SetScaling', side: 'green', minimum: 0, maximum: 0, suspended: 'All' },
    })
    expect(planRemoval(looked, { ...removal, mayWrite: false })).toMatchObject({ reason: 'Suspended' })
    expect(decide(world)).toBe('Gone')
    world.setScaling('green', { minimum: 0, maximum: 0, suspended: 'All' })
    expect(decide(world, true, { isAutoscaled: true })).toBe('Gone')
  })
})

describe('a release whose environment is taken down', () => {
  const ending = (after: readonly string[]): Removal => ({ ...may(true), after })

  it('is kept while a rule sends it requests, and says what to do', () => {
    const observation = served().world.look(blank, ['services', 'rules'])
    expect(planRemoval(observation, ending(['api']))).toEqual({
      kind: 'Wait',
      reason: 'StillServing',
      message:
        'the Environment is deleted, but its rule still sends requests to the green side; point it elsewhere, and leave its target groups in it at weight 0 for as long',
    })
  })

  it('waits for those who may still need it, and then goes to zero', () => {
    const { world } = served()
    world.setGroups('arn:rule/1', { 'arn:tg/other': 1 })
    const observation = world.look(blank, ['services', 'rules'])
    expect(planRemoval(observation, ending(['api', 'web']))).toEqual({
      kind: 'Wait',
      reason: 'OthersFirst',
      message: 'the Environment is deleted: api, web may still need this release, and must be gone first',
    })
    expect(planRemoval(observation, ending([]))).toMatchObject({ kind: 'Act' })
  })
})
