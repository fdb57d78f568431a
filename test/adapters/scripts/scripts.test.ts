import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

import { createScripts } from '../../../controller/adapters/scripts/scripts.ts'
import type { ScriptUser } from '../../../controller/adapters/scripts/scripts.ts'
import { statusOf } from '../../../controller/adapters/terraform/processes.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { ScriptEnd } from '../../../controller/ports/scripts.ts'

const made: string[] = []
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** A directory of a configuration that anybody may read, with these programs in it. */
function beside(programs: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'steersman-test-'))
  made.push(directory)
  chmodSync(directory, 0o755)
  mkdirSync(join(directory, 'scripts'))
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return directory
}

function run(
  directory: string,
  command: readonly string[],
  given: { timeoutMs?: number; signal?: AbortSignal; user?: ScriptUser; facts?: Record<string, string> } = {},
): Promise<ScriptEnd> {
  const { timeoutMs = 20_000, signal = new AbortController().signal, user, facts = {} } = given
  const scripts = createScripts({
    directory,
    clock: systemClock,
    redact: (text) => text.replaceAll('hush', '***'),
    users: { take: async () => user, giveBack: () => undefined },
  })
  return scripts.run({ command, facts, timeoutMs }, signal)
}

/** A process that has ended and that nobody has asked about counts as ended. */
function isRunning(pid: string): boolean {
  const status = statusOf(Number(pid))
  return typeof status === 'object' && status.isRunning
}

const outputOf = (end: ScriptEnd): string => ('output' in end ? end.output : '')

describe('a program beside the configuration', () => {
  it.each([0, 3])('ends with its exit code, %d', async (code) => {
    const directory = beside({ 'scripts/check.sh': `echo "of $1"; exit ${code}` })
    expect(await run(directory, ['scripts/check.sh', 'a b; exit 9'])).toEqual({
      kind: 'Exited',
      exitCode: code,
      output: 'of a b; exit 9\n',
    })
  })

  it('knows the facts, and nothing of the controller’s own environment', async () => {
    const directory = beside({ 'env.sh': 'env' })
    const lines = outputOf(await run(directory, ['env.sh'], { facts: { STEERSMAN_SIDE: 'blue' } })).split(
      '\n',
    )
    const names = lines
      .map((line) => line.split('=')[0])
      .filter((name) => !['', '_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name ?? ''))
    expect(new Set(names)).toEqual(new Set(['HOME', 'LC_ALL', 'PATH', 'STEERSMAN_SIDE', 'TMPDIR']))
    expect(lines).toContain('STEERSMAN_SIDE=blue')
  })

  it('begins in an empty directory, of which nothing is left', async () => {
    const directory = beside({ 'pwd.sh': 'ls -A; touch left; pwd' })
    const [place = ''] = outputOf(await run(directory, ['pwd.sh'])).split('\n')
    expect(place).toContain('steersman-script-')
    expect(existsSync(place)).toBe(false)
  })

  it('is killed after its time, with all that it has started', async () => {
    const directory = beside({ 'slow.sh': 'sleep 300 & echo $!; sleep 300' })
    const end = await run(directory, ['slow.sh'], { timeoutMs: 300 })
    expect(end.kind).toBe('TimedOut')
    const pid = outputOf(end).trim()
    expect(isRunning(pid)).toBe(false)
  })

  it('ends with what it has started in the background', async () => {
    const directory = beside({ 'daemon.sh': 'sleep 300 & echo $!' })
    const end = await run(directory, ['daemon.sh'])
    expect(end).toMatchObject({ kind: 'Exited', exitCode: 0 })
    expect(isRunning(outputOf(end).trim())).toBe(false)
  })

  it('is killed when it is stopped', async () => {
    const stop = new AbortController()
    const directory = beside({ 'slow.sh': 'sleep 300' })
    const end = run(directory, ['slow.sh'], { signal: stop.signal })
    systemClock.setTimer(100, () => stop.abort())
    expect((await end).kind).toMatch(/Signalled|NotStarted/)
  })

  it('is heard at its end only, and without secrets', async () => {
    const directory = beside({ 'loud.sh': 'yes x | head -c 300000; echo hush >&2' })
    const output = outputOf(await run(directory, ['loud.sh']))
    expect(output.length).toBeLessThanOrEqual(4_096)
    expect(output).toMatch(/x\n\*\*\*\n$/)
  })

  it.runIf(process.getuid?.() === 0)('runs as the user that it is given', async () => {
    const directory = beside({ 'id.sh': 'id -u; id -g; touch mine && echo written' })
    const user = { uid: 61_234, gid: 61_234 }
    expect(outputOf(await run(directory, ['id.sh'], { user }))).toBe('61234\n61234\nwritten\n')
  })

  it.each([
    ['../check.sh', 'its path leaves the directory of the configuration'],
    ['/bin/true', 'its path leaves the directory of the configuration'],
    ['scripts/../check.sh', 'its path leaves the directory of the configuration'],
    ['./check.sh', 'its path leaves the directory of the configuration'],
    ['', 'its path leaves the directory of the configuration'],
    ['missing.sh', 'there is no such file beside the configuration'],
    ['scripts', 'it is no file'],
    ['check.sh/more', 'it is no file'],
    ['link.sh', 'link.sh is a link'],
    ['linked/true', 'linked is a link'],
    ['plain.txt', 'the controller may not execute it'],
  ])('is not run where it is called %j', async (name, why) => {
    const directory = beside({ 'check.sh': 'exit 0' })
    writeFileSync(join(directory, 'plain.txt'), 'no program', { mode: 0o644 })
    symlinkSync(join(directory, 'check.sh'), join(directory, 'link.sh'))
    symlinkSync('/bin', join(directory, 'linked'))
    expect(await run(directory, [name])).toEqual({ kind: 'NotStarted', why })
  })

  it('says why it can’t be started', async () => {
    const directory = beside({})
    writeFileSync(join(directory, 'odd'), '#!/no/such/program\n', { mode: 0o755 })
    expect(await run(directory, ['odd'])).toEqual({ kind: 'NotStarted', why: 'ENOENT' })
  })
})
