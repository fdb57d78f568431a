import { describe, expect, it } from 'vitest'

import { fakePlayed, fakeRun } from './fake-run.ts'
import { replaced } from './report.ts'
import { progressLine } from '../progress.ts'
import { summaryJson, summaryText } from './summary.ts'
import { table } from './table.ts'
import { Tally } from './tally.ts'

describe('the sum of played seeds', () => {
  it('has one trace hash, whichever seed was first', () => {
    const played = [1, 2, 3].map((seed) => fakePlayed({ seed, traceHash: `hash ${seed}` }))
    const hashOf = (all: typeof played): string => {
      const tally = new Tally({ hasFaults: true })
      for (const each of all) tally.add(each)
      return tally.traceHash
    }
    expect(hashOf(played)).toBe(hashOf(played.toReversed()))
    expect(hashOf(played)).not.toBe(hashOf([...played.slice(1), fakePlayed({ seed: 1, traceHash: 'other' })]))
  })

  it.each([
    ['pushes', { pushes: 2 }, true, 1],
    ['fired faults', { fired: { kill: 2 } }, true, 1],
    ['nothing, where no faults were asked for', { fired: {} }, false, 0],
    ['nothing', {}, true, 0],
  ])('says that a seed shows too little for want of %s', (_, members, hasFaults, thin) => {
    const tally = new Tally({ hasFaults })
    tally.add(fakePlayed(members))
    expect(tally.thinCount).toBe(thin)
  })

  it('keeps the first violations of a run that breaks them all, and counts the rest', () => {
    const tally = new Tally({ hasFaults: true })
    for (let seed = 0; seed < 1_000; seed += 1)
      tally.add(fakePlayed({ seed, violations: [{ promise: 'I5', message: 'it does not rest', atMs: 1 }] }))
    expect(tally.violationCount).toBe(1_000)
    expect(tally.violations).toHaveLength(100)
    expect(tally.violations[0]).toMatchObject({ promise: 'I5', seed: 0, scenario: 'deploys' })
  })
})

describe('the summary', () => {
  it('shows figures, the faults by phase, and each violation with its replay', () => {
    const run = fakeRun([
      fakePlayed({ seed: 1 }),
      fakePlayed({ seed: 2, violations: [{ promise: 'I5', message: 'it does not rest', atMs: 61_500 }] }),
    ])
    const text = summaryText(run)
    expect(text).toContain('seeds         2 (deploys 2; faults harsh, depth full, commit 0123abc)')
    expect(text).toContain('rollouts      6 (Succeeded 4, RolledBack 2)')
    expect(text).toContain('faults        8 drawn, 6 fired')
    expect(text).toContain('| fault      | drawn | fired | Verifying | no rollout |')
    expect(text).toContain('| throttling |     4 |     2 |         2 |          0 |')
    expect(text).toContain('I5 at 61.5 s of deploys/2: it does not rest')
    expect(text).toContain('npm run simulate -- --replay deploys/2/harsh')
  })

  it('has the documented members as JSON', () => {
    expect(summaryJson(fakeRun([fakePlayed({ seed: 1 })]))).toMatchObject({
      seeds: 1,
      pushes: 3,
      rollouts: 3,
      sdkCalls: 100,
      writes: 10,
      faults: { kill: 2, throttling: 1 },
      crashes: 2,
      violations: [],
      traceHash: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    })
  })
})

describe('a table', () => {
  it('reads as Markdown and in a terminal', () => {
    const rows = [
      ['a', 1],
      ['longer', 100],
    ] as const
    expect(table(['name', 'n'], rows)).toBe(
      ['| name   |   n |', '| ------ | --: |', '| a      |   1 |', '| longer | 100 |'].join('\n'),
    )
  })
})

describe('figures on a page', () => {
  const page = 'before\n<!-- simulation: full harsh -->\nold\n<!-- /simulation -->\nafter\n'

  it('take the place of those between their markers', () => {
    const next = replaced(page, 'full harsh', 'new')
    expect(next).toBe('before\n<!-- simulation: full harsh -->\n\nnew\n\n<!-- /simulation -->\nafter\n')
    expect(replaced(next, 'full harsh', 'new')).toBe(next)
  })

  it.each([
    ['no marker', 'before'],
    ['two of them', `${page}${page}`],
    ['no end', '<!-- simulation: full harsh -->'],
  ])('are refused by a page with %s', (_, text) => {
    expect(() => replaced(text, 'full harsh', 'new')).toThrow('<!-- /simulation -->')
  })
})

describe('the progress', () => {
  it.each([
    [{ done: 0, seeds: 100, minutes: undefined }, '0 of 100 seeds, 0.0/s, 0 violations'],
    [{ done: 50, seeds: 100, minutes: undefined }, '50 of 100 seeds, 5.0/s, 0 violations, about 10 s left'],
    [{ done: 50, seeds: undefined, minutes: 4 }, '50 seeds, 5.0/s, 0 violations, about 4 min left'],
    [{ done: 50, seeds: 60, minutes: 4 }, '50 of 60 seeds, 5.0/s, 0 violations, about 2 s left'],
  ])('after ten seconds is told for %j', (given, line) => {
    expect(progressLine({ violations: 0, seconds: 10, ...given })).toBe(line)
  })
})
