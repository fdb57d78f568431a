import { describe, expect, it } from 'vitest'

import { NEW, NOW, OLD, deployment, line, service, step } from './only.ts'
import { AFTER, BEFORE, SHIFT, moving, nativeIn, nativeSpec, paused, seenNative, shift } from './native.ts'

const gate = (name: string, change: object) =>
  ({ name, timeout: '10m', failureLimit: 0, onFailure: 'Rollback', ...change }) as never
const smoke = gate('smoke', {
  when: 'Verify',
  http: { path: '/', successes: 1, interval: '1s', expect: { status: 200 } },
})
const signOff = gate('sign-off', { when: 'BeforeShift', manual: {} })

describe('a rollout by ECS’s own deployment, as it begins', () => {
  const begun = nativeIn('Provisioning')
  const { serviceDeployment: _none, ...status } = begun.status
  const starting = { ...begun, status }
  const { deploymentsBefore: _known, ...fresh } = status

  it('remembers what was there, and makes one write', () => {
    const next = step({ ...begun, status: fresh }, seenNative(service()))
    expect(line(next)).toBe(
      `Provisioning: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: NEW, desiredCount: 2 })}`,
    )
    expect(next.status).toMatchObject({ deploymentsBefore: ['ecs-svc/1'], originCount: 2 })
    expect(line(step({ ...begun, status: fresh }, seenNative(null)))).toContain('CreateService')
  })

  it('looks at the rules before it, whose names the write gives to ECS', () => {
    const seen = seenNative(service(), null, { seen: ['services', 'deployment'] })
    expect(line(step(starting, seen))).toBe('Provisioning: look at rules')
    expect(line(step({ ...begun, status: fresh }, { ...seen, seen: [] }))).toBe(
      'Provisioning: look at services, rules',
    )
  })

  it('begins a deployment anew where the service has the version already: something has to wait for the gates', () => {
    const same = service({ taskDefinition: NEW, deployments: [deployment({ taskDefinition: NEW })] })
    expect(line(step(starting, seenNative(same)))).toContain('"forceNewDeployment":true')
  })

  it('takes the deployment that it has begun for its own, and waits while it does not show', () => {
    const next = step(starting, seenNative(moving(), shift()))
    expect(next.status.serviceDeployment).toBe(SHIFT)
    expect(line(next)).toContain(
      'wait Provisioning: ECS starts the new tasks: 2 run, 2 are wanted; given up at 2026',
    )
    const hidden = moving()
    const { serviceDeployment: _hidden, ...bare } = hidden
    expect(line(step(starting, seenNative(bare)))).toContain('its deployment does not show yet')
    expect(line(step(begun, seenNative(moving(), null)))).toContain(
      "wait ReadBack: ECS's deployment does not show yet",
    )
  })
})

describe('a rollout by ECS’s own deployment, while tasks start', () => {
  const starting = nativeIn('Provisioning')

  it('waits for capacity, and says what ECS says', () => {
    const events = [{ at: NOW, message: 'was unable to place a task' }]
    const next = step(starting, seenNative(moving({ events }), shift()))
    expect(line(next)).toContain('wait CapacityUnavailable')
    expect(line(next)).toContain('ECS says: was unable to place a task')
  })

  it('goes back where as many tasks fail as ECS’s circuit breaker would bear, and none runs', () => {
    const primary = deployment({ id: 'ecs-svc/2', taskDefinition: NEW, rolloutState: 'IN_PROGRESS' })
    const failing = (failedTasks: number) => moving({ deployments: [{ ...primary, failedTasks }] })
    const none = shift({ target: { ...shift().target, running: 0 } })
    expect(line(step(starting, seenNative(failing(2), none)))).toContain('wait Provisioning')
    expect(line(step(starting, seenNative(failing(3), shift())))).toContain('wait Provisioning')
    const next = step(starting, seenNative(failing(3), none))
    expect(next.status).toMatchObject({ phase: 'RollingBack', reason: 'TasksFailed' })
    expect(line(next)).toBe(
      `RollingBack: StopDeployment ${JSON.stringify({ deployment: SHIFT, backTo: `${OLD} x 2` })}`,
    )
  })

  it('is verified once ECS waits', () => {
    const gated = nativeIn('Provisioning', {}, nativeSpec({ gates: [smoke] }))
    expect(line(step(gated, seenNative(moving(), BEFORE)))).toBe(
      'Verifying: ProbeGate {"gate":"smoke","side":"only"}',
    )
  })

  it('waits elsewhere where there is no test rule', () => {
    const { traffic } = nativeSpec()
    const { test: _none, ...rest } = traffic ?? {
      loadBalancer: '',
      rules: [],
      targetGroups: { blue: '', green: '' },
    }
    const untested = nativeIn('Provisioning', {}, nativeSpec({ traffic: rest }))
    expect(step(untested, seenNative(moving(), paused('POST_SCALE_UP'))).status.phase).toBe('Shifting')
  })

  it('fails where a person stopped it, or let it go on', () => {
    const stopped = shift({ status: 'ROLLBACK_SUCCESSFUL', reason: 'Service deployment stopped by a user.' })
    const next = step(starting, seenNative(service(), stopped))
    expect(next.status).toMatchObject({
      reason: 'DeploymentFailed',
      message: expect.stringContaining('stopped by a user') as unknown,
    })
    expect(step(starting, seenNative(service(), shift({ status: 'STOPPED' }))).status.message).toContain(
      'ECS says STOPPED',
    )
    expect(step(starting, seenNative(moving(), AFTER)).status.reason).toBe('ContinuedElsewhere')
    expect(
      step(starting, seenNative(moving(), shift({ status: 'SUCCESSFUL', stage: undefined }))).status.reason,
    ).toBe('ContinuedElsewhere')
  })

  it('takes a first version as it comes: the rules lead to it anyway', () => {
    const first = nativeIn('Provisioning', {}, nativeSpec({ from: {} }))
    expect(step(first, seenNative(moving(), AFTER)).status.phase).toBe('Baking')
    expect(line(step(first, seenNative(moving(), shift())))).toContain('wait Provisioning')
  })
})

describe('a rollout by ECS’s own deployment, while its gates are asked', () => {
  const gated = nativeIn('Verifying', {}, nativeSpec({ gates: [smoke, signOff] }))
  const answered = [{ name: 'smoke', when: 'Verify' as const, attempts: 1, successes: 1, failures: 0 }]

  it('counts a result only while ECS waits', () => {
    const asked = { ...gated, status: { ...gated.status, gates: answered } }
    const unseen = seenNative(moving(), BEFORE, { seen: ['services'] })
    expect(line(step(asked, unseen))).toBe('Verifying: look at deployment')
    expect(step(asked, seenNative(moving(), AFTER)).status).toMatchObject({ reason: 'ContinuedElsewhere' })
    const next = step(asked, seenNative(moving(), BEFORE))
    expect(line(next)).toContain(
      'AwaitingApproval: wait AwaitingApproval: gate sign-off waits for a person until',
    )
  })

  it('looks at the deployment while a person is waited for', () => {
    const waiting = nativeIn('AwaitingApproval', {}, nativeSpec({ gates: [signOff] }))
    expect(line(step(waiting, seenNative(moving(), null, { seen: [] })))).toBe(
      'AwaitingApproval: look at deployment',
    )
    const gone = shift({ status: 'ROLLBACK_IN_PROGRESS' })
    expect(step(waiting, seenNative(moving(), gone)).status.reason).toBe('DeploymentFailed')
  })

  it('is taken over by a newer version until then', () => {
    const next = step(gated, seenNative(moving(), BEFORE), { wantedDigest: 'd3' })
    expect(next.status).toMatchObject({ phase: 'RollingBack', outcome: 'Superseded' })
    expect(line(next)).toContain('StopDeployment')
  })
})

describe('a rollout by ECS’s own deployment, while the traffic moves', () => {
  const shifting = nativeIn('Shifting')

  it('lets ECS go on once, to tasks that all run', () => {
    const next = step(shifting, seenNative(moving(), BEFORE))
    expect(line(next)).toBe(
      `Shifting: ContinueDeployment ${JSON.stringify({ deployment: SHIFT, hook: 'pause-POST_TEST_TRAFFIC_SHIFT' })}`,
    )
    expect(next.status.shiftedAt).toBeDefined()
    const few = { ...BEFORE, target: { ...BEFORE.target, running: 1 } }
    expect(line(step(shifting, seenNative(moving(), few)))).toContain('wait NotReady')
    const at = new Date(NOW - 1_000).toISOString()
    const writes = { 'deployment/pause': { before: 'paused', after: 'pause-POST_TEST_TRAFFIC_SHIFT', at } }
    expect(line(step(shifting, seenNative(moving(), BEFORE), { writes }))).toContain('wait ReadBack')
  })

  it('looks at the deployment alone', () => {
    expect(line(step(shifting, seenNative(moving(), null, { seen: ['services'] })))).toBe(
      'Shifting: look at deployment',
    )
  })

  it('says how much has moved, and bakes when all has', () => {
    const half = shift({
      stage: 'PRODUCTION_TRAFFIC_SHIFT',
      target: { ...shift().target, productionPercent: 50 },
    })
    expect(line(step(shifting, seenNative(moving(), half)))).toContain(
      'wait Shifting: ECS moves the traffic: 50 % goes to the new version; given up at',
    )
    const unsaid = shift({
      stage: 'SOMETHING_NEW',
      target: { ...shift().target, productionPercent: undefined },
    })
    expect(line(step(shifting, seenNative(moving(), unsaid)))).toContain('ECS is at SOMETHING_NEW: 0 %')
    expect(line(step(shifting, seenNative(moving(), shift({ stage: undefined }))))).toContain('ECS begins')
    expect(step(shifting, seenNative(moving(), AFTER)).status.phase).toBe('Baking')
    expect(step(shifting, seenNative(moving(), shift({ status: 'SUCCESSFUL' }))).status.phase).toBe('Baking')
    expect(line(step(shifting, seenNative(moving(), null)))).toContain('wait ReadBack')
  })

  it('goes back at the deadline, but does not lose what has come through', () => {
    const late = { deadlineAt: new Date(NOW - 1).toISOString() }
    const next = step(nativeIn('Shifting', late), seenNative(moving(), shift()))
    expect(next.status).toMatchObject({ phase: 'RollingBack', reason: 'DeadlineExceeded' })
    const baked = nativeIn('Baking', late)
    expect(line(step(baked, seenNative(moving(), AFTER)))).toContain('Baking: ContinueDeployment')
  })
})
