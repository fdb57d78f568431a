import { describe, expect, it } from 'vitest'
import {
  pauseOver,
  serviceDeploymentFacts,
} from '../../../controller/adapters/aws/platform/service-deployments.ts'
import { PortError } from '../../../controller/ports/error.ts'

const target = {
  arn: 'arn:revision/2',
  runningTaskCount: 2,
  requestedTaskCount: 3,
  requestedProductionTrafficWeight: 12.5,
}
const described = {
  serviceDeploymentArn: 'arn:deployment/2',
  status: 'IN_PROGRESS' as const,
  targetServiceRevision: target,
}

describe('a service deployment', () => {
  it('is read with its stage, its pause and both revisions', () => {
    const expiresAt = new Date(1_000)
    const facts = serviceDeploymentFacts({
      ...described,
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [
        { hookId: 'old', targetType: 'PAUSE', status: 'SUCCEEDED' },
        { hookId: 'new', targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt },
      ],
      sourceServiceRevisions: [{ arn: 'arn:revision/1' }],
    })
    expect(facts).toEqual({
      arn: 'arn:deployment/2',
      status: 'IN_PROGRESS',
      reason: undefined,
      stage: 'POST_TEST_TRAFFIC_SHIFT',
      pause: { hook: 'new', expiresAt: 1_000 },
      target: {
        arn: 'arn:revision/2',
        running: 2,
        requested: 3,
        productionPercent: 12.5,
        testPercent: undefined,
      },
      sources: [
        {
          arn: 'arn:revision/1',
          running: 0,
          requested: 0,
          productionPercent: undefined,
          testPercent: undefined,
        },
      ],
    })
  })

  it('waits nowhere while no hook does', () => {
    expect(serviceDeploymentFacts(described).pause).toBeUndefined()
    const hook = { hookId: 'h', targetType: 'PAUSE' as const, status: 'AWAITING_ACTION' as const }
    expect(serviceDeploymentFacts({ ...described, lifecycleHookDetails: [hook] }).pause).toEqual({
      hook: 'h',
      expiresAt: undefined,
    })
  })

  it.each([
    ['status', { status: 'NEW' as never }],
    ['target', { targetServiceRevision: undefined as never }],
    ['weight', { targetServiceRevision: { ...target, requestedProductionTrafficWeight: 101 } }],
  ])('is not guessed where its %s can’t be read', (_what, change) => {
    expect(() => serviceDeploymentFacts({ ...described, ...change })).toThrow(PortError)
  })
})

describe('letting a deployment go on that does not wait', () => {
  it('is looked at again, and any other error is as it was', () => {
    const over = pauseOver(
      new PortError('not awaiting an action', { code: 'InvalidRequest', handling: 'stall' }),
    )
    expect(over).toMatchObject({ code: 'PauseOver', handling: 'wait' })
    const other = new PortError('busy', { code: 'Throttled', handling: 'retry' })
    expect(pauseOver(other)).toBe(other)
    expect(pauseOver('odd')).toBe('odd')
  })
})
