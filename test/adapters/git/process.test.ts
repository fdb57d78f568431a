import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

import { createLocalGit } from '../../../controller/adapters/git/local.ts'
import { runProcess } from '../../../controller/adapters/git/process.ts'
import type { ProcessRequest } from '../../../controller/adapters/git/process.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

const run = (script: string, change: Partial<ProcessRequest> = {}) =>
  runProcess({
    command: 'sh',
    args: ['-c', script],
    environment: { PATH: process.env['PATH'] ?? '' },
    workingDirectory: '/',
    timeoutMs: 20_000,
    maxOutputBytes: 1_000,
    clock: systemClock,
    ...change,
  })

/** Whether the process is gone, or only waits for its parent to notice. */
const hasEnded = (pid: string): boolean =>
  /^(?:Z.*)?\s*$/.test(spawnSync('ps', ['-o', 'stat=', '-p', pid]).stdout.toString())

describe('a process', () => {
  it('gives its exit code and both outputs', async () => {
    expect(await run('cat; echo no >&2; exit 3', { input: 'yes' })).toEqual({
      ended: 'exited',
      exitCode: 3,
      stdout: Buffer.from('yes'),
      stderr: 'no\n',
    })
  })

  it('has just the environment that it is given', async () => {
    expect(
      (await run('env', { environment: { ONE: '1' }, command: '/bin/sh' })).stdout.toString(),
    ).not.toContain('HOME')
  })

  it('is ended with its children when it takes too long', async () => {
    const result = await run('sleep 300 & echo $!; wait', { timeoutMs: 300 })
    expect(result.ended).toBe('timedOut')
    expect(hasEnded(result.stdout.toString().trim())).toBe(true)
  })

  it('is killed when it does not heed the first signal', async () => {
    /** The grace runs out at once. */
    const clock: Clock = {
      ...systemClock,
      setTimer: (delayMs, callback) => systemClock.setTimer(Math.min(delayMs, 300), callback),
    }
    const result = await run("trap '' TERM; echo $$; while :; do sleep 1; done", { timeoutMs: 300, clock })
    expect(result).toMatchObject({ ended: 'timedOut', exitCode: undefined })
    expect(hasEnded(result.stdout.toString().trim())).toBe(true)
  })

  it('is ended when it says too much', async () => {
    const result = await run('while :; do echo 0123456789; done')
    expect(result.ended).toBe('tooLarge')
    expect(result.stdout.length).toBeLessThanOrEqual(1_000)
  })

  it('is ended when its caller has no more patience, and not begun when it had none', async () => {
    const stop = new AbortController()
    const running = run('sleep 300', { signal: stop.signal })
    stop.abort()
    expect((await running).ended).toBe('aborted')
    expect((await run('echo', { signal: stop.signal })).ended).toBe('aborted')
  })

  it('that does not exist is said not to have started', async () => {
    expect(await run('', { command: '/no/such/program' })).toMatchObject({ ended: 'notStarted' })
  })
})

describe('a git command on the mirror', () => {
  it('is ended when it takes too long', async () => {
    const git = createLocalGit({
      mirrorDir: await temporaryDirectory(),
      clock: systemClock,
      timeoutMs: 300,
      environment: { PATH: process.env['PATH'] ?? '' },
    })
    // Waits for its standard input, which nobody closes.
    await expect(git.text(['hash-object', '--stdin'])).rejects.toMatchObject({ ended: 'timedOut' })
  })

  it('fails with what git said', async () => {
    const git = createLocalGit({
      mirrorDir: await temporaryDirectory(),
      clock: systemClock,
      timeoutMs: 20_000,
      environment: { PATH: process.env['PATH'] ?? '' },
    })
    await expect(git.text(['no-such-command'])).rejects.toMatchObject({ name: 'GitFailure', ended: 'exited' })
  })
})
