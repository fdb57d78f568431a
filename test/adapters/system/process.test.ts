import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { isAlive, processFacts } from '../../../controller/adapters/system/process.ts'

describe('a holder', () => {
  it('is alive while it is this process', async () => {
    const facts = await processFacts('one')
    expect(facts).toMatchObject({ pid: process.pid, instance: 'one' })
    expect(await processFacts('one')).toEqual(facts)
    expect(await isAlive(facts)).toBe(true)
  })

  it.each([
    ['whose process number was given to a later process', { processStartedAt: 1 }, false],
    ['of an earlier boot', { bootId: 'earlier' }, false],
    ['on another host', { host: 'elsewhere' }, undefined],
    ['that could not tell its start', { processStartedAt: 0 }, undefined],
    ['that could not tell its boot', { bootId: '' }, undefined],
  ] as const)('%s is judged by what can be known', async (_case, change, expected) => {
    expect(await isAlive({ ...(await processFacts('one')), ...change })).toBe(expected)
  })

  it('is gone when its process has ended', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
    const pid = child.pid ?? 0
    await once(child, 'exit')
    expect(await isAlive({ ...(await processFacts('one')), pid })).toBe(false)
  })
})
