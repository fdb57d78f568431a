import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import type { Played } from '../simulation/command/played.ts'
import type { Job } from '../simulation/command/request.ts'
import { playSeeds } from '../simulation/command/crew/crew.ts'
import { Seeds } from '../simulation/command/crew/seeds.ts'

const job: Job = { scenario: 'deploys', level: 'none', depth: 'full' }
const program = {
  file: fileURLToPath(new URL('../simulation/command/crew/fixtures/unreliable-worker.ts', import.meta.url)),
  silenceMs: 5_000,
}

async function playWith(
  seeds: Seeds,
  stop: AbortSignal = new AbortController().signal,
  onPlayed: (played: Played) => void = () => undefined,
): Promise<{ readonly all: readonly Played[]; readonly processes: number }> {
  const all: Played[] = []
  const { processes } = await playSeeds({
    job,
    seeds,
    workers: 2,
    stop,
    program,
    onPlayed: (played) => {
      all.push(played)
      onPlayed(played)
    },
  })
  return { all: all.toSorted((left, right) => left.seed - right.seed), processes }
}

describe('a crew', () => {
  it('plays every seed once, and tells of those at which a process ended or hung', async () => {
    const { all, processes } = await playWith(new Seeds({ from: 1, count: 10 }))
    expect(all.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const defects = all.flatMap(({ seed, violations }) =>
      violations.map(({ promise, message }) => `${seed} ${promise}: ${message}`),
    )
    expect(defects).toEqual(['3 defect: its process ended with 7', '5 defect: no progress for 5 s'])
    expect(processes).toBeGreaterThanOrEqual(3)
  })

  it('plays no more seeds once it is told to stop', async () => {
    const stop = new AbortController()
    const { all } = await playWith(new Seeds({ from: 100 }), stop.signal, ({ seed }) => {
      if (seed >= 150) stop.abort()
    })
    expect(all.length).toBeGreaterThan(0)
    expect(all.length).toBeLessThan(100)
  })

  it('gives up when one process after the other ends', async () => {
    const seeds = new Seeds({ from: 3, count: 1 })
    for (let time = 0; time < 50; time += 1) seeds.giveBack([3])
    const { all } = await playWith(seeds)
    expect(all.length).toBeLessThan(10)
    expect(seeds.left).toBeGreaterThan(0)
  })
})

describe('the seeds', () => {
  it('are handed out in order, those that came back first', () => {
    const seeds = new Seeds({ from: 5, count: 4 })
    expect(seeds.take(3)).toEqual([5, 6, 7])
    seeds.giveBack([6, 7])
    expect(seeds.take(9)).toEqual([6, 7, 8])
    expect(seeds.left).toBe(0)
    expect(seeds.take(1)).toEqual([])
  })

  it('leave out those that were played before', () => {
    const seeds = new Seeds({ from: 5, count: 5, without: [4, 6, 9, 11] })
    expect(seeds.left).toBe(3)
    expect(seeds.take(2)).toEqual([5, 7])
    expect(seeds.left).toBe(1)
    expect(seeds.take(9)).toEqual([8])
    expect(new Seeds({ from: 1, without: [1, 2] }).take(2)).toEqual([3, 4])
  })
})
