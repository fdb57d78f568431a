import { describe, expect, it } from 'vitest'
import { annotations } from '../../controller/resources/annotations.ts'
import type { InfrastructurePlan, InfrastructureStatus } from '../../controller/resources/types.ts'
import { environmentObject } from './objects.ts'
import type { Running } from './start.ts'
import { post, start } from './start.ts'

const plan: InfrastructurePlan = {
  id: 'sha256:one',
  commit: 'c',
  inputDigest: 'sha256:inputs',
  serial: 1,
  at: '2026-11-29T12:00:00Z',
  verdict: 'Destructive',
  permission: 'AwaitApproval',
  summary: '1 to destroy',
}
const lock = { id: 'lock-1', who: 'ada@laptop', operation: 'OperationTypeApply' }

async function startWith(infrastructure: InfrastructureStatus): Promise<Running> {
  const running = await start()
  await running.store.create(environmentObject('prod', { infrastructure }))
  return running
}

const marks = (body: Record<string, unknown>): Record<string, string> =>
  (body['metadata'] as { annotations?: Record<string, string> }).annotations ?? {}

describe('What people decide of Terraform', () => {
  it('is the approval of the plan that waits, by its id', async () => {
    const { url } = await startWith({ plan })
    const { status, body } = await post(`${url}/api/v1/environments/prod/terraform/approve`, {
      plan: plan.id,
    })
    expect(status).toBe(200)
    expect(marks(body)).toMatchObject({ [annotations.approvedPlan]: plan.id })
    expect(Object.keys(marks(body))).toEqual(
      expect.arrayContaining([annotations.planApproved, annotations.planApprovedBy]),
    )
  })

  it('is the end of a lock, by its id', async () => {
    const { url } = await startWith({ lock })
    const { status, body } = await post(`${url}/api/v1/environments/prod/terraform/unlock`, { id: lock.id })
    expect(status).toBe(200)
    expect(marks(body)).toMatchObject({ [annotations.unlockId]: lock.id })
  })

  it.each([
    ['approve', { plan: 'sha256:other' }, { plan }, 409, 'AnotherPlan'],
    ['approve', { plan: plan.id }, {}, 409, 'NothingToApprove'],
    [
      'approve',
      { plan: plan.id },
      { plan: { ...plan, permission: 'Refuse' as const } },
      409,
      'NothingToApprove',
    ],
    ['approve', { plan: '' }, { plan }, 400, 'BadRequest'],
    ['unlock', { id: 'lock-2' }, { lock }, 409, 'AnotherLock'],
    ['unlock', { id: lock.id }, {}, 409, 'NotLocked'],
  ])('%s of %j is refused where %j stands: %i %s', async (...[verb, body, infrastructure, status, code]) => {
    const { url, store } = await startWith(infrastructure)
    const answer = await post(`${url}/api/v1/environments/prod/terraform/${verb}`, body)
    expect(answer).toMatchObject({ status, body: { error: { code } } })
    expect((await store.get('Environment', 'prod'))?.metadata.annotations).toBeUndefined()
  })

  it.each(['approve', 'unlock'])('%s of an environment that nobody knows is refused', async (verb) => {
    const { url } = await start()
    const answer = await post(`${url}/api/v1/environments/none/terraform/${verb}`, { plan: 'x', id: 'x' })
    expect([400, 404]).toContain(answer.status)
  })
})
