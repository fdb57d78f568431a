import { beforeAll, describe, expect, it, vi } from 'vitest'
import { PATTERNS } from '../../support/machine/event-queue.ts'
import { messagesIn } from '../aws/event-queue.ts'
import { intervalSeconds } from './interval.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Happening, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const BY_HAND_MS = 70_000
const pushed: Happening = { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } }
const byHand: Happening = {
  atMs: BY_HAND_MS,
  kind: 'weights by hand',
  with: { release: 'web', blue: 50, green: 50 },
}

const story: Story = {
  scenario: 'woken',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  news: 'queue',
  happenings: [pushed, byHand],
}

interface Played {
  readonly violations: readonly string[]
  /** From the change by hand until it was put back, in milliseconds. */
  readonly correctedMs: number
  readonly left: number
  readonly hash: string
}

async function played(
  prepare: (simulation: Simulation) => void = () => undefined,
  further: readonly Happening[] = [],
): Promise<Played> {
  let left = 0
  let correctedMs = Number.NaN
  const told = { ...story, happenings: [...story.happenings, ...further] }
  const { violations, traceHash } = await play(told, (simulation) => {
    const { aws, time, checkers } = simulation
    aws.listen({
      afterCall({ who, operation }) {
        if (who !== 'people' && operation === 'ModifyListener' && time.elapsed() > BY_HAND_MS)
          correctedMs = time.elapsed() - BY_HAND_MS
        left = operation === 'ReceiveMessage' ? messagesIn(aws) : left
      },
    })
    if (checkers === undefined) throw new Error('nobody judges')
    prepare(simulation)
  })
  return { violations: violations.map(({ message }) => message), correctedMs, left, hash: traceHash }
}

// The first run of a process loads what the others have.
beforeAll(async () => {
  await play({ ...story, happenings: [pushed] })
})

describe('a release of which a queue tells', () => {
  it('is put back within moments of a change by hand, and no message is left', async () => {
    const { violations, correctedMs, left } = await played()
    expect({ violations, left }).toEqual({ violations: [], left: 0 })
    expect(correctedMs).toBeLessThan(10_000)
  })

  it('is put back once it was let be, where people changed it again and again', async () => {
    const again = [1, 2, 3].map((time) => ({ ...byHand, atMs: BY_HAND_MS + time * 100_000 }))
    const { violations, correctedMs } = await played(() => undefined, again)
    expect(violations).toEqual([])
    expect(correctedMs).toBeGreaterThan(600_000)
  })

  it('goes the same way twice', async () => {
    expect(await played()).toEqual(await played())
  })

  it('is put back within the usual interval where every event is lost', async () => {
    const { violations, correctedMs } = await played(({ aws }) => {
      aws.news.take(() => [])
    })
    expect(violations).toEqual([])
    expect(correctedMs).toBeGreaterThan(10_000)
    expect(correctedMs).toBeLessThan(intervalSeconds(story) * 1100 + 10_000)
  })

  it('is put back within the usual interval however often its queue goes and comes back', async () => {
    const goes = Array.from({ length: 12 }, (_, index) => ({
      atMs: BY_HAND_MS - 5_000 + index * 60_000,
      kind: 'queue deleted',
      with: { backAfterMs: 20_000 },
    }))
    const { violations, correctedMs } = await played(() => undefined, goes)
    expect(violations).toEqual([])
    expect(correctedMs).toBeLessThan(intervalSeconds(story) * 1100 + 10_000)
  })

  it('is missed by the checker where it was told of and nobody hears', async () => {
    const event = JSON.stringify({ ...PATTERNS.ecs, resources: ['arn:aws:ecs:::service/demo/web-green'] })
    const { violations } = await played(({ aws, time }) => {
      aws.news.take(() => [])
      time.after(60_000, () => aws.news.arrived(event))
    })
    expect(violations).toEqual([
      expect.stringMatching(/^web was told of 10\.\d s ago, and is not looked at$/),
    ])
  })
})
