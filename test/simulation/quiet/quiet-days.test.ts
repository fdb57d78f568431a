import { describe, expect, it, vi } from 'vitest'
import { playQuietDays } from './quiet-days.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The long form is a command: `npm run bench:drift -- --hours 24 --releases 200`. */
const days = { hours: 0.25, releases: 3, interval: '30s' }

describe('days on which nobody changes anything by hand', () => {
  it('tell of no drift, whatever autoscaling, failing hosts and AWS at work do', async () => {
    const figures = await playQuietDays({ ...days, seed: 1 })
    expect(figures).toMatchObject({ drifted: {}, corrected: 0, defects: 0, examples: [] })
    expect(figures.rollouts).toBeGreaterThanOrEqual(days.releases)
    expect(figures.scaled).toBeGreaterThan(0)
    expect(figures.happened).toMatchObject({ 'a zone is lost': 1, push: figures.rollouts })
    expect(figures.looks).toBeGreaterThan(days.releases * 30)
  })

  it('would tell of a hand among all that, and put it back', async () => {
    const hand = {
      atMs: 9 * 60_000,
      kind: 'weights by hand',
      with: { release: 'r1', blue: 50, green: 50 },
    }
    const { drifted, corrected, examples } = await playQuietDays({ ...days, seed: 1 }, [hand])
    expect(Object.keys(drifted)).toEqual(['traffic'])
    // Each of its production rules.
    expect(corrected).toBe(3)
    expect(examples.join('\n')).toContain('minute 9')
  })
})
