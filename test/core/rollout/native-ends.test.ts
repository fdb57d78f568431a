import { describe, expect, it } from 'vitest'

import { NEW, NOW, OLD, deployment, line, service, step } from './only.ts'
import { AFTER, BEFORE, SHIFT, moving, nativeIn, nativeSpec, seenNative, shift } from './native.ts'

const recently = { phaseStartedAt: new Date(NOW - 1_000).toISOString() }
const done = shift({ status: 'SUCCESSFUL', stage: 'CLEAN_UP' })

describe('the bake of a rollout by ECS’s own deployment', () => {
  it('lasts as the strategy says, and tells when ECS would go back by itself', () => {
    expect(line(step(nativeIn('Baking', recently), seenNative(moving(), AFTER)))).toContain(
      'wait Baking: all of the traffic goes to the new version, watched until 2026-01-01T12:04:59.000Z; ECS goes back by itself at 2026-01-01T13:00:00.000Z',
    )
    const endless = { ...AFTER, pause: { hook: 'h', expiresAt: undefined } }
    expect(line(step(nativeIn('Baking', recently), seenNative(moving(), endless)))).not.toContain('by itself')
  })

  it('ends with a word to ECS, and is over with the deployment, which no deadline ends any more', () => {
    const next = step(nativeIn('Baking'), seenNative(moving(), AFTER))
    expect(line(next)).toContain('Baking: ContinueDeployment')
    expect(next.status).not.toHaveProperty('deadlineAt')
    const letGo = { ...nativeIn('Baking'), status: next.status }
    const cleaning = shift({ stage: 'CLEAN_UP' })
    expect(line(step(letGo, seenNative(moving(), cleaning)))).toBe(
      'Baking: wait Finishing: ECS takes the old tasks away',
    )
    expect(line(step(nativeIn('Baking'), seenNative(moving(), cleaning)))).toContain('wait Finishing')
    expect(line(step(letGo, seenNative(moving(), done)))).toBe('Succeeded: Succeeded: the new version serves')
    expect(line(step(letGo, seenNative(moving(), null)))).toContain('wait ReadBack')
  })

  it('answers no pause of before: that is an old reading', () => {
    expect(line(step(nativeIn('Baking'), seenNative(moving(), BEFORE)))).toContain('wait Finishing')
  })

  it('asks what measures, and what comes after', () => {
    const gates = [
      {
        name: 'errors',
        when: 'Bake',
        alarms: ['5xx'],
        timeout: '5m',
        failureLimit: 0,
        onFailure: 'Rollback',
      },
      {
        name: 'audit',
        when: 'AfterSuccess',
        alarms: ['x'],
        timeout: '5m',
        failureLimit: 0,
        onFailure: 'Rollback',
      },
    ] as never
    const gated = nativeIn('Baking', recently, nativeSpec({ gates }))
    expect(line(step(gated, seenNative(moving(), AFTER)))).toBe(
      'Baking: ProbeGate {"gate":"errors","side":"only"}',
    )
    const [, audit] = gates as unknown as readonly [unknown, never]
    const after = nativeIn('Baking', {}, nativeSpec({ gates: [audit] }))
    expect(line(step(after, seenNative(moving(), done)))).toBe(
      'Baking: ProbeGate {"gate":"audit","side":"only"}',
    )
  })

  it('goes back where no task of the new version runs, once that is no old reading', () => {
    const none = { ...AFTER, target: { ...AFTER.target, running: 0 } }
    expect(line(step(nativeIn('Baking', recently), seenNative(moving(), none)))).toContain(
      'may be an old reading',
    )
    expect(step(nativeIn('Baking'), seenNative(moving(), none)).status.reason).toBe('NoTasksRunning')
    const over = { ...done, target: { ...done.target, running: 0 } }
    expect(step(nativeIn('Baking'), seenNative(moving(), over)).status.outcome).toBe('Succeeded')
    const empty = { ...none, target: { ...none.target, requested: 0 } }
    expect(line(step(nativeIn('Baking', recently), seenNative(null, empty)))).toContain('wait Baking')
  })
})

describe('the way back of a rollout by ECS’s own deployment', () => {
  const failed = { outcome: 'RolledBack', reason: 'GateFailed', message: 'gate smoke failed' } as const
  const back = nativeIn('RollingBack', failed)
  const after = shift({ status: 'ROLLBACK_SUCCESSFUL' })

  it('is over at once before anything was written', () => {
    const { deploymentsBefore: _none, ...status } = back.status
    expect(line(step({ ...back, status }, seenNative(service())))).toBe(
      'RolledBack: GateFailed: gate smoke failed',
    )
  })

  it('stops the deployment once, and waits while ECS leads the traffic back', () => {
    expect(line(step(back, seenNative(moving(), BEFORE)))).toBe(
      `RollingBack: StopDeployment ${JSON.stringify({ deployment: SHIFT, backTo: `${OLD} x 2` })}`,
    )
    const autoscaled = nativeIn('RollingBack', failed, nativeSpec({ desiredCount: undefined as never }))
    expect(line(step(autoscaled, seenNative(moving(), BEFORE)))).toContain(`"backTo":"${OLD}"`)
    const returning = shift({
      status: 'ROLLBACK_IN_PROGRESS',
      target: { ...shift().target, productionPercent: 40 },
    })
    expect(line(step(back, seenNative(moving(), returning)))).toContain('40 % is with the new version')
    const unsaid = { ...returning, target: { ...returning.target, productionPercent: undefined } }
    expect(line(step(back, seenNative(moving(), unsaid)))).toContain('0 % is with the new version')
  })

  it('takes a service that ECS put back for no old reading', () => {
    const at = new Date(NOW - 1_000).toISOString()
    const writes = { 'service/only': { before: `${OLD} x 2`, after: `${NEW} x 2`, at } }
    expect(line(step(back, seenNative(service(), after), { writes }))).toBe(
      'RolledBack: GateFailed: gate smoke failed',
    )
    expect(line(step(back, seenNative(service(), after, { seen: [] })))).toBe(
      'RollingBack: look at services, deployment',
    )
    const { serviceDeployment: _unknown, ...status } = back.status
    expect(line(step({ ...back, status }, seenNative(service(), null), { writes }))).toContain(
      'wait ReadBack',
    )
    expect(line(step({ ...back, status }, seenNative(moving(), BEFORE)))).toContain('StopDeployment')
    expect(line(step({ ...back, status }, seenNative(null, null)))).toContain('CreateService')
  })

  it('takes a service as it was, without the deployment that was seen before, for an old reading', () => {
    const at = new Date(NOW - 1_000).toISOString()
    const writes = { 'service/only': { before: `${OLD} x 2`, after: `${NEW} x 2`, at } }
    expect(line(step(back, seenNative(service(), null), { writes }))).toContain('wait ReadBack')
  })

  it('brings the version before with a deployment of its own where the new one had come through', () => {
    const there = moving({ deployments: [deployment({ id: 'ecs-svc/2', taskDefinition: NEW })] })
    expect(line(step(back, seenNative(there, done)))).toBe(
      `RollingBack: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: OLD, desiredCount: 2 })}`,
    )
    expect(line(step(back, seenNative(there, done, { seen: ['services', 'deployment'] })))).toBe(
      'RollingBack: look at rules',
    )
    const returning = service({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] })
    expect(line(step(back, seenNative(returning, done)))).toContain("ECS's deployment is IN_PROGRESS")
    expect(line(step(back, seenNative(service({ deployments: [] }), done)))).toContain('on its way')
    expect(line(step(back, seenNative(service({ runningCount: 1 }), done)))).toContain('wait Returning')
    const given = service({ deployments: [deployment({ rolloutState: 'FAILED' })] })
    expect(line(step(back, seenNative(given, done)))).toContain('"forceNewDeployment":true')
    expect(line(step(back, seenNative(service({ status: 'DRAINING' }), done)))).toContain(
      'wait ServiceDraining',
    )
  })

  it('begins nothing anew for what ECS gave up before: that may be an old reading after a write', () => {
    const at = new Date(NOW - 1_000).toISOString()
    const writes = { 'service/only': { before: `${NEW} x 2`, after: `${OLD} x 2`, at } }
    const given = service({ deployments: [deployment({ rolloutState: 'FAILED' })] })
    expect(line(step(back, seenNative(given, done), { writes }))).toContain('wait ReadBack')
  })

  it('waits for a write that may still come', () => {
    const at = new Date(NOW - 1_000).toISOString()
    const writes = { 'service/only': { before: 'x', after: `${NEW} x 2`, at, ambiguous: true } }
    expect(line(step(back, seenNative(service(), after), { writes }))).toContain('got no answer')
  })

  it('leaves a first version where it is, and ends its deployment', () => {
    const first = nativeIn('RollingBack', failed, nativeSpec({ from: {} }))
    expect(line(step(first, seenNative(moving(), BEFORE)))).toBe(
      `RollingBack: StopDeployment ${JSON.stringify({ deployment: SHIFT })}`,
    )
    expect(line(step(first, seenNative(moving(), shift({ status: 'STOPPED' }))))).toContain(
      'there is no earlier version to go back to, so it stays',
    )
  })

  it('is given up after as long as a rollout may take', () => {
    const deadlineAt = new Date(NOW - 1).toISOString()
    const late = nativeIn('RollingBack', { deadlineAt, reason: 'Aborted', outcome: 'Aborted' })
    expect(line(step(late, seenNative(moving(), BEFORE)))).toBe(
      'Aborted: Aborted: failed; the earlier version does not come back; see the service’s events',
    )
  })
})
