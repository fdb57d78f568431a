import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  planRolling,
  type PlannedTask,
  type RollingBounds,
} from '../../../controller/sandbox/ecs/rolling-plan.ts'

const tasksOf = (text: string): PlannedTask[] =>
  text.split(' ').flatMap((word, position) => {
    const state = ({ r: 'ready', p: 'pending', u: 'unhealthy' } as const)[word.toLowerCase()]
    return state === undefined
      ? []
      : [{ taskArn: `${word}${position}`, current: word === word.toUpperCase(), state }]
  })

const bounds = (desired: number, more: Partial<RollingBounds> = {}): RollingBounds => ({
  desired,
  minimumHealthy: desired,
  maximum: desired * 2,
  deploying: true,
  frozen: false,
  ...more,
})

describe('planRolling', () => {
  // Capital letters are tasks of the newest deployment: Ready, Pending, Unhealthy.
  test.each([
    { tasks: '', bounds: bounds(2), start: 2, replace: [], scaleIn: [], why: 'starts what is missing' },
    { tasks: 'r r', bounds: bounds(2), start: 2, replace: [], scaleIn: [], why: 'starts before it stops' },
    {
      tasks: 'r r P P',
      bounds: bounds(2),
      start: 0,
      replace: [],
      scaleIn: [],
      why: 'waits for the new ones',
    },
    { tasks: 'r r R P', bounds: bounds(2), start: 0, replace: [], scaleIn: ['r0'], why: 'stops one for one' },
    {
      tasks: 'r r R R',
      bounds: bounds(2),
      start: 0,
      replace: [],
      scaleIn: ['r0', 'r1'],
      why: 'stops the old',
    },
    {
      tasks: 'p r',
      bounds: bounds(2),
      start: 2,
      replace: [],
      scaleIn: ['p0'],
      why: 'stops useless old ones',
    },
    { tasks: 'R R R', bounds: bounds(1), start: 0, replace: [], scaleIn: ['R2', 'R1'], why: 'scales in' },
    {
      tasks: 'R P',
      bounds: bounds(1),
      start: 0,
      replace: [],
      scaleIn: ['P1'],
      why: 'stops pending ones first',
    },
    { tasks: 'R U', bounds: bounds(2), start: 1, replace: ['U1'], scaleIn: [], why: 'replaces at once' },
    {
      tasks: 'R U',
      bounds: bounds(2, { deploying: false }),
      start: 1,
      replace: [],
      scaleIn: [],
      why: 'starts the replacement first in a steady service',
    },
    {
      tasks: 'R U',
      bounds: bounds(2, { deploying: false, maximum: 2 }),
      start: 0,
      replace: ['U1'],
      scaleIn: [],
      why: 'stops first where there is no room',
    },
    {
      tasks: 'r r',
      bounds: bounds(2, { minimumHealthy: 1, maximum: 2 }),
      start: 0,
      replace: [],
      scaleIn: ['r0'],
      why: 'makes room down to the minimum',
    },
    {
      tasks: 'r r U',
      bounds: bounds(2, { frozen: true, deploying: false }),
      start: 0,
      replace: ['U2'],
      scaleIn: [],
      why: 'leaves the old ones alone after a failure',
    },
  ])('$why: $tasks', ({ tasks, bounds: given, start, replace, scaleIn }) => {
    expect(planRolling(given, tasksOf(tasks))).toEqual({ start, replace, scaleIn })
  })

  test('never starts more than the maximum, nor stops ready tasks below the minimum', () => {
    const task = fc.record({
      current: fc.boolean(),
      state: fc.constantFrom('ready' as const, 'pending' as const, 'unhealthy' as const),
    })
    const situation = fc.record({
      tasks: fc.array(task, { maxLength: 30 }),
      desired: fc.integer({ min: 0, max: 12 }),
      minimumPercent: fc.integer({ min: 0, max: 100 }),
      maximumPercent: fc.integer({ min: 100, max: 200 }),
      deploying: fc.boolean(),
      frozen: fc.boolean(),
    })
    fc.assert(
      fc.property(situation, ({ tasks, desired, minimumPercent, maximumPercent, ...flags }) => {
        const planned = tasks.map((one, position) => ({ ...one, taskArn: String(position) }))
        const given = {
          ...flags,
          desired,
          minimumHealthy: Math.ceil((desired * minimumPercent) / 100),
          maximum: Math.floor((desired * maximumPercent) / 100),
        }
        const plan = planRolling(given, planned)
        const stopped = new Set([...plan.replace, ...plan.scaleIn])
        const ready = planned.filter((one) => one.state === 'ready')
        const left = ready.filter((one) => !stopped.has(one.taskArn))
        expect(plan.start === 0 || planned.length + plan.start <= given.maximum).toBe(true)
        expect(left.length).toBeGreaterThanOrEqual(Math.min(ready.length, given.minimumHealthy))
        expect(stopped.size).toBe(plan.replace.length + plan.scaleIn.length)
      }),
      { numRuns: 2000 },
    )
  })
})
