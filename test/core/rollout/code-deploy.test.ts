import { describe, expect, it } from 'vitest'

import { smokeGate } from '../../support/release-fixtures.ts'
import { deployment, group, moved, newSet, oldSet, rolloutIn, seen, spec, waiting } from './code-deploy.ts'
import { line, NEW, NOW, step } from './only.ts'

const at = (ageMs: number): string => new Date(NOW - ageMs).toISOString()
const act = (phase: string, kind: string, given: object): string =>
  `${phase}: ${kind} ${JSON.stringify(given)}`
const START = { way: 'Forward', taskDefinition: NEW }

describe('a rollout by CodeDeploy begins', () => {
  it('with a look at the service, the rules and the deployment group', () => {
    const first = step(rolloutIn('Pending'), { ...seen(), seen: [] })
    expect(line(first)).toBe('Provisioning: look at services, codeDeploy, rules')
  })

  it('with one deployment', () => {
    expect(line(step(rolloutIn('Provisioning'), seen()))).toBe(act('Provisioning', 'StartCodeDeploy', START))
  })

  it('not once more while the first may still come to light', () => {
    const writes = {
      'code-deploy': { before: 'none', after: `Forward ${NEW}`, at: at(10_000), ambiguous: true },
    }
    expect(line(step(rolloutIn('Provisioning'), seen(), { writes }))).toContain('wait ReadBack')
    const late = { 'code-deploy': { ...writes['code-deploy'], at: at(90_000) } }
    expect(line(step(rolloutIn('Provisioning'), seen(), { writes: late }))).toContain('StartCodeDeploy')
  })

  it('not once more while what is read is from before it', () => {
    const writes = { 'code-deploy': { before: 'none', after: `Forward ${NEW}`, at: at(10_000) } }
    expect(line(step(rolloutIn('Provisioning'), seen(), { writes }))).toContain('waiting until AWS shows')
  })

  it.each([
    ['got no answer', { ambiguous: true }, 'Provisioning', 'wait ReadBack'],
    ['was answered', {}, 'Provisioning', 'waiting until AWS shows'],
    ['was answered', {}, 'Shifting', 'waiting until AWS shows'],
  ] as const)(
    'nothing anew, and ends nothing, while what is read is even older than what stood there when it %s (%j, %s)',
    (_what, answer, phase, waits) => {
      const writes = {
        'code-deploy': { before: 'd-2', after: `Forward ${NEW}`, at: at(10_000), ...answer },
      }
      const older = seen({
        deployments: [deployment({ id: 'd-1', status: 'Stopped', description: 'other' })],
      })
      expect(line(step(rolloutIn(phase), older, { writes }))).toContain(waits)
    },
  )

  it('once the tasks that an earlier one keeps have ended', () => {
    const earlier = deployment({
      id: 'd-1',
      status: 'InProgress',
      endsOriginal: true,
      description: 'steersman prod-mailer-1',
    })
    const observation = seen({ deployments: [earlier] })
    expect(line(step(rolloutIn('Provisioning'), observation))).toBe(
      act('Provisioning', 'ContinueCodeDeploy', { deployment: 'd-1', wait: 'TERMINATION_WAIT' }),
    )
  })

  it.each([
    ['another deployment', seen({ deployments: [deployment({ id: 'd-9', description: 'by hand' })] }), 'd-9'],
    [
      'another one that ends the original tasks, but is somebody else’s',
      seen({ deployments: [deployment({ id: 'd-9', description: undefined, endsOriginal: true })] }),
      'd-9',
    ],
    ['what a stopped one has left', seen({ sets: [oldSet, newSet] }), 'more than one task set'],
  ])('not beside %s', (_what, observation, message) => {
    const waits = line(step(rolloutIn('Provisioning'), observation))
    expect(waits).toContain('Provisioning: wait DeploymentInProgress')
    expect(waits).toContain(message)
  })

  it.each([
    ['the service is missing', { service: null }, 'does not exist'],
    ['ECS deploys it', { service: { settings: {} } }, 'deployment controller ECS'],
    ['there is no deployment group', { group: null }, 'there is no deployment group mailer'],
    [
      'the group is another service’s',
      { group: { ...group, services: [] } },
      'does not deploy service mailer',
    ],
    ['the group moves traffic by itself', { group: { ...group, waitMs: undefined } }, 'STOP_DEPLOYMENT'],
    [
      'the target groups are others',
      { group: { ...group, targetGroups: ['web-blue', 'other'] } },
      "other target groups than the release's (web-green)",
    ],
    [
      'the production rule is elsewhere',
      { group: { ...group, productionListeners: [] } },
      'not at the production listener',
    ],
    ['the test rule is elsewhere', { group: { ...group, testListeners: [] } }, 'not at the test listener'],
  ])('not where %s', (_what, change, message) => {
    const refused = step(rolloutIn('Provisioning'), seen(change))
    expect(refused.status).toMatchObject({ phase: 'RolledBack', reason: 'EngineShape' })
    expect(refused.status.message).toContain(message)
  })

  it('not where nothing of CodeDeploy or of a target group is known', () => {
    const { codeDeploy: _none, ...unknown } = seen()
    const { codeDeploy: _place, ...nowhere } = spec()
    const refused = step(rolloutIn('Provisioning', {}, nowhere), unknown)
    expect(refused.status.message).toContain('there is no deployment group  of the application ')
    const sides = { ...seen().sides, blue: { ...seen().sides.blue, targetGroup: null } }
    const blind = step(rolloutIn('Provisioning'), { ...seen(), sides })
    expect(blind.status.message).toContain("other target groups than the release's")
  })

  it('waits while the new tasks start, and says how far they are', () => {
    const deployments = [deployment({ status: 'InProgress' })]
    const starting = [oldSet, { ...newSet, runningCount: 1 }]
    expect(line(step(rolloutIn('Provisioning'), seen({ deployments, sets: starting })))).toBe(
      'Provisioning: wait Provisioning: deployment d-2 is InProgress: 1 of 2 tasks run, 0 % of the traffic is there',
    )
    expect(line(step(rolloutIn('Provisioning'), seen({ deployments })))).toContain(
      'its tasks do not show yet',
    )
    const ruleless = { ...seen({ deployments, sets: starting }), production: [] }
    expect(line(step(rolloutIn('Provisioning'), ruleless))).toContain('1 of 2 tasks run')
  })

  it('is over where CodeDeploy gives the deployment up, in its words', () => {
    const error = 'TIMEOUT: The deployment timed out.'
    const deployments = [deployment({ status: 'Failed', error, rolledBackBy: 'd-3' })]
    const back = step(rolloutIn('Provisioning'), seen({ deployments }))
    expect(back.status).toMatchObject({
      phase: 'RollingBack',
      reason: 'DeploymentFailed',
      message: `deployment d-2 is Failed: ${error}`,
    })
  })

  it('goes back where somebody else let the traffic move', () => {
    const back = step(rolloutIn('Provisioning'), moved())
    expect(line(back)).toBe(act('RollingBack', 'StopCodeDeploy', { deployment: 'd-2' }))
    expect(back.status.reason).toBe('TrafficMoved')
  })
})

describe('while the deployment waits', () => {
  const gated = spec({ gates: [{ ...smokeGate }] })

  it('the gates are asked, with the test rule at the new tasks alone', () => {
    expect(line(step(rolloutIn('Provisioning', {}, gated), waiting()))).toBe(
      act('Verifying', 'ProbeGate', { gate: 'smoke', side: 'only' }),
    )
    const elsewhere = step(rolloutIn('Verifying', {}, gated), waiting({ test: 50 }))
    expect(line(elsewhere)).toContain('wait TestTraffic')
    const unknown = step(rolloutIn('Verifying', {}, gated), { ...waiting(), test: null })
    expect(line(unknown)).toContain('wait TestTraffic')
  })

  it('a gate begins anew where the test rule went elsewhere meanwhile', () => {
    const gates = [
      { name: 'smoke', when: 'Verify' as const, successes: 2, attempts: 2, startedAt: at(5_000) },
    ]
    const again = step(rolloutIn('Verifying', { gates }, gated), waiting({ test: 0 }))
    expect(line(again)).toContain('wait TestTraffic')
  })

  it('gates need no test rule where the release has none', () => {
    const { test: _none, ...traffic } = gated.traffic ?? {
      loadBalancer: '',
      rules: [],
      targetGroups: { blue: '', green: '' },
    }
    const rollout = rolloutIn('Verifying', {}, { ...gated, traffic })
    expect(line(step(rollout, { ...waiting(), test: null }))).toContain('ProbeGate')
  })

  it('people are asked before the traffic moves', () => {
    const manual = {
      name: 'go',
      when: 'BeforeShift',
      manual: {},
      timeout: '1h',
      failureLimit: 0,
      onFailure: 'Rollback',
      dryRun: false,
    } as const
    const asked = step(rolloutIn('Verifying', {}, spec({ gates: [manual] })), waiting())
    expect(line(asked)).toContain('AwaitingApproval: wait AwaitingApproval')
  })

  it('it goes back when the wait is over, or the deployment is gone', () => {
    const stopped = deployment({ status: 'Stopped', error: 'TIMEOUT: the wait ended', rolledBackBy: 'd-3' })
    expect(step(rolloutIn('Verifying'), seen({ deployments: [stopped] })).status.reason).toBe(
      'DeploymentFailed',
    )
    const gone = step(rolloutIn('Verifying'), seen())
    expect(gone.status).toMatchObject({ phase: 'RolledBack', reason: 'DeploymentFailed' })
    expect(gone.status.message).toContain('no longer shows')
  })

  it('it goes back when somebody else gives the word, once no reading can be from before', () => {
    const early = rolloutIn('AwaitingApproval', { phaseStartedAt: at(5_000) })
    expect(line(step(early, moved()))).toContain('wait ReadBack')
    const late = step(rolloutIn('AwaitingApproval'), moved())
    expect(late.status).toMatchObject({ phase: 'RollingBack', reason: 'TrafficMoved' })
  })
})

describe('the traffic', () => {
  it('moves once the word is given, which is remembered', () => {
    const given = step(rolloutIn('Verifying'), waiting())
    expect(line(given)).toBe(act('Shifting', 'ContinueCodeDeploy', { deployment: 'd-2', wait: 'READY_WAIT' }))
    expect(given.status.shiftedAt).toBe(new Date(NOW).toISOString())
    const again = step(rolloutIn('Shifting', { shiftedAt: at(3_000) }), waiting())
    expect(again.status.shiftedAt).toBe(at(3_000))
  })

  it('is waited for, by its part', () => {
    const deployments = [deployment({ status: 'InProgress' })]
    expect(line(step(rolloutIn('Shifting'), waiting({ deployments, green: 10 })))).toContain(
      '2 of 2 tasks run, 10 % of the traffic is there',
    )
  })

  it('is not all there before CodeDeploy has taken the last step, too', () => {
    const deployments = [deployment({ status: 'InProgress' })]
    expect(line(step(rolloutIn('Shifting'), moved({ deployments })))).toContain('Shifting: wait Shifting')
  })

  it('is watched for the bake time, and then the version has come through', () => {
    expect(line(step(rolloutIn('Shifting'), moved()))).toContain('Baking: wait Baking')
    const done = step(rolloutIn('Baking'), moved())
    expect(done.status).toMatchObject({ phase: 'Succeeded', message: 'the new version serves' })
    const over = moved({
      deployments: [deployment({ status: 'Succeeded' })],
      sets: [{ ...newSet, status: 'PRIMARY' }],
    })
    expect(step(rolloutIn('Baking'), over).status.phase).toBe('Succeeded')
  })

  it('goes back by a stop while the original tasks are kept', () => {
    const gates = [{ ...smokeGate, when: 'Bake' as const }]
    const failedGate = [
      {
        name: 'smoke',
        when: 'Bake' as const,
        result: 'Failed' as const,
        successes: 0,
        attempts: 1,
        startedAt: at(5_000),
        finishedAt: at(4_000),
      },
    ]
    const back = step(rolloutIn('Baking', { gates: failedGate }, spec({ gates })), moved())
    expect(line(back)).toBe(act('RollingBack', 'StopCodeDeploy', { deployment: 'd-2' }))
  })

  it('goes back when an alarm stops the deployment', () => {
    const deployments = [
      deployment({ status: 'Stopped', error: 'ALARM_ACTIVE: errors', rolledBackBy: 'd-3' }),
    ]
    expect(step(rolloutIn('Baking'), moved({ deployments })).status).toMatchObject({
      reason: 'DeploymentFailed',
      message: 'deployment d-2 is Stopped: ALARM_ACTIVE: errors',
    })
  })

  it('that went elsewhere is a failure, once no reading can be from before', () => {
    const early = rolloutIn('Baking', { phaseStartedAt: at(5_000) })
    expect(line(step(early, moved({ green: 0 })))).toContain('this may be an old reading')
    const late = step(rolloutIn('Baking'), moved({ green: 0 }))
    expect(late.status).toMatchObject({ phase: 'RollingBack', reason: 'TrafficMoved' })
  })

  it('that nobody answers is a failure', () => {
    const sets = [{ ...newSet, status: 'PRIMARY' as const, runningCount: 0 }]
    const early = rolloutIn('Baking', { phaseStartedAt: at(5_000) })
    expect(line(step(early, moved({ sets })))).toContain('Baking: wait Baking')
    expect(step(rolloutIn('Baking'), moved({ sets })).status.reason).toBe('NoTasksRunning')
  })

  it('counts a rule that does not forward as one without traffic there', () => {
    const idle = { ...moved(), production: [null] }
    expect(line(step(rolloutIn('Shifting'), idle))).toContain('0 % of the traffic')
  })
})
