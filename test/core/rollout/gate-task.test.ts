import { describe, expect, it } from 'vitest'

import type { StartedTask, TaskLook } from '../../../controller/core/gate/task-look.ts'
import { RUN_TAG, sortTasks } from '../../../controller/core/gate/task-look.ts'
import {
  recordLook,
  recordRefusal,
  recordRequest,
  recordStop,
  taskTurn,
} from '../../../controller/core/rollout/gate-task.ts'
import type { TaskTurn } from '../../../controller/core/rollout/gate-task.ts'
import { beginGate, gateStatus } from '../../../controller/core/rollout/gates.ts'
import type { DefaultedGate, RolloutStatus } from '../../../controller/resources/types.ts'
import { smokeGate } from '../../support/release-fixtures.ts'

const { http: _http, ...plain } = smokeGate
const gate: DefaultedGate = {
  ...plain,
  name: 'migrate',
  when: 'BeforeProvision',
  task: { command: ['migrate'] },
  timeout: '5m',
}
const start = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const begun = beginGate({}, gate, start)
const arn = 'arn:aws:ecs:eu-west-1:1:task/shop/f00'

const task = (change: Partial<StartedTask> = {}): StartedTask => ({
  arn,
  lastStatus: 'RUNNING',
  createdAt: start,
  exitCode: undefined,
  stoppedReason: undefined,
  tags: { [RUN_TAG]: 'mine' },
  ...change,
})
const own = (change: Partial<StartedTask> = {}): TaskLook => ({
  token: 'mine',
  kind: 'Own',
  task: task(change),
})
const none: TaskLook = { token: 'mine', kind: 'None' }
const missing: TaskLook = { token: 'mine', kind: 'Missing' }
const other: TaskLook = { token: 'mine', kind: 'Other', arn: 'arn:task/shop/0ld', createdAt: start }

/** The gate after looks and requests, each so long after its begin. */
function after(...steps: readonly (readonly [atMs: number, what: TaskLook | 'asked'])[]): RolloutStatus {
  return steps.reduce(
    (status, [atMs, what]) =>
      what === 'asked'
        ? recordRequest(status, gate.name, start + atMs)
        : recordLook(status, { gate, look: what, now: start + atMs }),
    begun,
  )
}

function turnAt(status: RolloutStatus, atMs: number): TaskTurn {
  const seen = gateStatus(status, gate.name)
  if (seen === undefined) throw new Error('the gate has not begun')
  return taskTurn(gate, seen, { now: start + atMs, stalenessBoundMs: MINUTE })
}

describe("a gate's task", () => {
  it('is looked for before it is started', () => {
    expect(turnAt(begun, 0)).toEqual({ kind: 'Look' })
    expect(turnAt(after([0, none]), 1)).toEqual({ kind: 'Run' })
  })

  it('is looked for again before another try, and is tried by the same token for a day', () => {
    const unclear = after([0, none], [1, 'asked'])
    expect(turnAt(unclear, 2)).toEqual({ kind: 'WaitUntil', at: start + 5_000 })
    expect(turnAt(unclear, 5_000)).toEqual({ kind: 'Look' })
    expect(turnAt(recordLook(unclear, { gate, look: none, now: start + 5_000 }), 5_001)).toEqual({
      kind: 'Run',
    })
  })

  it('is not tried again when ECS may have forgotten the token', () => {
    const late = after([0, none], [1, 'asked'], [23 * HOUR + 2, none])
    expect(turnAt(late, 23 * HOUR + 3)).toMatchObject({ kind: 'Ended', result: 'Inconclusive' })
  })

  it.each<[says: string, look: TaskLook, result: string, words: string]>([
    ['0', own({ lastStatus: 'STOPPED', exitCode: 0 }), 'Passed', 'its task f00 ended with exit code 0'],
    ['3', own({ lastStatus: 'STOPPED', exitCode: 3 }), 'Failed', 'its task f00 ended with exit code 3'],
    ['none', own({ lastStatus: 'STOPPED' }), 'Inconclusive', 'stopped without an exit code of its own'],
  ])('with the exit code %s ends as its result says', (_says, look, result, words) => {
    const turn = turnAt(after([0, none], [1, 'asked'], [2, look]), 3)
    expect(turn).toMatchObject({ kind: 'Ended', result })
    expect(turn.kind === 'Ended' ? turn.message : '').toContain(words)
  })

  it('that ECS does not know yet is looked for as long as a read may be stale, and then says nothing', () => {
    const gone = after([0, none], [1, 'asked'], [2, own()], [5_002, missing])
    expect(turnAt(gone, 10_002)).toEqual({ kind: 'Look' })
    expect(turnAt(gone, MINUTE + 2)).toMatchObject({ kind: 'Ended', result: 'Inconclusive' })
  })

  it('is stopped once its time is over and a look has shown that it still runs', () => {
    const running = after([0, none], [1, 'asked'], [2, own()])
    expect(turnAt(running, 5 * MINUTE + 2)).toEqual({ kind: 'Look' })
    const late = recordLook(running, { gate, look: own(), now: start + 5 * MINUTE + 2 })
    expect(turnAt(late, 5 * MINUTE + 3)).toEqual({ kind: 'Stop', arn })
    expect(turnAt(late, 6 * MINUTE)).toEqual({ kind: 'Look' })
    expect(turnAt(recordStop(late, gate.name, arn), 5 * MINUTE + 4)).toMatchObject({
      kind: 'Ended',
      result: 'TimedOut',
    })
  })

  it('that ended well while nobody looked has passed', () => {
    const running = after([0, none], [1, 'asked'], [2, own()])
    const done = recordLook(running, {
      gate,
      look: own({ lastStatus: 'STOPPED', exitCode: 0 }),
      now: start + HOUR,
    })
    expect(turnAt(done, HOUR)).toMatchObject({ kind: 'Ended', result: 'Passed' })
  })

  it('waits for that of an earlier rollout, and stops it once it had its time', () => {
    const waiting = after([0, other], [4 * MINUTE, other])
    expect(turnAt(waiting, 4 * MINUTE + 1)).toMatchObject({ kind: 'WaitUntil' })
    const overrun = recordLook(waiting, { gate, look: other, now: start + 5 * MINUTE })
    expect(turnAt(overrun, 5 * MINUTE)).toEqual({ kind: 'Stop', arn: 'arn:task/shop/0ld' })
    const stopped = recordStop(overrun, gate.name, 'arn:task/shop/0ld')
    expect(turnAt(stopped, 5 * MINUTE + 1)).toMatchObject({ kind: 'WaitUntil' })
    const free = recordLook(stopped, { gate, look: none, now: start + 6 * MINUTE })
    expect(turnAt(free, 6 * MINUTE)).toEqual({ kind: 'Run' })
  })

  it('that could not be started in time says why', () => {
    const refused = recordRefusal(after([0, none], [1, 'asked']), gate.name, 'AccessDenied')
    const looked = recordLook(refused, { gate, look: none, now: start + 5_000 })
    const again = recordRefusal(recordRequest(looked, gate.name, start + 5_001), gate.name, 'AccessDenied')
    expect(gateStatus(again, gate.name)?.message).toBe('AccessDenied')
    expect(gateStatus(again, gate.name)?.task?.requestedAt).toBe('2026-01-01T00:00:00.001Z')
  })
})

describe('the tasks that a look finds', () => {
  it.each<[says: string, tasks: readonly StartedTask[], kind: TaskLook['kind']]>([
    ['none', [], 'None'],
    ['its own, though it has stopped', [task({ lastStatus: 'STOPPED' })], 'Own'],
    ['one of before that runs', [task({ tags: { [RUN_TAG]: 'before' } })], 'Other'],
    ['one of before that stops', [task({ tags: {}, lastStatus: 'DEPROVISIONING' })], 'Other'],
    ['one of before that has stopped', [task({ tags: {}, lastStatus: 'STOPPED' })], 'None'],
    ['its own beside another', [task({ tags: {} }), task()], 'Own'],
  ])('are told apart: %s', (_says, tasks, kind) => {
    expect(sortTasks(tasks, 'mine').kind).toBe(kind)
  })
})
