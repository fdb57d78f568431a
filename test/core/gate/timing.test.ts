import { describe, expect, it } from 'vitest'
import {
  BATCH_MS,
  firstAnswerMs,
  intervalOf,
  INVOCATION_MS,
  timeoutOf,
} from '../../../controller/core/gate/timing.ts'
import type { DefaultedGate } from '../../../controller/resources/types.ts'

const gate = (check: object): DefaultedGate => ({ name: 'smoke', timeout: '1m', ...check }) as DefaultedGate
const http = { interval: '2s', requestTimeout: '3s' }
const cloudwatch = { period: '1m' }

describe('the time between two questions of a gate', () => {
  it.each([
    ['an http gate says it itself', { http }, 2_000],
    ['a query of Prometheus says it itself', { prometheus: { interval: '15s' } }, 15_000],
    ['a metric has nothing new before its period is over', { cloudwatch }, 60_000],
    ['a function is asked as ECS asks its hooks', { lambda: { function: 'arn' } }, 30_000],
    ['a program is not started more often', { script: { command: ['x'], runTimeout: '1m' } }, 30_000],
    ['alarms are looked at more often than they change', { alarms: ['5xx'] }, 15_000],
    ['a warming sends one batch in a second', { warming: { requests: 10 } }, 1_000],
    ['a webhook is somebody else’s', { webhook: { url: 'https://x' } }, 10_000],
    ['a task is looked at', { task: { command: ['x'] } }, 5_000],
  ])('%s', (_why, check, ms) => {
    expect(intervalOf(gate(check))).toBe(ms)
  })

  it('is what the one who was asked has said', () => {
    expect(intervalOf(gate({ lambda: { function: 'arn' } }), { pauseSeconds: 90 })).toBe(90_000)
  })
})

describe('the time for one question of a gate', () => {
  it.each([
    ['a request', { http }, 3_000],
    [
      'a batch of requests, and the answer to its last one',
      { warming: { requestTimeout: '2s' } },
      BATCH_MS + 2_000,
    ],
    ['an invocation', { lambda: { function: 'arn' } }, INVOCATION_MS],
    ['a run', { script: { command: ['x'], runTimeout: '10s' } }, 10_000],
    ['a call to AWS', { cloudwatch }, 10_000],
  ])('is that of %s', (_what, check, ms) => {
    expect(timeoutOf(gate(check))).toBe(ms)
  })

  it('begins for a metric when its first period can be over', () => {
    expect(firstAnswerMs(gate({ cloudwatch }))).toBe(120_000)
    expect(firstAnswerMs(gate({ http }))).toBe(0)
  })
})
