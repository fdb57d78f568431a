import { describe, expect, it } from 'vitest'
import type { ApiClient } from '../../controller/api/client.ts'
import { releaseView, rolloutView, shopClient, steersman } from './stage.ts'

describe('what people decide of a rollout', () => {
  const awaiting = { gate: 'sign-off', since: '2026-11-21T11:50:00Z', until: '2026-11-22T11:50:00Z' }
  const running = {
    ...rolloutView(42),
    status: { phase: 'AwaitingApproval' as const, awaiting, message: 'gate sign-off waits for a person' },
  }
  const release = releaseView({ rollout: 'prod-web-42' })
  const answering = (given: unknown[]): Partial<ApiClient> => {
    const note =
      (verb: string) =>
      (...args: unknown[]) => {
        given.push([verb, ...args])
        return Promise.resolve(running)
      }
    return {
      ...shopClient({ release, rollouts: [running] }),
      rollout: (name) => Promise.resolve({ ...running, metadata: { ...running.metadata, name } }),
      approveRollout: note('approve'),
      rejectRollout: note('reject'),
      abortRollout: note('abort'),
      retryGate: note('retry') as unknown as ApiClient['retryGate'],
    }
  }

  it.each<readonly [words: readonly string[], asked: readonly unknown[], said: string]>([
    [
      ['approve', '--comment', 'seen'],
      ['approve', 'prod-web-42', { gate: 'sign-off', comment: 'seen' }],
      'gate sign-off is approved for prod-web-42',
    ],
    [
      ['reject', '--gate', 'other', '--rollout', '41'],
      ['reject', 'prod-web-41', { gate: 'other' }],
      'gate other is rejected for prod-web-41',
    ],
    [['abort', '--reason', 'wrong'], ['abort', 'prod-web-42', { reason: 'wrong' }], 'prod-web-42 goes back'],
    [['abort'], ['abort', 'prod-web-42', {}], 'prod-web-42 goes back'],
    [
      ['retry', '--gate', 'smoke'],
      ['retry', 'prod-web-42', { gate: 'smoke' }],
      'gate smoke of prod/web is asked again',
    ],
  ])('%j asks the controller about that very rollout', async ([verb = '', ...options], asked, said) => {
    const given: unknown[] = []
    const { code, out } = await steersman([verb, 'prod/web', ...options], { client: answering(given) })
    expect({ code, given }).toEqual({ code: 0, given: [asked] })
    expect(out).toContain(said)
  })

  it('is refused where no rollout runs, or none waits', async () => {
    const ended = await steersman(['approve', 'prod/web'], { client: shopClient({ release }) })
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toContain('no rollout of prod/web is running')
    const idle = { ...running, status: { phase: 'Verifying' as const } }
    const early = await steersman(['reject', 'prod/web'], {
      client: shopClient({ release, rollouts: [idle] }),
    })
    expect(early.err).toContain('prod-web-42 waits for no decision')
  })
})
