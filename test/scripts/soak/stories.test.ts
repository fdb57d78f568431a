import { describe, expect, it } from 'vitest'
import { drawStories, takesTraffic } from '../../../scripts/soak/stories.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const draw = (seed: number, count: number) => drawStories(seededRandom(seed), count)

describe('the stories of a soak', () => {
  it('are the same for the same seed, and others for another one', () => {
    expect(draw(7, 30)).toEqual(draw(7, 30))
    expect(draw(7, 30)).not.toEqual(draw(8, 30))
  })

  it.each([1, 2, 3, 4, 5])('of each dozen a third fail, and every ending comes (seed %d)', (seed) => {
    const stories = draw(seed, 36)
    for (const first of [0, 12, 24]) {
      const endings = stories.slice(first, first + 12).map(({ ending }) => ending)
      expect(endings.filter((ending) => /^Fails|^Never/.test(ending))).toHaveLength(4)
      expect(new Set(endings).size).toBe(8)
    }
  })

  it('each have a version of their own, and half of them a sticky rule', () => {
    const stories = draw(3, 24)
    expect(new Set(stories.map(({ version }) => version)).size).toBe(24)
    expect(stories.filter(({ sticky }) => sticky)).toHaveLength(12)
  })

  it('fail a gate of the shift only where there are steps', () => {
    const inShift = draw(4, 240).filter(({ ending }) => ending === 'FailsAtShift')
    expect(inShift).toHaveLength(20)
    expect(inShift.filter(({ strategy }) => strategy.type === 'BlueGreen')).toEqual([])
  })

  it('have every strategy', () => {
    expect(new Set(draw(5, 60).map(({ strategy }) => strategy.type))).toEqual(
      new Set(['BlueGreen', 'Canary', 'Linear']),
    )
  })

  it('give no traffic to what fails before the first weight', () => {
    expect(takesTraffic('FailsAtVerify')).toBe(false)
    expect(takesTraffic('NeverHealthy')).toBe(false)
    expect(takesTraffic('FailsAtShift')).toBe(true)
  })
})
