import { describe, expect, it } from 'vitest'

import { describeAction, isOfCodeDeploy } from '../../../controller/core/action.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { previewActions } from '../../../controller/core/preview.ts'
import { afterCodeDeploy } from '../../../controller/core/preview/imagined-code-deploy.ts'
import type { DefaultedReleaseSpec } from '../../../controller/resources/generated/release.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { deployment, GREEN, moved, oldSet, seen, waiting } from '../rollout/code-deploy.ts'
import { NEW, NOW, OLD } from '../rollout/only.ts'

const at = { rollout: 'prod-mailer-2', now: NOW }
const start = { kind: 'StartCodeDeploy', way: 'Forward', taskDefinition: NEW } as const
const goOn = (wait: 'READY_WAIT' | 'TERMINATION_WAIT', id = 'd-2') =>
  ({ kind: 'ContinueCodeDeploy', deployment: id, wait }) as const

describe('after CodeDeploy was asked', () => {
  it('for a deployment, its tasks wait behind the test rule', () => {
    const after = afterCodeDeploy(seen(), start, at)
    expect(after.codeDeploy?.deployments).toMatchObject([
      { status: 'Ready', description: 'steersman prod-mailer-2' },
    ])
    expect(after.only?.service?.taskSets).toMatchObject([
      oldSet,
      { status: 'ACTIVE', taskDefinition: NEW, targetGroupArn: GREEN, runningCount: 2 },
    ])
    expect(after.test?.weights).toEqual([{ targetGroupArn: GREEN, weight: 100 }])
    const { taskSets: _none, ...bare } = seen().only?.service ?? { arn: '' }
    const unseen = { ...seen(), test: null, only: { ...seen().only, service: bare } } as ReturnType<
      typeof seen
    >
    expect(afterCodeDeploy(unseen, start, at).test).toBeNull()
    const sides = { ...seen().sides, green: { ...seen().sides.green, targetGroup: null } }
    expect(afterCodeDeploy({ ...seen(), sides }, start, at).test?.weights).toEqual([])
  })

  it('to go on, they serve, and the original ones end with the next word', () => {
    const after = afterCodeDeploy(waiting(), goOn('READY_WAIT'), at)
    expect(after.codeDeploy?.deployments[0]).toMatchObject({ status: 'InProgress', endsOriginal: true })
    expect(after.only?.service).toMatchObject({ taskDefinition: NEW, taskSets: [{ status: 'PRIMARY' }] })
    expect(after.production[0]?.weights).toEqual([{ targetGroupArn: GREEN, weight: 100 }])
    expect(afterCodeDeploy({ ...waiting(), production: [null] }, goOn('READY_WAIT'), at).production).toEqual([
      null,
    ])
    const end = afterCodeDeploy(moved(), goOn('TERMINATION_WAIT'), at)
    expect(end.codeDeploy?.deployments[0]?.status).toBe('Succeeded')
    const other = seen({ deployments: [deployment({ id: 'd-9' })] })
    expect(afterCodeDeploy(other, goOn('READY_WAIT', 'd-9'), at).only?.service?.taskDefinition).toBe(OLD)
  })

  it('to stop, the deployment is over', () => {
    const stop = { kind: 'StopCodeDeploy', deployment: 'd-2' } as const
    expect(afterCodeDeploy(waiting(), stop, at).codeDeploy?.deployments[0]?.status).toBe('Stopped')
  })

  it('nothing is imagined of what was not seen', () => {
    const { codeDeploy: _none, ...unknown } = seen()
    expect(afterCodeDeploy(unknown, start, at)).toBe(unknown)
    const missing = seen({ service: null })
    expect(afterCodeDeploy(missing, start, at)).toBe(missing)
    expect(isOfCodeDeploy({ kind: 'PointTest', side: 'blue' })).toBe(false)
  })
})

describe('the preview of a release of CodeDeploy', () => {
  const pair = desiredRelease({ gates: [smokeGate], strategy: { type: 'BlueGreen' } })
  const spec: DefaultedReleaseSpec = {
    ...pair.spec,
    engine: 'CodeDeploy',
    codeDeploy: { application: 'shop', deploymentGroup: 'mailer' },
    service: { cluster: 'shop', name: 'mailer', desiredCount: 2 },
  }
  const input = (change: Partial<PlanInput> = {}): PlanInput => ({
    desired: { ...pair, spec, version: { taskDefinition: NEW, document: undefined } },
    status: {},
    last: undefined,
    lastSucceeded: undefined,
    nextNumber: 1,
    requests: { restart: undefined, retry: undefined },
    drift: { service: 'Correct', traffic: 'Correct' } as PlanInput['drift'],
    freeze: undefined,
    served: new Set(),
    observation: seen(),
    now: NOW,
    mayWrite: false,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
    ...change,
  })

  it('names what CodeDeploy is asked for, in order', () => {
    const { actions, blocked } = previewActions(input(), undefined)
    expect(actions.map(describeAction)).toEqual([
      'have CodeDeploy deploy prod-mailer:2',
      'ask gate smoke about the service',
      expect.stringMatching(/^let deployment imagined-0 move the traffic$/) as string,
    ])
    expect(blocked).toBeUndefined()
  })

  it('says what is in its way', () => {
    const { blocked } = previewActions(input({ observation: seen({ group: null }) }), undefined)
    expect(blocked).toContain('there is no deployment group mailer')
  })
})
