import { describe, expect, it } from 'vitest'
import { toldOf } from '../../../../controller/adapters/kubernetes/events/told.ts'
import type { SteersmanEvent } from '../../../../controller/core/event.ts'

const key = { environment: 'prod', release: 'web' }
const rollout = { ...key, rollout: 'prod-web-7' }

const finished = (outcome: string): SteersmanEvent => ({
  type: 'RolloutFinished',
  ...rollout,
  outcome,
  reason: 'GateFailed',
  message: 'gate smoke failed',
  strategy: 'BlueGreen',
  durationMs: 1,
  waitMs: 0,
  commitToTrafficMs: undefined,
})

const failure = (kind: 'Environment' | 'Release' | 'Infrastructure', of: string): SteersmanEvent => ({
  type: 'ReconcileFailed',
  kind,
  key: of,
  code: 'AccessDenied',
  message: 'no',
  retryMs: 1,
})

const lines = (event: SteersmanEvent): readonly string[] =>
  toldOf(event).map(
    ({ kind, name, type, reason, action, note }) => `${kind}/${name} ${type} ${reason} ${action}: ${note}`,
  )

describe('what Kubernetes is told', () => {
  it.each<[SteersmanEvent, readonly string[]]>([
    [
      {
        type: 'RolloutStarted',
        ...rollout,
        why: 'Commit',
        who: 'steersman',
        commit: '0123456789abcdef',
        to: 'green',
      },
      [
        'Release/prod-web Normal RolloutStarted Deploy: rollout prod-web-7 started towards green: Commit by steersman, commit 0123456789ab',
        'Rollout/prod-web-7 Normal RolloutStarted Deploy: started towards green: Commit by steersman, commit 0123456789ab',
      ],
    ],
    [
      { type: 'PhaseEntered', ...rollout, phase: 'Verifying', message: '' },
      ['Rollout/prod-web-7 Normal Verifying Deploy: is Verifying'],
    ],
    [
      { type: 'PhaseEntered', ...rollout, phase: 'Shifting', message: 'step 1 of 2' },
      ['Rollout/prod-web-7 Normal Verified MoveTraffic: is Shifting: step 1 of 2'],
    ],
    [
      { type: 'PhaseEntered', ...rollout, phase: 'RollingBack', message: 'gate smoke failed' },
      ['Rollout/prod-web-7 Warning RollingBack RollBack: is RollingBack: gate smoke failed'],
    ],
    [{ type: 'PhaseEntered', ...rollout, phase: 'Succeeded', message: '' }, []],
    [
      finished('Succeeded'),
      [
        'Release/prod-web Normal RolloutSucceeded Deploy: rollout prod-web-7 ended Succeeded (GateFailed): gate smoke failed',
        'Rollout/prod-web-7 Normal RolloutSucceeded Deploy: ended Succeeded (GateFailed): gate smoke failed',
      ],
    ],
    [
      finished('RolledBack'),
      [
        'Release/prod-web Warning RolloutRolledBack RollBack: rollout prod-web-7 ended RolledBack (GateFailed): gate smoke failed',
        'Rollout/prod-web-7 Warning RolloutRolledBack RollBack: ended RolledBack (GateFailed): gate smoke failed',
      ],
    ],
    [
      { type: 'GateFinished', ...rollout, gate: 'smoke', result: 'TimedOut', message: '' },
      ['Rollout/prod-web-7 Warning GateTimedOut Verify: gate smoke TimedOut'],
    ],
    [
      { type: 'ManifestRefused', environment: 'prod', commit: 'abc', issues: 2, first: 'web.yaml:1:1 no' },
      [
        'Environment/prod Warning ManifestRefused ReadManifests: commit abc is refused for 2 issues, first: web.yaml:1:1 no',
      ],
    ],
    [
      { type: 'DriftCorrected', ...key, action: 'SetWeights', message: 'weights back' },
      ['Release/prod-web Normal DriftCorrected SetWeights: weights back'],
    ],
    [
      { type: 'ConfigurationRefused', file: 'Environment/prod', message: 'spec.aws is missing' },
      ['Environment/prod Warning ConfigurationRefused ReadSpec: spec.aws is missing'],
    ],
    [{ type: 'ConfigurationRefused', file: '/etc/steersman/a.yaml', message: 'no' }, []],
    [
      { type: 'LeaseChanged', lease: 'controller', held: true, epoch: 3, message: 'the lease is ours' },
      ['Lease/steersman-controller Normal LeaderElection TakeLease: the lease is ours (epoch 3)'],
    ],
    [
      failure('Release', 'release/prod/web'),
      ['Release/prod-web Warning ReconcileFailed Reconcile: AccessDenied: no'],
    ],
    [
      failure('Infrastructure', 'infrastructure/prod'),
      ['Environment/prod Warning ReconcileFailed Reconcile: AccessDenied: no'],
    ],
    [{ type: 'QueueWaited', durationMs: 1 }, []],
  ])('says of $type what happened to whom', (event, expected) => {
    expect(lines(event)).toEqual(expected)
  })

  it('tells of traffic when a weight was written by a rollout, and of no other action', () => {
    const done = { ...rollout, requestId: undefined, durationMs: 1, message: 'green to 10' }
    expect(lines({ type: 'ActionDone', ...done, action: 'SetWeights' })).toEqual([
      'Release/prod-web Normal TrafficMoved MoveTraffic: rollout prod-web-7: green to 10',
      'Rollout/prod-web-7 Normal TrafficMoved MoveTraffic: green to 10',
    ])
    expect(lines({ type: 'ActionDone', ...done, action: 'ScaleService' })).toEqual([])
    expect(lines({ type: 'ActionDone', ...done, rollout: '', action: 'SetWeights' })).toEqual([])
  })

  it('keeps what drifted to itself, and says where', () => {
    const values = { wanted: 'hunter2', live: 'hunter3' }
    const event = {
      type: 'DriftFound',
      ...key,
      kind: 'Release',
      fieldClass: 'Ours',
      path: '/service/desiredCount',
    } as const
    expect(lines({ ...event, ...values })).toEqual([
      'Release/prod-web Warning DriftFound Compare: differs from git at /service/desiredCount',
    ])
  })
})
