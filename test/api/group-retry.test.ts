import { describe, expect, it } from 'vitest'
import type { RolloutStatus } from '../../controller/resources/types.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import { fill, rolloutObject, releaseObject } from './objects.ts'
import { post, start } from './start.ts'

const key = { environment: 'prod', release: 'web' } as const
const group = {
  name: 'shop',
  leader: 'prod-api-3',
  members: [
    { release: 'api', digest: 'a'.repeat(64), number: 3 },
    { release: 'web', digest: 'b'.repeat(64), number: 2 },
  ],
}
const finishedAt = '2026-11-28T12:00:00Z'
const failed: RolloutStatus = { phase: 'RolledBack', outcome: 'RolledBack', reason: 'GateFailed', finishedAt }
const followed: RolloutStatus = { ...failed, reason: 'GroupMemberFailed' }

/** Rollout 2 of web and rollout 3 of api moved together. */
async function started({ api, web }: { readonly api: RolloutStatus; readonly web: RolloutStatus }) {
  const running = await start()
  await fill(running.store)
  await running.store.create(releaseObject({ ...key, release: 'api' }))
  await running.store.create(rolloutObject({ ...key, release: 'api', number: 3 }, api, { group }))
  await running.store.create(rolloutObject({ ...key, number: 2 }, web, { group }))
  return running
}

describe('a retry of a member of a group', () => {
  it.each(['releases/prod/web/retry', 'rollouts/prod-web-2/retry'])(
    'that only went back with another one names that one, since a retry of it moves them all: %s',
    async (path) => {
      const { url, asked, store } = await started({ api: failed, web: followed })
      expect(await post(`${url}/api/v1/${path}`)).toMatchObject({
        status: 409,
        body: {
          error: {
            code: 'GroupMemberFailed',
            message: 'prod-web-2 only went back with its group, since prod-api-3 failed',
            remedy: 'Retry prod/api: the whole group moves with it.',
          },
        },
      })
      expect(asked).toEqual([])
      const stored = await store.get('Release', 'prod-web')
      expect(stored?.metadata.annotations?.[annotations.retry]).toBeUndefined()
    },
  )

  it.each([
    ['that failed itself', 'api', { api: failed, web: followed }],
    ['that is the only one which failed', 'web', { api: followed, web: failed }],
    ['where nobody knows any more which one failed', 'web', { api: followed, web: followed }],
    ['whose rollout still goes back', 'web', { api: failed, web: { phase: 'RollingBack' } }],
  ] as const)('%s is taken: %s', async (_which, release, statuses) => {
    const { url, asked } = await started(statuses)
    expect((await post(`${url}/api/v1/releases/prod/${release}/retry`)).status).toBe(200)
    expect(asked).toEqual([{ environment: 'prod', release }])
  })
})
