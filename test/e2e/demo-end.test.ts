import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { makeTemporaryDirectory } from '../support/temp-directory.ts'
import type { SteersmanProcess } from '../support/steersman-process.ts'
import { startSteersman } from '../support/steersman-process.ts'

/** Far more than it takes on a machine that is busy with other things; the whole story takes a minute. */
const WITHIN_MS = 20_000
const MARK = 'STEERSMAN_TEST_DEMO'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

/** The demo in a process of its own, in the middle of its second chapter. */
async function demoInItsMiddle(...words: readonly string[]): Promise<{
  readonly demo: SteersmanProcess
  readonly directory: string
  readonly mark: string
}> {
  const { path, remove } = await makeTemporaryDirectory('steersman-demo-end')
  opened.push(remove)
  const mark = `${MARK}=${path}`
  const demo = startSteersman(['demo', '--port', '0', '--no-terraform', ...words], {
    TMPDIR: path,
    [MARK]: path,
  })
  opened.push(() => demo.kill())
  await demo.line(({ text }) => text.startsWith('(b)'), 'the second chapter')
  const line = await demo.line(({ text }) => text.includes('Everything lives in'), 'the directory')
  const [, directory = ''] = /Everything lives in (\S+?)[. ]/.exec(line.text) ?? []
  return { demo, directory, mark }
}

/** Processes that the demo has started, itself too: they have its environment. */
const processesWith = (mark: string): readonly string[] =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(mark)
    } catch {
      return false
    }
  })

describe('a demo that is asked to end in the middle of its story', { timeout: 120_000 }, () => {
  it.each([
    ['SIGTERM', [], 0],
    ['SIGINT', [], 0],
    ['SIGTERM', ['--once'], 1],
  ] as const)('by one %s %j ends soon, with %i, and leaves no process', async (name, words, code) => {
    const { demo, directory, mark } = await demoInItsMiddle(...words)
    expect(processesWith(mark)).toContain(String(demo.pid))
    const since = performance.now()
    process.kill(demo.pid, name)
    expect(await demo.exited()).toBe(code)
    expect(performance.now() - since).toBeLessThan(WITHIN_MS)
    expect(processesWith(mark)).toEqual([])
    expect(demo.lines.map(({ text }) => text)).toContain('Ended in the middle of the story, as asked.')
    expect(demo.lines.some(({ text }) => text.startsWith('(c)'))).toBe(false)
    expect(existsSync(directory)).toBe(words.length === 0)
  })
})
