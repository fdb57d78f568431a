import { describe, expect, it } from 'vitest'
import type { EnvironmentView, ReleaseView, RolloutView } from '../../controller/api/view.ts'
import { viewOf } from '../../controller/api/view.ts'
import { ago, lengthOf } from '../../controller/dashboard/times.js'
import {
  adviceFor,
  environmentStanding,
  goalOf,
  liveVersion,
  releaseStanding,
  rolloutStanding,
  stagesOf,
} from '../../controller/dashboard/words.js'
import type { NewObject } from '../../controller/ports/store.ts'
import type { EnvironmentStatus, ReleaseStatus, RolloutStatus } from '../../controller/resources/types.ts'
import { environmentObject, releaseObject, rolloutObject } from '../api/objects.ts'

const key = { environment: 'prod', release: 'web' }
const viewed = (object: NewObject, annotations?: Record<string, string>) =>
  viewOf({
    apiVersion: 'steersman.dev/v1alpha1',
    ...object,
    metadata: {
      ...object.metadata,
      ...(annotations === undefined ? {} : { annotations }),
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      uid: 'u',
    },
  })

const environment = (
  status: EnvironmentStatus,
  annotations?: Record<string, string>,
  spec = {},
): EnvironmentView => viewed(environmentObject('prod', status, spec), annotations) as EnvironmentView
const release = (status: ReleaseStatus): ReleaseView => viewed(releaseObject(key, status)) as ReleaseView
const rollout = (status: RolloutStatus, spec = {}): RolloutView =>
  viewed(rolloutObject({ ...key, number: 7 }, status, spec)) as RolloutView

const is = (type: string, message = 'why') => ({
  conditions: [{ type, status: 'True' as const, reason: 'R', message, lastTransitionTime: 'then' }],
})

describe('how an environment stands', () => {
  it.each([
    [environment({}), 'busy', 'It was not read yet.'],
    [environment(is('Ready')), 'good', 'What the branch wants is verified and takes the traffic.'],
    [environment(is('Reconciling', 'one of two serves')), 'busy', 'One of two serves'],
    [environment(is('Stalled', 'no such branch')), 'bad', 'No such branch'],
    [environment(is('TagMissing', 'the tag is gone')), 'bad', 'The tag is gone'],
    [
      environment({ held: { by: 'eve', at: 'then', to: 'a'.repeat(40) } }),
      'idle',
      'eve moved the tag to aaaaaaa: that version stays until somebody resumes.',
    ],
    [
      environment(is('Ready'), {
        'steersman.dev/pausedAt': '2026-01-02T00:00:00Z',
        'steersman.dev/pausedBy': 'olga',
      }),
      'idle',
      'Paused by olga: nothing is written until it is resumed.',
    ],
    [
      environment(is('Ready'), {
        'steersman.dev/pausedAt': '2026-01-02T00:00:00Z',
        'steersman.dev/resumedAt': '2026-01-03T00:00:00Z',
      }),
      'good',
      'What the branch wants is verified and takes the traffic.',
    ],
    [
      environment(is('Ready'), undefined, { suspend: true }),
      'idle',
      'Suspended in its configuration: it looks and reports, and writes nothing.',
    ],
  ])('is said in a sentence (%#)', (view, tone, sentence) => {
    expect(environmentStanding(view)).toMatchObject({ tone, sentence })
  })
})

describe('how a release stands', () => {
  it.each([
    [release({}), undefined, 'Working'],
    [release(is('Ready')), undefined, 'Serving'],
    [release({ ...is('Ready'), pinned: { rollout: 3, reason: 'v4 is slow' } }), undefined, 'Pinned'],
    [release(is('Drifted')), undefined, 'Drifted'],
    [release(is('Stalled')), undefined, 'Needs you'],
    [release({ waiting: { reason: 'ImageNotFound', message: 'no image yet' } }), undefined, 'Waiting'],
    [release(is('Stalled')), rollout({ phase: 'Baking' }), 'Baking'],
  ])('is said in a word (%#)', (view, running, word) => {
    expect(releaseStanding(view, running).word).toBe(word)
  })

  it('is told by its reason where a rollout failed', () => {
    expect(rolloutStanding(rollout({ phase: 'RolledBack', message: 'gate smoke failed' }))).toEqual({
      tone: 'bad',
      word: 'Rolled back',
      sentence: 'Gate smoke failed',
    })
  })
})

describe('a shift', () => {
  it.each([
    [{ step: 1, steps: 3 }, 'Traffic moves to the new version: step 1 of 3.'],
    [{ step: 0, steps: 1 }, 'Traffic moves to the new version.'],
    [{}, 'Traffic moves to the new version.'],
    [{ reason: 'GroupNotReady', message: 'ready, and waits for api' }, 'Ready, and waits for api'],
  ])('%j', (status, sentence) => {
    expect(rolloutStanding(rollout({ phase: 'Shifting', ...status })).sentence).toBe(sentence)
  })
})

describe('the stages of a rollout', () => {
  it.each<[RolloutStatus, string]>([
    [{ phase: 'Pending' }, 'Start:now Verify:ahead Shift:ahead Bake:ahead Done:ahead'],
    [{ phase: 'Verifying' }, 'Start:done Verify:now Shift:ahead Bake:ahead Done:ahead'],
    [{ phase: 'AwaitingApproval' }, 'Start:done Verify:now Shift:ahead Bake:ahead Done:ahead'],
    [{ phase: 'Shifting' }, 'Start:done Verify:done Shift:now Bake:ahead Done:ahead'],
    [{ phase: 'Baking' }, 'Start:done Verify:done Shift:done Bake:now Done:ahead'],
    [{ phase: 'Succeeded' }, 'Start:done Verify:done Shift:done Bake:done Done:done'],
    [
      { phase: 'RollingBack', gates: [{ name: 'g', when: 'Verify', result: 'Failed' }] },
      'Start:done Verify:failed Shift:ahead Bake:ahead Done:ahead',
    ],
    [
      { phase: 'RolledBack', gates: [{ name: 'g', when: 'Bake', result: 'TimedOut' }], shiftedAt: 'then' },
      'Start:done Verify:done Shift:done Bake:failed Done:ahead',
    ],
    [{ phase: 'Aborted', shiftedAt: 'then' }, 'Start:done Verify:done Shift:failed Bake:ahead Done:ahead'],
  ])('%j', (status, expected) => {
    const stages = stagesOf(rollout(status)).map(({ name, state }) => `${name}:${state}`)
    expect(stages.join(' ')).toBe(expected)
  })
})

describe('a rollout of one service', () => {
  const ofOne = (status: RolloutStatus): RolloutView => rollout(status, { from: {}, to: {} })

  it.each<[RolloutStatus, string]>([
    [{ phase: 'Pending' }, 'Start:now Replace:ahead Bake:ahead Done:ahead'],
    [{ phase: 'Shifting' }, 'Start:done Replace:now Bake:ahead Done:ahead'],
    [{ phase: 'Baking' }, 'Start:done Replace:done Bake:now Done:ahead'],
    [{ phase: 'Succeeded' }, 'Start:done Replace:done Bake:done Done:done'],
    [{ phase: 'RolledBack', shiftedAt: 'then' }, 'Start:done Replace:failed Bake:ahead Done:ahead'],
  ])('has stages of its own: %j', (status, expected) => {
    const stages = stagesOf(ofOne(status)).map(({ name, state }) => `${name}:${state}`)
    expect(stages.join(' ')).toBe(expected)
  })

  it('speaks of no side and no traffic', () => {
    expect(rolloutStanding(ofOne({ phase: 'Shifting' })).sentence).toBe(
      'ECS replaces the tasks of the service by those of the new version.',
    )
    expect(goalOf(ofOne({}))).toBe('')
  })
})

describe('what to do next', () => {
  const context = { environment: 'prod', running: undefined, newest: undefined, paused: false }
  it.each([
    [release(is('Ready')), {}, undefined],
    [release(is('Ready')), { paused: true }, 'steersman resume prod'],
    [
      release(is('Ready')),
      { running: rollout({ phase: 'Baking', awaiting: { gate: 'sign-off', since: 'then' } }) },
      'steersman approve prod/web --gate sign-off --rollout 7',
    ],
    [release(is('Stalled')), { running: rollout({ phase: 'Baking' }) }, undefined],
    [release(is('Stalled')), { newest: rollout({ phase: 'RolledBack' }) }, 'steersman retry prod/web'],
    [release(is('Stalled')), {}, 'steersman diff prod/web'],
    [release(is('Drifted')), {}, 'steersman drift prod'],
    [release({ ...is('Ready'), pinned: { reason: 'x' } }), {}, 'steersman unpin prod/web'],
  ])('is a command (%#)', (view, more, command) => {
    expect(adviceFor(view, { ...context, ...more })?.command).toBe(command)
  })
})

describe('the version that serves', () => {
  const image = { repository: 'shop', tag: 'v7', digest: 'sha256:7' }
  it.each([
    [release({}), [], undefined],
    [release({ live: { side: 'none' } }), [], undefined],
    [release({ live: { side: 'blue', taskDefinition: 'arn:x/web:7' } }), [], 'web:7'],
    [
      release({ live: { side: 'blue', taskDefinition: 'arn:x/web:7' } }),
      [rollout({}, { taskDefinition: 'arn:x/web:7', image })],
      'v7',
    ],
  ])('is what people call it (%#)', (view, rollouts, expected) => {
    expect(liveVersion(view, rollouts)).toBe(expected)
  })
})

describe('times', () => {
  it.each([
    [0, '0 s'],
    [340, '0.3 s'],
    [59_000, '59 s'],
    [250_000, '4 min 10 s'],
    [7_200_000, '2 h'],
    [90_061_000, '1 d 1 h'],
    [-5, '0 s'],
  ])('%i ms is %s', (durationMs, text) => {
    expect(lengthOf(durationMs)).toBe(text)
  })

  it.each([
    [-60, 'just now'],
    [3, 'just now'],
    [45, '45 s ago'],
    [3_599, '59 min ago'],
    [100_000, '1 d ago'],
  ])('%i seconds back is %s', (seconds, text) => {
    const now = Date.UTC(2026, 0, 1)
    expect(ago(new Date(now - seconds * 1_000).toISOString(), now)).toBe(text)
  })
})
