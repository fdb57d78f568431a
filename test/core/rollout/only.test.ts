import { describe, expect, it } from 'vitest'

import { blankObservation } from '../../../controller/engine/observe.ts'
import { deployment, line, NEW, NOW, OLD, rolloutIn, seen, service, spec, step, tasks } from './only.ts'

const ours = (change: Parameters<typeof deployment>[0] = {}): ReturnType<typeof deployment> =>
  deployment({ id: 'ecs-svc/2', taskDefinition: NEW, createdAt: NOW - 300_000, ...change })
const updated = (change: Parameters<typeof service>[0] = {}): ReturnType<typeof service> =>
  service({ taskDefinition: NEW, deployments: [ours()], ...change })
const given = {
  'service/only': { before: `${OLD} x 2`, after: `${NEW} x 2`, at: new Date(NOW - 300_000).toISOString() },
}

describe('a rollout of one service', () => {
  it('looks before it touches anything, and remembers the deployments that are there', () => {
    const pending = { ...rolloutIn('Pending'), status: { phase: 'Pending' as const } }
    expect(line(step(pending, blankObservation))).toBe('Provisioning: look at services, only')
    const first = step(pending, seen(service(), tasks(OLD, 2)))
    expect(line(first)).toBe(
      `Shifting: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: NEW, desiredCount: 2 })}`,
    )
    expect(first.status).toMatchObject({ deploymentsBefore: ['ecs-svc/1'], originCount: 2 })
    expect(first.status.weights).toBeUndefined()
  })

  it('creates a service that is missing', () => {
    expect(line(step(rolloutIn('Shifting'), seen(null)))).toBe(
      `Shifting: CreateService ${JSON.stringify({ side: 'only', taskDefinition: NEW, desiredCount: 2 })}`,
    )
  })

  it('leaves a count alone that is not Steersman’s', () => {
    const { desiredCount: _none, ...rest } = spec()
    const rollout = rolloutIn('Shifting', {}, rest)
    expect(line(step(rollout, seen(service({ desiredCount: 7 }), tasks(OLD, 7))))).toBe(
      `Shifting: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: NEW })}`,
    )
  })

  it.each([
    [
      'while old tasks run',
      updated(),
      [...tasks(NEW, 2, 60_000), ...tasks(OLD, 1)],
      'Shifting: wait Replacing',
    ],
    ['while tasks are missing', updated(), tasks(NEW, 1, 60_000), 'Shifting: wait Replacing'],
    [
      'while ECS is not done',
      updated({ deployments: [ours({ rolloutState: 'IN_PROGRESS' })] }),
      tasks(NEW, 2, 60_000),
      'Shifting: wait Replacing',
    ],
    ['until all is there', updated(), tasks(NEW, 2, 60_000), 'Baking: wait Baking'],
  ])('waits %s', (_when, found, running, expected) => {
    expect(line(step(rolloutIn('Shifting'), seen(found, running)))).toContain(expected)
  })

  it('says how far ECS is', () => {
    const deployments = [ours({ rolloutState: 'IN_PROGRESS' })]
    const running = [...tasks(NEW, 1, 60_000), ...tasks(OLD, 1)]
    expect(line(step(rolloutIn('Shifting'), seen(updated({ deployments }), running)))).toBe(
      "Shifting: wait Replacing: 1 of 2 tasks of prod-mailer:2 run; 1 other still runs; ECS's deployment is IN_PROGRESS",
    )
  })

  it('goes back when the circuit breaker gives the version up, in ECS’s words', () => {
    const rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.'
    const deployments = [ours({ rolloutState: 'FAILED', rolloutStateReason })]
    const back = step(
      rolloutIn('Shifting', { originCount: 2 }),
      seen(updated({ deployments }), tasks(OLD, 2)),
    )
    expect(line(back)).toBe(
      `RollingBack: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: OLD, desiredCount: 2 })}`,
    )
    expect(back.status).toMatchObject({ reason: 'DeploymentFailed', message: rolloutStateReason })
  })

  it.each([
    ['with the failed deployment still there', [ours({ status: 'ACTIVE', rolloutState: 'FAILED' })], []],
    [
      'told by an event alone',
      [],
      [{ at: NOW - 100_000, message: 'rolling back to (deployment ecs-svc/3).' }],
    ],
    ['told by nothing but the service', [], []],
  ])('takes ECS’s own way back for a failure, %s', (_how, others, events) => {
    const deployments = [deployment({ id: 'ecs-svc/3', createdAt: NOW - 100_000 }), ...others]
    const observation = seen(service({ deployments, events }), tasks(OLD, 2))
    const ended = step(rolloutIn('Shifting', { originCount: 2 }), observation, { writes: given })
    expect(ended.kind).toBe('Finished')
    expect(ended.status).toMatchObject({ outcome: 'RolledBack', reason: 'DeploymentFailed' })
  })

  it('gives the version again where a person set another one', () => {
    const other = service({ taskDefinition: `${OLD}9`, deployments: [deployment({ id: 'x' })] })
    expect(line(step(rolloutIn('Shifting'), seen(other, tasks(OLD, 2)), { writes: given }))).toContain(
      'Shifting: UpdateService',
    )
  })

  it('forces a new deployment of what ECS gave up before, once', () => {
    const failed = deployment({ taskDefinition: NEW, rolloutState: 'FAILED' })
    const before = seen(service({ taskDefinition: NEW, deployments: [failed] }))
    expect(line(step(rolloutIn('Shifting'), before))).toContain('"forceNewDeployment":true')
    expect(line(step(rolloutIn('Shifting'), seen(updated(), tasks(NEW, 1))))).not.toContain('force')
  })

  it('waits until it is clear whether a forced deployment was begun', () => {
    const rollout = rolloutIn('Shifting', {}, spec({ why: 'Restart', from: { taskDefinition: NEW } }))
    const observation = seen(
      service({ taskDefinition: NEW, deployments: [deployment({ taskDefinition: NEW })] }),
      tasks(NEW, 2),
    )
    const value = `${NEW} x 2`
    const at = new Date(NOW - 10_000).toISOString()
    const writes = { 'service/only': { before: value, after: value, at, ambiguous: true } }
    expect(line(step(rollout, observation))).toContain('"forceNewDeployment":true')
    expect(line(step(rollout, observation, { writes }))).toContain('wait ReadBack')
  })
})

describe('the bake of one service', () => {
  const baking = rolloutIn('Baking', { phaseStartedAt: new Date(NOW - 301_000).toISOString() })

  it('ends well when as many tasks as are wanted have run through it', () => {
    expect(line(step(baking, seen(updated(), tasks(NEW, 2, 302_000))))).toBe(
      'Succeeded: Succeeded: the new version runs',
    )
  })

  it('does not count tasks that were started meanwhile', () => {
    const running = [...tasks(NEW, 1, 302_000), ...tasks(NEW, 1, 20_000)]
    expect(line(step(baking, seen(updated(), running)))).toBe(
      'Baking: wait Unsteady: the bake time is over, but only 1 of 2 tasks have run for 5m; the others were started meanwhile',
    )
  })

  it('fails when none runs any more, but not by what may be an old reading', () => {
    expect(step(baking, seen(updated())).status).toMatchObject({ reason: 'NoTasksRunning' })
    const fresh = rolloutIn('Baking', { phaseStartedAt: new Date(NOW - 10_000).toISOString() })
    expect(line(step(fresh, seen(updated())))).toContain('Baking: wait ReadBack')
  })

  it('brings the version back where somebody changed the count', () => {
    expect(line(step(baking, seen(updated({ desiredCount: 1 }), tasks(NEW, 1))))).toContain(
      'Baking: UpdateService',
    )
  })
})

describe('the way back of one service', () => {
  const returning = rolloutIn('RollingBack', {
    outcome: 'RolledBack',
    reason: 'Aborted',
    message: 'no',
    originCount: 3,
  })

  it('is watched to its end', () => {
    const deployments = [deployment({ id: 'ecs-svc/3', rolloutState: 'IN_PROGRESS' })]
    const halfway = seen(service({ desiredCount: 3, deployments }), tasks(OLD, 1))
    expect(line(step(returning, halfway))).toMatch(
      /^RollingBack: wait Returning: going back until 2026-01-01T12:20/,
    )
    expect(line(step(returning, seen(service({ desiredCount: 3 }), tasks(OLD, 3))))).toBe(
      'RolledBack: Aborted: no',
    )
  })

  it('gives the count that it had', () => {
    expect(line(step(returning, seen(updated(), tasks(NEW, 2))))).toContain('"desiredCount":3')
  })

  it('is begun anew where ECS gives up what was good', () => {
    const failed = deployment({ id: 'ecs-svc/3', rolloutState: 'FAILED' })
    const observation = seen(service({ desiredCount: 3, deployments: [failed] }), tasks(OLD, 1))
    expect(line(step(returning, observation))).toContain('"forceNewDeployment":true')
  })

  it('is not begun anew for what ECS gave up before the rollout: that may be an old reading after a write', () => {
    const failed = deployment({ rolloutState: 'FAILED' })
    const before = seen(service({ desiredCount: 3, deployments: [failed] }), tasks(OLD, 1))
    const writtenBefore = (ms: number, stalenessBoundMs = 60_000): string => {
      const at = new Date(NOW - ms).toISOString()
      const writes = { 'service/only': { before: `${NEW} x 2`, after: `${OLD} x 3`, at } }
      return line(step(returning, before, { writes, stalenessBoundMs }))
    }
    expect(writtenBefore(1_000)).toContain('wait ReadBack: waiting until AWS shows the new deployment')
    expect(writtenBefore(60_000)).toContain('"forceNewDeployment":true')
    const ofAnEarlierRollout = 600_001
    expect(writtenBefore(ofAnEarlierRollout, 900_000)).toContain('"forceNewDeployment":true')
  })

  it('ends after as long as a rollout may take', () => {
    const observation = seen(updated(), tasks(NEW, 2))
    const late = step(returning, observation, { now: NOW + 1_800_000 })
    expect(line(late)).toContain('RolledBack: Aborted: no; the earlier version does not come back')
  })

  it('is not given up for the time in which the environment was suspended', () => {
    const suspendedSince = new Date(NOW - 1_700_000).toISOString()
    const held = { ...returning, status: { ...returning.status, suspendedSince } }
    expect(line(step(held, seen(updated(), tasks(NEW, 2)), { now: NOW + 1_800_000 }))).toContain(
      'UpdateService',
    )
  })

  it('gets as much time as the whole rollout had', () => {
    const turned = step(rolloutIn('Shifting', { deadlineAt: new Date(NOW).toISOString() }), seen(updated()))
    expect(turned.status).toMatchObject({
      phase: 'RollingBack',
      deadlineAt: new Date(NOW + 1_800_000).toISOString(),
    })
  })

  it('leaves a first version where it is', () => {
    const first = rolloutIn('RollingBack', { outcome: 'Aborted', message: 'no' }, spec({ from: {} }))
    expect(line(step(first, seen(updated(), tasks(NEW, 2))))).toContain('so it stays')
  })

  it('needs nothing before the service was touched', () => {
    const { shiftedAt: _none, ...status } = rolloutIn('Provisioning').status
    const rollout = { ...rolloutIn('Provisioning'), status }
    const ended = step(rollout, blankObservation, { wantedDigest: 'd3' })
    expect(line(ended)).toContain('Superseded: NewerVersion')
  })

  it('waits for the end of a rollout that has given the version, where a newer one is wanted', () => {
    const observation = seen(updated(), tasks(NEW, 1))
    expect(step(rolloutIn('Shifting'), observation, { wantedDigest: 'd3' }).status.phase).toBe('Shifting')
    const always = spec({ strategy: { ...spec().strategy, supersede: 'Always' } })
    const ended = step(rolloutIn('Shifting', {}, always), observation, { wantedDigest: 'd3' })
    expect(line(ended)).toContain('RollingBack: UpdateService')
  })
})
