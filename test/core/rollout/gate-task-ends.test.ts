import { describe, expect, it } from 'vitest'

import type { StartedTask, TaskLook } from '../../../controller/core/gate/task-look.ts'
import {
  describeLook,
  endOfTime,
  recordLook,
  recordRefusal,
  recordRequest,
  recordStop,
  taskTurn,
} from '../../../controller/core/rollout/gate-task.ts'
import { gateStatus } from '../../../controller/core/rollout/gates.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { goOn } from '../../../controller/core/rollout/suspension.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { DefaultedGate, GateStatus, RolloutStatus } from '../../../controller/resources/types.ts'
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
const at = (ms: number): string => timestamp(start + ms)
const begun: GateStatus = { name: 'migrate', when: 'BeforeProvision', startedAt: at(0) }
const earlier = 'arn:task/shop/0ld'

const task = (change: Partial<StartedTask> = {}): StartedTask => ({
  arn: 'arn:task/shop/f00',
  lastStatus: 'RUNNING',
  createdAt: start,
  exitCode: undefined,
  stoppedReason: undefined,
  tags: {},
  ...change,
})
const own = (change: Partial<StartedTask> = {}): TaskLook => ({
  token: 'mine',
  kind: 'Own',
  task: task(change),
})
const other: TaskLook = { token: 'mine', kind: 'Other', arn: earlier, createdAt: start }

const looked = (seen: GateStatus, look: TaskLook, ms: number): GateStatus | undefined =>
  gateStatus(recordLook({ gates: [seen] }, { gate, look, now: start + ms }), 'migrate')

describe("a gate's task that was not started in time", () => {
  it.each<readonly [title: string, change: Partial<GateStatus>, result: string, message: string]>([
    ['was never asked for', {}, 'TimedOut', 'its task was not started within 5m'],
    [
      'was refused, and ECS said why',
      { message: 'AccessDenied' },
      'TimedOut',
      'its task was not started within 5m: AccessDenied',
    ],
    [
      'was looked for and found missing',
      { task: { token: 'mine', isClear: true } },
      'TimedOut',
      'its task was not started within 5m',
    ],
    [
      'may have run',
      { task: { token: 'mine', requestedAt: at(1) } },
      'Inconclusive',
      'it is not known whether its task has run',
    ],
    [
      'may have run, and ECS said something',
      { task: { token: 'mine', requestedAt: at(1) }, message: 'no answer' },
      'Inconclusive',
      'it is not known whether its task has run: no answer',
    ],
  ])('%s', (_title, change, result, message) => {
    const status = { ...begun, lastAttemptAt: at(5 * MINUTE), ...change }
    const turn = taskTurn(gate, status, { now: start + 5 * MINUTE + 1, stalenessBoundMs: MINUTE })
    expect(turn).toEqual({ kind: 'Ended', result, message })
  })
})

describe("a gate's task", () => {
  it('that is asked for before its begin is stored has all its time from now on', () => {
    const status: GateStatus = { name: 'migrate', when: 'BeforeProvision' }
    expect(endOfTime(gate, status, start)).toBe(start + 5 * MINUTE)
    expect(taskTurn(gate, status, { now: start, stalenessBoundMs: MINUTE })).toEqual({ kind: 'Look' })
  })

  it('has its time from its start on, without what nobody could look in', () => {
    const status = { ...begun, unaskedSeconds: 30, task: { token: 'mine', startedAt: at(MINUTE) } }
    expect(endOfTime(gate, status, start + MINUTE)).toBe(start + 6 * MINUTE + 30_000)
  })

  it('that nobody was there to look for after its begin has all its time from the first look on', () => {
    const back = 6 * MINUTE
    expect(taskTurn(gate, begun, { now: start + back, stalenessBoundMs: MINUTE })).toEqual({ kind: 'Look' })
    const found = looked(begun, { token: 'mine', kind: 'None' }, back)
    expect(found?.unaskedSeconds).toBe(6 * 60 - 5)
    const next = { now: start + back + 1, stalenessBoundMs: MINUTE }
    expect(taskTurn(gate, found ?? begun, next)).toEqual({ kind: 'Run' })
  })

  it('gets the time of a suspension before its start once, not twice', () => {
    const waiting = { ...begun, lastAttemptAt: at(0), task: { token: 'mine', isClear: true } }
    const suspended: RolloutStatus = { phase: 'Pending', gates: [waiting], suspendedSince: at(1_000) }
    const now = start + 61 * MINUTE
    const { gates = [] } = goOn({
      rollout: { name: 'web-1', spec: {} as RolloutState['spec'], status: suspended },
      now,
    })
    const [after = begun] = gates
    expect(endOfTime(gate, after, now)).toBe(now + 5 * MINUTE - 5_000)
    const found = looked(after, { token: 'mine', kind: 'None' }, 61 * MINUTE)
    expect(endOfTime(gate, found ?? begun, now)).toBe(now + 5 * MINUTE - 5_000)
  })

  it('that ECS lost before its start was written down is looked for', () => {
    const status = { ...begun, task: { token: 'mine', lastStatus: 'MISSING' } }
    expect(taskTurn(gate, status, { now: start + 1, stalenessBoundMs: MINUTE })).toEqual({ kind: 'Look' })
  })

  it('whose own task was stopped names it and its time', () => {
    const status = { ...begun, task: { token: 'mine', arn: 'arn:task/shop/f00', isStopped: true } }
    expect(taskTurn(gate, status, { now: start + 1, stalenessBoundMs: MINUTE })).toEqual({
      kind: 'Ended',
      result: 'TimedOut',
      message: 'its task f00 was not done within 5m and was stopped',
    })
  })
})

describe('a look at the task of a gate', () => {
  it('that finds a task of an earlier rollout that was stopped remembers it, and forgets that of another', () => {
    const waitsFor = { arn: earlier, startedAt: at(0), isStopped: true }
    const waiting = { ...begun, lastAttemptAt: at(0), task: { token: 'mine', waitsFor } }
    expect(looked(waiting, other, 5_000)?.task?.waitsFor).toEqual(waitsFor)
    const next: TaskLook = { token: 'mine', kind: 'Other', arn: 'arn:task/shop/n3xt', createdAt: start + 1 }
    expect(looked(waiting, next, 5_000)?.task?.waitsFor).toEqual({
      arn: 'arn:task/shop/n3xt',
      startedAt: at(1),
    })
  })

  it.each<readonly [title: string, seen: GateStatus, seconds: number | undefined]>([
    ['since the last look', { ...begun, lastAttemptAt: at(60_000) }, 40],
    ['since the begin where there was none', begun, 100],
    ['not at all where not even the begin is known', { name: 'migrate', when: 'BeforeProvision' }, undefined],
  ])('leaves out the time of an earlier task, %s', (_title, seen, seconds) => {
    expect(looked(seen, other, 100_000)?.unaskedSeconds).toBe(seconds)
  })

  it('leaves out nothing while its own task runs', () => {
    const running = { ...begun, lastAttemptAt: at(0), task: { token: 'mine', arn: 'arn:task/shop/f00' } }
    expect(looked(running, own(), 200_000)).not.toHaveProperty('unaskedSeconds')
  })

  it('keeps the first start, and takes over the exit code', () => {
    const running = { ...begun, task: { token: 'mine', arn: 'arn:task/shop/f00', startedAt: at(7) } }
    const seen = looked(running, own({ lastStatus: 'STOPPED', exitCode: 4 }), 9_000)
    expect(seen?.task).toEqual({
      token: 'mine',
      arn: 'arn:task/shop/f00',
      startedAt: at(7),
      lastStatus: 'STOPPED',
      exitCode: 4,
    })
  })

  it.each<readonly [text: string, look: TaskLook]>([
    ['task f00 is RUNNING', own()],
    ['task f00 is STOPPED, exit code 0', own({ lastStatus: 'STOPPED', exitCode: 0 })],
    [
      'task f00 is STOPPED: CannotPullContainerError',
      own({ lastStatus: 'STOPPED', stoppedReason: 'CannotPullContainerError' }),
    ],
    [
      'task f00 is STOPPED, exit code 1: Essential container in task exited',
      own({ lastStatus: 'STOPPED', exitCode: 1, stoppedReason: 'Essential container in task exited' }),
    ],
    ['ECS does not know the task', { token: 'mine', kind: 'Missing' }],
    ['task 0ld of an earlier rollout still runs', other],
    ['its task is not started yet', { token: 'mine', kind: 'None' }],
  ])('says what it found: %s', (text, look) => {
    expect(describeLook(look)).toBe(text)
  })
})

describe('what comes for a gate that has begun anew', () => {
  const now = start
  const nothing: RolloutStatus = { phase: 'Pending' }
  const withoutTask: RolloutStatus = { gates: [begun] }

  it.each<readonly [title: string, change: (status: RolloutStatus) => RolloutStatus]>([
    ['a request', (status) => recordRequest(status, 'migrate', now)],
    ['a stop', (status) => recordStop(status, 'migrate', earlier)],
  ])('changes nothing where it has no task: %s', (_title, change) => {
    expect(change(nothing)).toBe(nothing)
    expect(change(withoutTask)).toBe(withoutTask)
  })

  it.each<readonly [title: string, change: (status: RolloutStatus) => RolloutStatus]>([
    ['a look', (status) => recordLook(status, { gate, look: own(), now })],
    ['a refusal', (status) => recordRefusal(status, 'migrate', 'AccessDenied')],
  ])('changes nothing where it is not there: %s', (_title, change) => {
    expect(change(nothing)).toBe(nothing)
  })
})
