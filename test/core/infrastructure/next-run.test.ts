import { describe, expect, it } from 'vitest'
import { nextRun } from '../../../controller/core/infrastructure/next-run.ts'
import type { NextRun, RunFacts } from '../../../controller/core/infrastructure/next-run.ts'
import { timestamp } from '../../../controller/core/time.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const HOUR = 3_600_000
const ago = (milliseconds: number): string => timestamp(NOW - milliseconds)
const nothing = { approval: undefined, unlock: undefined, again: false }

const facts = (changed: Partial<RunFacts> = {}): RunFacts => ({
  inputDigest: 'sha256:new',
  status: {},
  driftIntervalMs: HOUR,
  looksForDrift: true,
  requests: nothing,
  now: NOW,
  freeze: undefined,
  ...changed,
})
const applied = { inputDigest: 'sha256:new', checkedAt: ago(0) }
const failure = (
  attempts: number,
  agoMs: number,
  inputDigest = 'sha256:new',
): NonNullable<RunFacts['status']['failure']> => ({
  inputDigest,
  reason: 'TerraformPlanFailed',
  message: 'no',
  at: ago(agoMs),
  attempts,
})
const plan = (
  id: string,
  agoMs: number,
  inputDigest = 'sha256:new',
): NonNullable<RunFacts['status']['plan']> => ({
  id,
  commit: 'c',
  inputDigest,
  serial: 1,
  at: ago(agoMs),
  verdict: 'Destructive',
  permission: 'AwaitApproval',
  summary: '1 to destroy',
})

describe('Whether Terraform runs', () => {
  it.each<[string, Partial<RunFacts>, NextRun]>([
    ['at first', {}, { kind: 'Run', cause: 'Changed' }],
    [
      'when the inputs changed',
      { status: { inputDigest: 'sha256:old', checkedAt: ago(0) } },
      { kind: 'Run', cause: 'Changed' },
    ],
    ['not while they are applied', { status: applied }, { kind: 'Rest', forMs: HOUR }],
    [
      'when a look for drift is due',
      { status: { ...applied, checkedAt: ago(HOUR) } },
      { kind: 'Run', cause: 'Drift' },
    ],
    [
      'not for drift that is ignored',
      { status: { ...applied, checkedAt: ago(HOUR) }, looksForDrift: false },
      { kind: 'Rest', forMs: undefined },
    ],
    [
      'when somebody asks',
      { status: applied, requests: { ...nothing, again: true } },
      { kind: 'Run', cause: 'Drift' },
    ],
    [
      'first to end what was interrupted',
      {
        status: {
          ...applied,
          applying: { commit: 'c', inputDigest: 'd', planDigest: 'p', startedAt: ago(1) },
        },
      },
      { kind: 'Run', cause: 'Interrupted' },
    ],
    [
      'again later for what was interrupted, where its lock is held elsewhere',
      {
        status: {
          applying: { commit: 'c', inputDigest: 'd', planDigest: 'p', startedAt: ago(1) },
          failure: failure(2, 0),
        },
      },
      { kind: 'Rest', forMs: 120_000 },
    ],
    [
      'to free a lock',
      { status: applied, requests: { ...nothing, unlock: { id: 'l' } } },
      { kind: 'Run', cause: 'Unlock' },
    ],
    ['not while a plan waits', { status: { plan: plan('p', 1_000) } }, { kind: 'Rest', forMs: HOUR - 1_000 }],
    [
      'when the plan that waits is old',
      { status: { plan: plan('p', HOUR) } },
      { kind: 'Run', cause: 'Changed' },
    ],
    [
      'when another commit came than the one whose plan waits',
      { status: { plan: plan('p', 0, 'sha256:old') } },
      { kind: 'Run', cause: 'Changed' },
    ],
    [
      'for the plan that is approved',
      { status: { plan: plan('p', 0) }, requests: { ...nothing, approval: { plan: 'p' } } },
      { kind: 'Run', cause: 'Approved' },
    ],
    [
      'not for the approval of another one',
      { status: { plan: plan('p', 0) }, requests: { ...nothing, approval: { plan: 'q' } } },
      { kind: 'Rest', forMs: HOUR },
    ],
    [
      'not right after a failure',
      { status: { failure: failure(1, 20_000) } },
      { kind: 'Rest', forMs: 40_000 },
    ],
    ['later and later', { status: { failure: failure(3, 0) } }, { kind: 'Rest', forMs: 240_000 }],
    ['at least once an hour', { status: { failure: failure(40, 0) } }, { kind: 'Rest', forMs: HOUR }],
    [
      'when the time after a failure is over',
      { status: { failure: failure(1, 60_000) } },
      { kind: 'Run', cause: 'Changed' },
    ],
    [
      'for other inputs than those that failed',
      { status: { failure: failure(9, 0, 'sha256:old') } },
      { kind: 'Run', cause: 'Changed' },
    ],
    [
      'at once where the clock was set back since, which may be by hours',
      { status: { failure: failure(1, -HOUR) } },
      { kind: 'Run', cause: 'Changed' },
    ],
    [
      'on failed looks for drift too',
      { status: { ...applied, checkedAt: ago(HOUR), failure: failure(1, 60_000) } },
      { kind: 'Run', cause: 'Drift' },
    ],
  ])('%s', (_, changed, expected) => {
    expect(nextRun(facts(changed))).toEqual(expected)
  })
})
