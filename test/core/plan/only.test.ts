import { describe, expect, it } from 'vitest'

import { planRelease } from '../../../controller/core/plan.ts'
import { planRemoval } from '../../../controller/core/plan/removal.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { NEW, NOW, OLD, rolloutIn, seen, service, spec, tasks } from '../rollout/only.ts'
import { line } from './planning.ts'

const { traffic: _none, ...pairSpec } = desiredRelease().spec
const desired = {
  ...desiredRelease(),
  name: 'mailer',
  digest: 'd2',
  spec: {
    ...pairSpec,
    gates: [],
    service: { cluster: 'shop', desiredCount: 2 },
    strategy: { ...spec().strategy, type: 'Rolling' as const },
  },
  version: { taskDefinition: NEW, document: undefined },
}

const succeeded = (taskDefinition: string, digest: string): RolloutState =>
  rolloutIn('Succeeded', { outcome: 'Succeeded' }, spec({ taskDefinition, digest }))

const input = (change: Partial<PlanInput>): PlanInput => ({
  desired,
  status: { verified: { commit: desired.commit, digest: 'd2' } },
  last: undefined,
  lastSucceeded: undefined,
  nextNumber: 3,
  requests: { restart: undefined, retry: undefined },
  drift: { service: 'Correct', traffic: 'Correct', infrastructure: 'Alert', unmanaged: 'Alert' },
  freeze: undefined,
  served: new Set(),
  observation: seen(service({ taskDefinition: NEW }), tasks(NEW, 2)),
  now: NOW,
  mayWrite: true,
  pollMs: 1_000,
  stalenessBoundMs: 60_000,
  ...change,
})
const good = succeeded(NEW, 'd2')
const served = { last: good, lastSucceeded: good }

describe('what a release of one service needs', () => {
  it('is nothing when it runs what is wanted', () => {
    expect(line(planRelease(input(served)))).toBe('converged')
  })

  it('is a rollout to the service for a new version, which goes back to the last good one', () => {
    const before = succeeded(OLD, 'd1')
    const decision = planRelease(
      input({ last: before, lastSucceeded: before, observation: seen(service(), tasks(OLD, 2)) }),
    )
    expect(decision).toMatchObject({
      kind: 'Start',
      spec: {
        why: 'Commit',
        to: {},
        from: { taskDefinition: OLD, rollout: 'prod-mailer-2' },
        desiredCount: 2,
        service: { cluster: 'shop', name: 'mailer' },
      },
    })
    expect(decision.kind === 'Start' && decision.spec.traffic).toBeUndefined()
  })

  it('is a rollout against drift where somebody set another version, and that is nothing to go back to', () => {
    const observation = seen(service({ taskDefinition: `${OLD}9` }), tasks(`${OLD}9`, 2))
    expect(planRelease(input({ ...served, observation }))).toMatchObject({
      kind: 'Start',
      spec: { why: 'Drift', from: { taskDefinition: NEW } },
    })
  })

  it('is its count where somebody changed that', () => {
    const observation = seen(service({ taskDefinition: NEW, desiredCount: 5 }), tasks(NEW, 5))
    expect(line(planRelease(input({ ...served, observation })))).toBe('mend: scale the service to 2 tasks')
  })

  it('is no change of a count that is not Steersman’s', () => {
    const { desiredCount: _count, ...rest } = desired.spec.service
    const observation = seen(service({ taskDefinition: NEW, desiredCount: 5 }), tasks(NEW, 5))
    const left = { ...desired, spec: { ...desired.spec, service: rest } }
    expect(line(planRelease(input({ ...served, observation, desired: left })))).toBe('converged')
  })

  it('is nothing more after that version failed, and is told', () => {
    const before = succeeded(OLD, 'd1')
    const failed = rolloutIn('RolledBack', { outcome: 'RolledBack', reason: 'DeploymentFailed' })
    const observation = seen(service(), tasks(OLD, 2))
    const decision = planRelease(input({ last: failed, lastSucceeded: before, observation }))
    expect(line(decision)).toBe('Refused: DeploymentFailed')
  })

  it('is the last good version where somebody deleted its service, while the wanted one is refused', () => {
    const before = succeeded(OLD, 'd1')
    const failed = rolloutIn('RolledBack', { outcome: 'RolledBack', reason: 'DeploymentFailed' })
    expect(
      planRelease(input({ last: failed, lastSucceeded: before, observation: seen(null) })),
    ).toMatchObject({ kind: 'Start', spec: { why: 'Drift', taskDefinition: OLD, to: {} } })
  })

  it('comes from nothing where what runs there failed and does not run', () => {
    const failed = rolloutIn(
      'RolledBack',
      { outcome: 'RolledBack' },
      spec({ taskDefinition: OLD, digest: 'd1' }),
    )
    const observation = seen(service({ runningCount: 0 }))
    expect(planRelease(input({ last: failed, observation }))).toMatchObject({
      kind: 'Start',
      spec: { from: {} },
    })
  })

  it('is a person where the release was a pair before', () => {
    const pair = succeeded(OLD, 'd1')
    const names = { blue: 'mailer-blue', green: 'mailer-green' }
    const before = {
      ...pair,
      spec: { ...pair.spec, to: { side: 'blue' as const }, service: { cluster: 'shop', names } },
    }
    const decision = planRelease(input({ last: before, lastSucceeded: before, observation: seen(null) }))
    expect(line(decision)).toBe('Stall: ServicesRenamed')
    expect(decision.kind === 'Stall' && decision.message).toContain('mailer-blue and mailer-green')
  })

  it('is that it is emptied when it is removed and pruned', () => {
    const observation = { ...seen(service()), seen: ['services', 'rules'] as const }
    expect(planRemoval(observation, { mayWrite: true, isAutoscaled: false })).toMatchObject({
      kind: 'Act',
      action: { kind: 'ScaleService', side: 'only', desiredCount: 0 },
    })
  })
})
