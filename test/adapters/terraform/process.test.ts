import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProcess } from '../../../controller/adapters/terraform/process.ts'
import type { ProcessRequest, ProcessResult } from '../../../controller/adapters/terraform/process.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

interface Ran extends ProcessResult {
  readonly output: string
  readonly directory: string
}

/** Runs a line of shell as Terraform would be run. */
async function run(script: string, more: Partial<ProcessRequest> = {}): Promise<Ran> {
  const directory = await temporaryDirectory('steersman-process')
  const logs = join(directory, 'logs')
  mkdirSync(logs)
  const result = await runProcess({
    command: '/bin/sh',
    args: ['-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    workingDirectory: directory,
    user: undefined,
    logs,
    name: 'it',
    timeoutMs: 10_000,
    graceMs: 5_000,
    maxOutputBytes: 1024 * 1024,
    grownFiles: [],
    clock: systemClock,
    ...more,
  })
  return {
    ...result,
    directory,
    output: existsSync(result.outputFile) ? readFileSync(result.outputFile, 'utf8') : '',
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Writes its process number to a file, so that the test knows when it runs and whom to look for. */
const TELL = 'echo $$ > pid; '

describe('A process of Terraform', () => {
  it('ends with its code, its output in files that only their owner may read', async () => {
    const { ended, exitCode, output, outputFile, errorFile } = await run('echo out; echo err >&2; exit 7')
    expect({ ended, exitCode, output }).toEqual({ ended: 'exited', exitCode: 7, output: 'out\n' })
    expect(readFileSync(errorFile, 'utf8')).toBe('err\n')
    expect([outputFile, errorFile].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
  })

  it('has no input, no pipe, no shell of ours, and a session of its own', async () => {
    const { output } = await run(
      'cat; readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2; ps -o sid=,pid= -p $$',
    )
    const [input, out, error, session = ''] = output.split('\n')
    expect(input).toBe('/dev/null')
    expect(out).toMatch(/it\.out$/)
    expect(error).toMatch(/it\.err$/)
    const [sid, pid] = session.trim().split(/\s+/)
    expect(sid).toBe(pid)
  })

  it('sees the environment that it is given, and no more', async () => {
    const { output } = await run('env', { environment: { PATH: '/usr/bin:/bin', ONLY: 'this' } })
    const ofTheShell = new Set(['PWD', 'OLDPWD', 'SHLVL', '_', ''])
    const names = output.split('\n').map((line) => line.split('=')[0] ?? '')
    expect(new Set(names.filter((name) => !ofTheShell.has(name)))).toEqual(new Set(['ONLY', 'PATH']))
  })

  it('is interrupted when its time is over, and may tidy up', async () => {
    const { ended, exitCode, output } = await run(
      'trap "echo saved; exit 1" INT; echo started; while :; do sleep 0.05; done',
      { timeoutMs: 300 },
    )
    expect({ ended, exitCode, output }).toEqual({
      ended: 'timedOut',
      exitCode: 1,
      output: 'started\nsaved\n',
    })
  })

  it('is killed when it does not heed that', async () => {
    const { ended, exitCode } = await run('trap "" INT; while :; do sleep 0.05; done', {
      timeoutMs: 200,
      graceMs: 200,
    })
    expect({ ended, exitCode }).toEqual({ ended: 'timedOut', exitCode: undefined })
  })

  it.each([
    ['when it is not wanted any more', {}],
    ['also when its time was over before', { timeoutMs: 300 }],
  ])('that may not be killed is left running when it heeds no interrupt, %s', async (_, more) => {
    const unwanted = new AbortController()
    const workingDirectory = await temporaryDirectory('steersman-process')
    const interrupted = join(workingDirectory, 'interrupted')
    const ran = run(`trap "echo > interrupted" INT; ${TELL}while :; do sleep 0.05; done`, {
      workingDirectory,
      signal: unwanted.signal,
      timeoutMs: 60_000,
      graceMs: 60_000,
      leaveAfterMs: 200,
      ...more,
    })
    const pid = await eventually(
      () => Number(readFileSync(join(workingDirectory, 'pid'), 'utf8')),
      (number) => number > 0,
    )
    onTestFinished(() => void process.kill(-pid, 'SIGKILL'))
    if ('timeoutMs' in more)
      await eventually(
        () => existsSync(interrupted),
        (is) => is,
      )
    unwanted.abort()
    expect(await ran).toMatchObject({ ended: 'leftRunning', exitCode: undefined })
    expect(existsSync(interrupted)).toBe(true)
    expect(isRunning(pid)).toBe(true)
  })

  it('is interrupted when the caller does not want it any more', async () => {
    const controller = new AbortController()
    const logs = await temporaryDirectory('steersman-process')
    const ran = run(`trap "exit 1" INT; ${TELL}while :; do sleep 0.05; done`, {
      signal: controller.signal,
      workingDirectory: logs,
    })
    await eventually(
      () => readFileSync(join(logs, 'pid'), 'utf8'),
      (pid) => pid !== '',
    )
    controller.abort()
    expect(await ran).toMatchObject({ ended: 'aborted', exitCode: 1 })
    expect(await run('echo never', { signal: controller.signal })).toMatchObject({
      ended: 'aborted',
      output: '',
    })
  })

  it.each([
    ['output without end', 'while :; do echo 0123456789012345678901234567890123456789; done', []],
    ['errors without end', 'while :; do echo 0123456789012345678901234567890123456789 >&2; done', []],
    [
      'a plan without end',
      'while :; do echo 0123456789012345678901234567890123456789; done > plan',
      ['plan'],
    ],
  ] as const)('that writes %s is interrupted', async (_, script, grown) => {
    const workingDirectory = await temporaryDirectory('steersman-process')
    const { ended } = await run(script, {
      workingDirectory,
      maxOutputBytes: 4_096,
      grownFiles: grown.map((file) => join(workingDirectory, file)),
    })
    expect(ended).toBe('tooLarge')
  })

  it('takes what it started with it', async () => {
    const { output } = await run('sleep 60 & echo $!')
    const pid = Number(output)
    expect(pid).toBeGreaterThan(1)
    await eventually(
      () => isRunning(pid),
      (runs) => !runs,
    )
  })

  it('that can’t be started says so', async () => {
    expect(await run('', { command: '/nowhere/terraform' })).toMatchObject({
      ended: 'notStarted',
      exitCode: undefined,
    })
  })

  it('outlives its starter, and ends as if nothing had happened', async () => {
    const directory = await temporaryDirectory('steersman-process')
    const starter = new URL('run-and-wait.ts', import.meta.url).pathname
    const script = `${TELL}sleep 0.5; echo finished; echo done > done`
    const controller = spawn(process.execPath, [starter, directory, script], { stdio: 'ignore' })
    await eventually(
      () => readFileSync(join(directory, 'pid'), 'utf8'),
      (pid) => pid !== '',
    )
    controller.kill('SIGKILL')
    await eventually(
      () => existsSync(join(directory, 'done')),
      (isDone) => isDone,
    )
    expect(readFileSync(join(directory, 'it.out'), 'utf8')).toBe('finished\n')
  })

  it('runs as the user that it is given, in no group of ours; only root may choose', async () => {
    const { ended, output } = await run('id -u; id -g; id -G', {
      user: { uid: 61_184, gid: 61_184 },
      workingDirectory: '/',
    })
    const isRoot = process.getuid?.() === 0
    expect({ ended, output }).toEqual(
      isRoot ? { ended: 'exited', output: '61184\n61184\n61184\n' } : { ended: 'notStarted', output: '' },
    )
  })
})
