import { beforeAll, describe, expect, it, vi } from 'vitest'
import { play } from './run-seed.ts'
import type { Happening, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const FROM_MS = 120_000
const FOR_MS = 30_000

const push = (release: string): Happening => ({
  atMs: 0,
  kind: 'push',
  with: { release, version: 'v1-good' },
})

const story: Story = {
  scenario: 'woken',
  seed: 1,
  releases: ['web', 'api'],
  desiredCount: 1,
  seats: 1,
  news: 'queue',
  happenings: [push('web'), push('api')],
}

/** How often each release was looked at while it lasted, and what was broken in the whole run. */
async function during(what: Omit<Happening, 'atMs'>): Promise<object> {
  const looks = { web: 0, api: 0 }
  const happenings = [...story.happenings, { atMs: FROM_MS, ...what }]
  const { violations } = await play({ ...story, happenings }, ({ aws, time }) =>
    aws.listen({
      beforeCall({ who, operation, input }) {
        const sinceMs = time.elapsed() - FROM_MS
        if (who === 'people' || operation !== 'DescribeServices' || sinceMs < 0 || sinceMs > FOR_MS) return
        const names = input['services'] as readonly string[]
        for (const release of ['web', 'api'] as const)
          if (names.includes(`${release}-blue`)) looks[release] += 1
      },
    }),
  )
  return { ...looks, violations: violations.map(({ message }) => message) }
}

// The first run of a process loads what the others have.
beforeAll(async () => {
  await play(story)
})

describe('messages that anybody may have written', () => {
  it.each([2, 30])(
    'have a release looked at once a second and no other one, %i of them a second',
    async (perSecond) => {
      const flood = { kind: 'a flood of made-up events', with: { release: 'web', perSecond, forMs: FOR_MS } }
      const { web, ...rest } = (await during(flood)) as { readonly web: number }
      expect(web).toBeGreaterThan(25)
      expect(web).toBeLessThanOrEqual(31)
      expect(rest).toEqual({ api: 0, violations: [] })
    },
  )

  it('have nobody looked at where they name nothing that is managed', async () => {
    const garbage = { kind: 'garbage in the queue', with: { first: 0, count: 30 } }
    expect(await during(garbage)).toEqual({ web: 0, api: 0, violations: [] })
  })
})

describe('a change of which the message can’t be put away', () => {
  it.each(['ReceiveMessage', 'DeleteMessageBatch'])(
    'is put back all the same, after lost answers of %s',
    async (operation) => {
      const lost = {
        kind: 'weights by hand while the queue forgets answers',
        with: { release: 'web', operation, forMs: 40_000 },
      }
      expect(await during(lost)).toMatchObject({ violations: [] })
    },
  )
})
