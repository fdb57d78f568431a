import { describe, expect, it } from 'vitest'

import type { SideObservation, TargetState } from '../../../controller/core/observation.ts'
import { hasHealthyTarget, otherTasks, readiness } from '../../../controller/core/rollout/readiness.ts'
import { blank } from '../../support/release-controller.ts'

const wanted = { taskDefinition: 'td/web:2', count: 2, staleTasks: ['arn:stale'] }

interface Member {
  /** Null: the target is of no task that is known. */
  readonly task: { readonly version: string; readonly arn?: string; readonly desired?: string } | null
  /** Null: the task has no target yet. */
  readonly target: TargetState | null
  readonly reason?: string
}

/** A side with these tasks and targets. */
function side(...members: readonly Member[]): SideObservation {
  return {
    ...blank.sides.blue,
    members: {
      tasks: members.flatMap(({ task }, index) =>
        task === null
          ? []
          : [
              {
                arn: task.arn ?? `arn:task/${index}`,
                taskDefinition: `td/web:${task.version}`,
                lastStatus: 'RUNNING',
                desiredStatus: task.desired ?? 'RUNNING',
                createdAt: 0,
                targetIds: [`10.0.0.${index}`],
              },
            ],
      ),
      targets: members.flatMap(({ target, reason }, index) =>
        target === null ? [] : [{ id: `10.0.0.${index}`, port: 80, state: target, reason }],
      ),
    },
  }
}

const good: Member = { task: { version: '2' }, target: 'healthy' }
const starting: Member = { task: { version: '2' }, target: 'initial' }

describe('a side', () => {
  it('is ready with exactly the wanted tasks, all healthy', () => {
    expect(readiness(side(good, good), wanted)).toEqual({
      ready: true,
      healthy: 2,
      foreign: 0,
      unknown: 0,
      message: '2 of 2 tasks of web:2 are healthy targets',
    })
  })

  it.each<readonly [title: string, members: readonly Member[], seen: object]>([
    [
      'a task that is not healthy yet',
      [good, starting],
      { healthy: 1, foreign: 0, message: '1 of 2 tasks of web:2 are healthy targets; others: initial' },
    ],
    [
      'one task too few',
      [good],
      { healthy: 1, foreign: 0, message: '1 of 2 tasks of web:2 are healthy targets' },
    ],
    [
      'one target too many',
      [good, good, starting],
      { healthy: 2, foreign: 0, message: '2 of 2 tasks of web:2 are healthy targets; others: initial' },
    ],
    [
      'one healthy task too many',
      [good, good, good],
      { healthy: 3, foreign: 0, message: '3 of 2 tasks of web:2 are healthy targets' },
    ],
    [
      'a target of nobody',
      [good, good, { task: null, target: 'healthy' }],
      {
        healthy: 2,
        foreign: 1,
        unknown: 1,
        message: '2 of 2 tasks of web:2 are healthy targets; 1 targets belong to something else',
      },
    ],
    [
      'a task of another revision that still runs',
      [good, good, { task: { version: '1' }, target: null }],
      {
        healthy: 2,
        foreign: 0,
        message: '2 of 2 tasks of web:2 are healthy targets; 1 tasks of another revision still run',
      },
    ],
    [
      'a stale task',
      [good, { task: { version: '2', arn: 'arn:stale' }, target: 'healthy' }],
      {
        healthy: 1,
        foreign: 1,
        message:
          '1 of 2 tasks of web:2 are healthy targets; 1 targets belong to something else; 1 tasks of another revision still run',
      },
    ],
  ])('is not ready with %s', (_title, members, seen) => {
    expect(readiness(side(...members), wanted)).toEqual({ ready: false, unknown: 0, ...seen })
  })

  it('does not wait for what only drains, or was told to stop', () => {
    const gone: Member = { task: { version: '1', desired: 'STOPPED' }, target: 'draining' }
    expect(readiness(side(good, good, gone), wanted)).toMatchObject({ ready: true, foreign: 0 })
  })

  it('says each reason once, and the state where there is no reason', () => {
    const failing: Member = { task: { version: '2' }, target: 'unhealthy', reason: 'Target.Timeout' }
    expect(readiness(side(failing, failing, starting), wanted).message).toBe(
      '0 of 2 tasks of web:2 are healthy targets; others: Target.Timeout, initial',
    )
  })

  it.each<readonly [title: string, seen: SideObservation, expected: boolean]>([
    ['a healthy target, whatever it runs', side({ task: { version: '9' }, target: 'healthy' }), true],
    ['none that is healthy', side(starting), false],
    ['none', side(), false],
    ['targets that nobody looked at', blank.sides.blue, false],
  ])('with %s has a healthy one or not', (_title, seen, expected) => {
    expect(hasHealthyTarget(seen)).toBe(expected)
  })

  it('names the tasks that are not of the wanted revision, or stale, however they stop', () => {
    const others = otherTasks(
      side(
        good,
        { task: { version: '1', desired: 'STOPPED' }, target: null },
        { task: { version: '2', arn: 'arn:stale' }, target: null },
      ),
      wanted,
    )
    expect(others.map(({ arn }) => arn)).toEqual(['arn:task/1', 'arn:stale'])
    expect(otherTasks(blank.sides.blue, wanted)).toEqual([])
  })
})
