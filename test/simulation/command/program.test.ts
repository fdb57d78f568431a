import { describe, expect, it } from 'vitest'

import { readArguments } from './program.ts'
import type { Terminal } from './terminal.ts'

function read(...given: string[]): {
  readonly result: ReturnType<typeof readArguments>
  readonly out: string
  readonly error: string
} {
  let out = ''
  let error = ''
  const terminal: Terminal = {
    out: (text) => void (out += text),
    error: (text) => void (error += text),
    isWatched: false,
  }
  const result = readArguments(given, terminal)
  return { result, out, error }
}

describe('the arguments of the simulation', () => {
  it('ask for a hundred seeds with mild faults at full depth when there are none', () => {
    expect(read().result).toMatchObject({
      kind: 'Seeds',
      from: 1,
      seeds: 100,
      minutes: undefined,
      isShrunk: true,
      isJson: false,
      job: { scenario: undefined, level: 'mild', depth: 'full' },
    })
  })

  it('ask for as many seeds as fit where only minutes are given', () => {
    expect(read('--minutes', '4').result).toMatchObject({ seeds: undefined, minutes: 4 })
    expect(read('--minutes', '4', '--seeds', '7').result).toMatchObject({ seeds: 7, minutes: 4 })
  })

  it.each([
    ['Replay', ['--replay', 'deploys/17/harsh', '-v'], { what: 'deploys/17/harsh', isVerbose: true }],
    ['Determinism', ['--check-determinism'], { seeds: 20 }],
    ['Planted', ['--planted'], { name: undefined, seeds: 1_000, job: { level: 'harsh' } }],
    ['Planted', ['--planted', 'some-bug', '--seeds', '3'], { name: 'some-bug', seeds: 3 }],
    ['Explore', ['--explore', 'crashes', '--workers', '3'], { name: 'crashes', workers: 3 }],
  ])('ask for %s by %j', (kind, given, members) => {
    expect(read(...given).result).toMatchObject({ kind, ...members })
  })

  it('ask for a run that is kept, and goes on', () => {
    expect(read('--resume', 'run.jsonl').result).toMatchObject({ kind: 'Seeds', resume: 'run.jsonl' })
    expect(read().result).toMatchObject({ resume: undefined })
  })

  it('shorten a replayed story only when asked to', () => {
    expect(read('--replay', 'deploys/1').result).toMatchObject({ isShrunk: false })
    expect(read('--replay', 'deploys/1', '--shrink').result).toMatchObject({ isShrunk: true })
    expect(read('--no-shrink').result).toMatchObject({ isShrunk: false })
  })

  it.each([
    [['--scenario', 'nonsense'], 'deploys, two-controllers'],
    [['--faults', 'some'], 'none, mild, harsh'],
    [['--depth', 'shallow'], 'full, core'],
    [['-o', 'yaml'], 'json'],
    [['--seeds', '0'], 'whole number from 1 on'],
    [['--seeds', '1e3'], 'whole number from 1 on'],
    [['--from', '-1'], 'whole number from 0 on'],
    [['--minutes', '0'], 'above 0'],
    [['--sceario', 'deploys'], 'Did you mean --scenario?'],
    [
      ['--resume', 'run.jsonl', '--planted'],
      "'--resume <file>' cannot be used with option '--planted [name]'",
    ],
    [['surplus'], 'too many arguments'],
  ])('are refused for %j, with what there is', (given, told) => {
    const { result, out, error } = read(...given)
    expect(result).toBe(1)
    expect(out).toBe('')
    expect(error).toContain(told)
  })

  it('show help with examples and every scenario', () => {
    const { result, out } = read('--help')
    expect(result).toBe(0)
    expect(out).toContain('npm run simulate -- --seeds 1000')
    expect(out).toMatch(/two-controllers +two controllers on one data directory/)
  })
})
