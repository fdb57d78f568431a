import { describe, expect, it } from 'vitest'
import { cpuUseOf, isStarved, parseStatus } from './cpu.ts'

const SILENCE_MS = 60_000
const before = { cpuMs: 5_000, isRunnable: true }

describe('a silent member', () => {
  it.each([
    ['wants for a processor', { cpuMs: 9_000, isRunnable: true }, true],
    ['waits for something that does not come', { cpuMs: 5_010, isRunnable: false }, false],
    ['computes without an end', { cpuMs: 64_000, isRunnable: true }, false],
    ['is gone', undefined, false],
  ])('%s', (_what, now, expected) => {
    expect(isStarved(before, now, SILENCE_MS)).toBe(expected)
  })

  it('is described by its line, whatever its name is', () => {
    const line = '42 (a ) R 1) S 1 42 42 0 -1 4194560 1 0 0 0 120 34 0 0 20 0 11 0 99 0 0'
    expect(parseStatus(line)).toEqual({ cpuMs: 1_540, isRunnable: false })
  })

  it.skipIf(process.platform !== 'linux')('is read where there is /proc (Linux)', () => {
    const { cpuMs = 0 } = cpuUseOf(process.pid) ?? {}
    expect(cpuMs).toBeGreaterThan(0)
    expect(cpuUseOf(undefined)).toBeUndefined()
  })
})
