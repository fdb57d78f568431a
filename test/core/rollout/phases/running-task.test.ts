import { describe, expect, it } from 'vitest'

import { runTask } from '../../../../controller/core/rollout/phases/running-task.ts'
import type { PhaseResult, StepInput } from '../../../../controller/core/rollout/state.ts'
import { gateStatus } from '../../../../controller/core/rollout/gates.ts'
import { timestamp } from '../../../../controller/core/time.ts'
import type { DefaultedGate, GateStatus } from '../../../../controller/resources/types.ts'
import { blank } from '../../../support/release-controller.ts'
import { smokeGate } from '../../../support/release-fixtures.ts'
import { testRule } from '../../../support/release-facts.ts'
import type { ReleaseWorld } from '../../../support/release-world.ts'
import { after, all, line, nothing, ready, stepOf } from '../ready.ts'

const { http: _http, ...plain } = smokeGate
const gate: DefaultedGate = {
  ...plain,
  name: 'migrate',
  when: 'BeforeProvision',
  task: { command: ['migrate'] },
  timeout: '5m',
}
const world = ready()
const { now } = world.controller.world
const MINUTE = 60_000
const arn = 'arn:task/shop/f00'
const begun: GateStatus = { name: 'migrate', when: 'BeforeProvision', startedAt: timestamp(now) }
const clear: GateStatus = {
  ...begun,
  lastAttemptAt: timestamp(now),
  task: { token: 'mine', isClear: true },
}

const run = (status: GateStatus | undefined, change: Partial<StepInput> = {}): PhaseResult =>
  runTask(
    {
      rollout: {
        ...world.rollout,
        status: { phase: 'Pending', ...(status === undefined ? {} : { gates: [status] }) },
      },
      observation: world.controller.world.look(blank, all),
      wantedDigest: world.rollout.spec.digest,
      writes: {},
      now,
      mayWrite: true,
      pollMs: 1_000,
      stalenessBoundMs: MINUTE,
      ...change,
    },
    gate,
    status,
  )

describe("a gate's task", () => {
  it('begins with the gate', () => {
    const result = run(undefined)
    expect(result.kind).toBe('Again')
    expect(gateStatus(result.status, 'migrate')).toMatchObject({ startedAt: timestamp(now) })
  })

  it('is looked for first', () => {
    expect(run(begun)).toMatchObject({
      kind: 'Act',
      action: { kind: 'ProbeGate', gate: 'migrate', side: 'blue' },
    })
  })

  it('is run with the new version once nothing else of it runs', () => {
    expect(run(clear)).toMatchObject({
      kind: 'Act',
      action: {
        kind: 'RunTask',
        gate: 'migrate',
        rollout: world.rollout.name,
        taskDefinition: world.rollout.spec.taskDefinition,
      },
    })
  })

  it('is not run before the services were seen', () => {
    expect(run(clear, { observation: blank })).toMatchObject({ kind: 'Look', parts: ['services'] })
  })

  it.each([
    ['is waited for where another rollout asked for it a moment ago', 'prod-web-1', 20_000, 'Wait'],
    ['is run where what another rollout asked for must show by now', 'prod-web-1', MINUTE, 'Act'],
    ['is run where this rollout asked for it', world.rollout.name, 20_000, 'Act'],
  ])('%s', (_title, asker, ageMs, kind) => {
    const write = { before: '', after: asker, at: timestamp(now - ageMs) }
    const result = run(clear, { writes: { 'gate/migrate/task': write } })
    expect(result.kind).toBe(kind)
    if (result.kind !== 'Wait') return
    expect(result.lookAgainMs).toBe(40_000)
    expect(result.message).toBe(
      `gate migrate: waiting until ${timestamp(now + 40_000)}, when the task of the rollout before must show if it still runs`,
    )
  })

  it.each([
    ['before it was named', { token: 'mine', requestedAt: timestamp(now) }, undefined, 'waits until'],
    ['before it was named, with what was said', { token: 'mine' }, 'AccessDenied', 'waits until'],
    ['while it runs', { token: 'mine', arn, startedAt: timestamp(now) }, undefined, 'runs task f00'],
  ])('is waited for %s', (_title, task, message, words) => {
    const status = {
      ...begun,
      lastAttemptAt: timestamp(now),
      task,
      ...(message === undefined ? {} : { message }),
    }
    const result = run(status, { now: now + 1_000 })
    if (result.kind !== 'Wait') throw new Error(`it does not wait, but is ${result.kind}`)
    expect(result.reason).toBe('Gate')
    expect(result.lookAgainMs).toBe(4_000)
    expect(result.message).toContain(`gate migrate ${words}`)
    expect(result.message).toContain(timestamp(now + 5 * MINUTE))
    expect(result.message.endsWith(': AccessDenied')).toBe(message !== undefined)
    expect(result.message.includes('aws ecs describe-tasks --cluster shop --tasks f00')).toBe(
      words === 'runs task f00',
    )
  })

  it('is stopped once its time is over', () => {
    const status = {
      ...begun,
      lastAttemptAt: timestamp(now + 5 * MINUTE),
      task: { token: 'mine', arn, startedAt: timestamp(now), lastStatus: 'RUNNING' },
    }
    expect(run(status, { now: now + 5 * MINUTE + 1 })).toMatchObject({
      kind: 'Act',
      action: { kind: 'StopTask', gate: 'migrate', task: arn },
    })
  })

  it.each([
    ['well, whatever was said last', 0, 'task f00 is STOPPED', 'Passed'],
    ['badly, with what was said last', 3, 'out of memory', 'Failed'],
    ['badly, where nothing was said', 3, undefined, 'Failed'],
  ])('ends its gate when it ended %s', (_title, exitCode, message, result) => {
    const added = exitCode === 3 && message !== undefined ? ' (out of memory)' : ''
    const task = { token: 'mine', arn, startedAt: timestamp(now), lastStatus: 'STOPPED', exitCode }
    const ended = run({ ...begun, task, ...(message === undefined ? {} : { message }) })
    expect(ended.kind).toBe('Again')
    expect(gateStatus(ended.status, 'migrate')).toMatchObject({
      result,
      message: `its task f00 ended with exit code ${exitCode}${added}`,
      finishedAt: timestamp(now),
    })
  })
})

describe('a gate that verifies by a task', () => {
  const verify: DefaultedGate = { ...gate, when: 'Verify' }
  const first = {
    phase: 'Verifying',
    startedAt: timestamp(now),
    deadlineAt: timestamp(now + 290_000),
  } as const
  const rollout = {
    ...world.rollout,
    spec: { ...world.rollout.spec, gates: [verify] },
  }

  it('begins only once the test rule points at the idle side', () => {
    const toGreen = (seen: ReleaseWorld): void => seen.setWeights(testRule, { blue: 0, green: 100 })
    const step = after(
      () => first,
      toGreen,
      () => ({ rollout: { ...rollout, status: first } }),
    )
    expect(line(step)).toBe('Verifying Act PointTest')
    const pointed = after(
      () => first,
      nothing,
      () => ({ rollout: { ...rollout, status: first } }),
    )
    expect(line(pointed)).toBe('Verifying Act ProbeGate')
  })

  it('goes on once it has begun, without another look at the rule', () => {
    const status = { ...first, gates: [{ ...begun, when: 'Verify' as const }] }
    const step = stepOf(status, { rollout: { ...rollout, status } })
    expect(line(step)).toBe('Verifying Act ProbeGate')
  })
})
