import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { temporaryDirectory } from '../../../support/temp-directory.ts'
import { fakePlayed } from '../summary/fake-run.ts'
import { KeptRun } from './kept-run.ts'
import type { RunIdentity } from './run-identity.ts'

const run: RunIdentity = {
  commit: '0123abc',
  job: { scenario: undefined, level: 'harsh', depth: 'full' },
  from: 1,
  seeds: 9,
}

/** A file with two seeds, ended by hand after 20 s. */
async function begun(): Promise<string> {
  const file = join(await temporaryDirectory(), 'run.jsonl')
  const kept = KeptRun.open(file, run)
  kept.add(fakePlayed({ seed: 2 }), 8)
  kept.add(fakePlayed({ seed: 1, crashes: 7 }), 15)
  kept.end({ processes: 2, mostRssBytes: 300 }, 20)
  return file
}

const seedsOf = ({ played }: KeptRun): readonly number[] => played.map(({ seed }) => seed)

describe('a run that is kept', () => {
  it('begins with nothing, and goes on with all that each seed came to', async () => {
    const file = await begun()
    const kept = KeptRun.open(file, run)
    expect(kept.played).toEqual([fakePlayed({ seed: 2 }), fakePlayed({ seed: 1, crashes: 7 })])
    expect(kept.seconds).toBe(20)
  })

  it('adds up the processes of all its times', async () => {
    const file = await begun()
    const kept = KeptRun.open(file, run)
    kept.add(fakePlayed({ seed: 3 }), 31)
    expect(kept.end({ processes: 1, mostRssBytes: 200 }, 40)).toEqual({ processes: 3, mostRssBytes: 300 })
    const again = KeptRun.open(file, run)
    expect(again.seconds).toBe(40)
    expect(again.end({ processes: 4, mostRssBytes: 500 }, 50)).toEqual({ processes: 7, mostRssBytes: 500 })
  })

  it('takes away a line that was being written when its process was killed', async () => {
    const file = await begun()
    const whole = readFileSync(file, 'utf8')
    KeptRun.open(file, run).add(fakePlayed({ seed: 4 }), 30)
    truncateSync(file, whole.length + 40)
    const kept = KeptRun.open(file, run)
    expect(seedsOf(kept)).toEqual([2, 1])
    expect(kept.seconds).toBe(20)
    kept.add(fakePlayed({ seed: 5 }), 33)
    expect(seedsOf(KeptRun.open(file, run))).toEqual([2, 1, 5])
  })

  it('counts a seed once, though two went on with the file', async () => {
    const file = await begun()
    const [one, other] = [KeptRun.open(file, run), KeptRun.open(file, run)]
    one.add(fakePlayed({ seed: 3 }), 30)
    other.add(fakePlayed({ seed: 3 }), 31)
    expect(seedsOf(KeptRun.open(file, run))).toEqual([2, 1, 3])
  })

  it.each<[string, RunIdentity, string]>([
    ['of another commit', { ...run, commit: 'fedcba9' }, 'check out 0123abc'],
    ['with other faults', { ...run, job: { ...run.job, level: 'mild' } }, '--faults harsh --depth full'],
    ['at another depth', { ...run, job: { ...run.job, depth: 'core' } }, '--depth core'],
    ['of one scenario', { ...run, job: { ...run.job, scenario: 'deploys' } }, '--scenario deploys'],
    ['from another seed', { ...run, from: 2 }, '--from 2'],
    ['of more seeds', { ...run, seeds: 10 }, '--seeds 10'],
    ['of as many seeds as fit', { ...run, seeds: undefined }, 'ask for the same'],
    ['of a tree with changes', { ...run, commit: '0123abc+' }, 'commit or stash'],
    ['outside of a clone', { ...run, commit: 'unknown' }, 'needs a clone'],
  ])('is not gone on with by one %s, and left as it is', async (_what, other, told) => {
    const file = await begun()
    const before = readFileSync(file, 'utf8')
    expect(() => KeptRun.open(file, other)).toThrow(told)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('is begun by nobody whose tree has changes', async () => {
    const file = join(await temporaryDirectory(), 'run.jsonl')
    expect(() => KeptRun.open(file, { ...run, commit: '0123abc+' })).toThrow('commit or stash')
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })

  it('is not looked for in a file of something else', async () => {
    const directory = await temporaryDirectory()
    const begin = readFileSync(await begun(), 'utf8')
    const texts = [
      '',
      'words',
      'words\n',
      '{"played":{}}\n',
      'null\n',
      `${begin}words\n`,
      `${begin}{}\nwords`,
    ]
    for (const [index, text] of texts.entries()) {
      const file = join(directory, String(index))
      writeFileSync(file, text)
      expect(() => KeptRun.open(file, run)).toThrow('holds no run')
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
  })
})
