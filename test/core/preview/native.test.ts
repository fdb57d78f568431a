import { describe, expect, it } from 'vitest'

import { describeAction } from '../../../controller/core/action.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { begun, continued } from '../../../controller/core/preview/imagined-deployment.ts'
import { previewActions } from '../../../controller/core/preview.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { NEW, NOW, OLD, deployment, service } from '../rollout/only.ts'
import { ROLE, seenNative, shift } from '../rollout/native.ts'
import { inputOf } from '../plan/planning.ts'

const pair = desiredRelease()
const desired = {
  ...pair,
  digest: 'd2',
  version: { taskDefinition: NEW, document: undefined },
  spec: { ...pair.spec, engine: 'Native' as const, engineRoleArn: ROLE, gates: [] },
}
const old = service({ taskDefinition: OLD, deployments: [deployment()] })
const input = {
  ...inputOf(served()),
  desired,
  status: {},
  last: undefined,
  lastSucceeded: undefined,
  observation: seenNative(old),
  now: NOW,
}

describe('what would follow for a release whose traffic ECS moves', () => {
  it('is one update, and a word at each pause', () => {
    const { actions, blocked } = previewActions(input, undefined)
    expect(actions.map(describeAction)).toEqual([
      'give the service 2 tasks of prod-mailer:2',
      "let ECS's deployment go on",
      "let ECS's deployment go on",
    ])
    expect(blocked).toBeUndefined()
  })

  it('is a service first where there is none', () => {
    const { actions } = previewActions({ ...input, observation: seenNative(null) }, undefined)
    expect(actions.map(({ kind }) => kind)).toEqual([
      'CreateService',
      'ContinueDeployment',
      'ContinueDeployment',
    ])
  })

  it('waits elsewhere without a test rule, and imagines nothing for who has no load balancer', () => {
    const given = { side: 'only', taskDefinition: NEW } as const
    const untested = begun(seenNative(old, null, { test: null }), given)
    expect(untested.only?.deployment?.stage).toBe('POST_SCALE_UP')
    const worker = seenNative(old, null, { loadBalancer: null })
    expect(begun(worker, given)).toBe(worker)
    expect(begun(seenNative(null), given).only?.deployment).toBeNull()
    const side = { service: old, targetGroup: null, members: undefined }
    expect(continued(side)).toBe(side)
    expect(continued({ ...side, deployment: null }).deployment).toBeNull()
  })

  it('ends a deployment without other consequences', () => {
    const seen = seenNative(old, shift())
    expect(afterAction(seen, { kind: 'StopDeployment', deployment: 'a' }, undefined)).toBe(seen)
  })
})
