import { describe, expect, it } from 'vitest'
import type { ProcessResult } from '../../../controller/adapters/git/process.ts'
import { nothing } from '../../../controller/adapters/git/process.ts'
import { together, unlessAborted } from '../../../controller/adapters/git/together.ts'

/** A program that ends when the test says so; each run answers with its number. */
function program() {
  const ends: (() => void)[] = []
  const run = (): Promise<ProcessResult> => {
    const { promise, resolve } = Promise.withResolvers<ProcessResult>()
    const stdout = Buffer.from(String(ends.length + 1))
    ends.push(() => resolve({ ended: 'exited', exitCode: 0, stdout, stderr: '' }))
    return promise
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return { run, ends, settle }
}

const textOf = async (result: Promise<ProcessResult>): Promise<string> => (await result).stdout.toString()

describe('asking together', () => {
  it('answers all who ask during a run by one run that begins after it', async () => {
    const { run, ends, settle } = program()
    const first = textOf(together('a', run))
    const later = [1, 2, 3].map(() => textOf(together('a', run)))
    await settle()
    expect(ends).toHaveLength(1)
    ends[0]?.()
    expect(await first).toBe('1')
    await settle()
    expect(ends).toHaveLength(2)
    const latest = textOf(together('a', run))
    ends[1]?.()
    expect(await Promise.all(later)).toEqual(['2', '2', '2'])
    await settle()
    ends[2]?.()
    expect(await latest).toBe('3')
  })

  it('begins at once when nobody asks, and for another key', async () => {
    const { run, ends, settle } = program()
    const one = textOf(together('b', run))
    const other = textOf(together('c', run))
    expect(ends).toHaveLength(2)
    for (const end of ends) end()
    expect(await Promise.all([one, other])).toEqual(['1', '2'])
    await settle()
    const again = textOf(together('b', run))
    ends[2]?.()
    expect(await again).toBe('3')
  })

  it('goes on after a run that failed', async () => {
    const { run, ends, settle } = program()
    const failed = together('d', () => Promise.reject(new Error('no git')))
    const next = textOf(together('d', run))
    await expect(failed).rejects.toThrow('no git')
    await settle()
    ends[0]?.()
    expect(await next).toBe('1')
  })

  it('lets whoever has no patience left go', async () => {
    const leaving = new AbortController()
    const waiting = unlessAborted(new Promise(() => undefined), leaving.signal)
    leaving.abort()
    expect(await waiting).toEqual(nothing('aborted'))
    expect(await unlessAborted(new Promise(() => undefined), leaving.signal)).toEqual(nothing('aborted'))
  })
})
