import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { readArguments } from '../simulation/command/program.ts'
import { runSeeds } from '../simulation/command/run-seeds.ts'
import type { Terminal } from '../simulation/command/terminal.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const OPTIONS = ['--depth', 'core', '--faults', 'harsh', '--seeds', '6', '--workers', '1', '--no-shrink']
const GOES_ON = new AbortController().signal

/** What a run in that directory says as JSON, beside it, and of itself on its page. */
async function runIn(
  directory: string,
  stop = GOES_ON,
): Promise<{ readonly summary: Record<string, unknown>; readonly told: string; readonly page: string }> {
  const [file, page] = [join(directory, 'run.jsonl'), join(directory, 'page.md')]
  let out = ''
  let told = ''
  const terminal: Terminal = {
    out: (text) => void (out += text),
    error: (text) => void (told += text),
    isWatched: false,
  }
  writeFileSync(page, '<!-- simulation: core harsh -->\n<!-- /simulation -->\n')
  const request = readArguments([...OPTIONS, '-o', 'json', '--resume', file, '--report', page], terminal)
  if (typeof request === 'number' || request.kind !== 'Seeds') throw new Error(told)
  await runSeeds(request, terminal, stop, () => '0123abc')
  return { summary: JSON.parse(out) as Record<string, unknown>, told, page: readFileSync(page, 'utf8') }
}

it('a run that was ended goes on with the seeds that are missing, and tells of all of it', async () => {
  const directory = await temporaryDirectory()
  const file = join(directory, 'run.jsonl')
  const stopped = await runIn(directory, AbortSignal.abort())
  expect(stopped.summary['seeds']).toBe(0)
  expect(stopped.told).toContain('this run goes on')
  expect(stopped.page).not.toContain('0123abc')
  const { summary: whole } = await runIn(directory)
  const [head = '', first = '', second = '', third = ''] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('{"crew"'))
  writeFileSync(
    file,
    [head, first, second.replace(/"seconds":[^}]*/, '"seconds":600'), third.slice(0, 50)].join('\n'),
  )
  const { summary, page } = await runIn(directory)
  const { seconds, processes: _one, mostRssBytes: _other, ...same } = summary
  expect(whole).toMatchObject({ ...same, seeds: 6 })
  expect(seconds).toBeGreaterThan(600)
  expect(page).toMatch(/`0123abc` +\| +1 \| +6 \|.*\| +10\.\d \| +0 \|/)
  const played = readFileSync(file, 'utf8').match(/"seed":\d+/g)
  expect(played).toHaveLength(6)
  expect(new Set(played).size).toBe(6)
})
