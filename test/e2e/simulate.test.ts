import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

import type { Story } from '../simulation/run/story.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'
import { saveStory } from '../simulation/command/replay/story-file.ts'

const MAIN = fileURLToPath(new URL('../simulation/main.ts', import.meta.url))
const TIME_LIMIT_MS = 90_000

interface Ended {
  readonly exitCode: number
  readonly out: string
  readonly error: string
}

async function simulate(given: readonly string[], bug = ''): Promise<Ended> {
  const env = { ...process.env, STEERSMAN_PLANTED_BUG: bug }
  const options = { env, timeout: TIME_LIMIT_MS, maxBuffer: 16 * 2 ** 20 }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...given], options)
    return { exitCode: 0, out: stdout, error: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as {
      readonly code: number
      readonly stdout: string
      readonly stderr: string
    }
    return { exitCode: code, out: stdout, error: stderr }
  }
}

const push = (atMs: number, version: string) => ({ atMs, kind: 'push', with: { release: 'web', version } })

/** The second version must never get a request. */
const story: Story = {
  scenario: 'deploys',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  happenings: [push(0, 'v1-good'), push(60_000, 'v2-fails-gate')],
}

describe('npm run simulate', { timeout: 2 * TIME_LIMIT_MS }, () => {
  it('gives every seed the same trace hash in another process', async () => {
    const given = ['--check-determinism', '--seeds', '2', '--scenario', 'deploys', '-o', 'json']
    const { exitCode, out } = await simulate(given)
    expect({ exitCode, ...(JSON.parse(out) as object) }).toEqual({ exitCode: 0, seeds: 2, differing: [] })
  })

  it('replays a seed of a run with the same trace hash, and with a timeline', async () => {
    const seed = ['--seeds', '1', '--from', '11', '--scenario', 'deploys', '-o', 'json', '--no-shrink']
    const run = JSON.parse((await simulate(seed)).out) as { readonly traceHash: string }
    const { out } = await simulate(['--replay', 'deploys/11/mild'])
    expect(out).toContain(`trace         ${run.traceHash}\n`)
    expect(out).toMatch(/^ {6}0:00\.000 {2}people +push [0-9a-f]{8}: \w+ v1-good/m)
    expect(out).toMatch(/controller 1, life 1 +PhaseEntered .*phase=Shifting/)
    expect(out).toMatch(/aws +ModifyListener by controller 1, life 1: sent/)
  })

  it('exits with 1 when a promise is broken, and marks it in the timeline', async () => {
    const file = saveStory(await temporaryDirectory(), story, 'none')
    const [sound, broken] = await Promise.all([
      simulate(['--replay', file, '--faults', 'none']),
      simulate(['--replay', file, '--faults', 'none'], 'let-failed-gates-pass'),
    ])
    expect(sound).toMatchObject({ exitCode: 0, error: '' })
    expect(sound.out).toContain('violations    0')
    expect(broken.exitCode).toBe(1)
    expect(broken.out).toMatch(/^>>> .*BROKEN traffic: requests to web reach v2-fails-gate/m)
  })

  it.each([
    ['no scenario', ['--replay', 'nonsense/1'], 'is neither scenario/seed[/faults] nor a .json file'],
    ['no file', ['--replay', 'missing.json'], 'no such file'],
    ['no explorer', ['--explore', 'nonsense'], 'there is no explorer nonsense; there are crashes'],
    ['no bug', ['--planted', 'nonsense'], 'there is no planted bug nonsense at depth full; there are'],
  ])('refuses what there is %s for', async (_, given, told) => {
    const { exitCode, out, error } = await simulate(given)
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' })
    expect(error).toContain(told)
  })
})
