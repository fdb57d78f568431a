import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { CommandContext, Commands } from '../../../controller/adapters/terraform/commands.ts'
import { describeProcess } from '../../../controller/adapters/terraform/processes.ts'
import { tellOfApply } from '../../../controller/adapters/terraform/tell-of-apply.ts'
import type { RunningApply } from '../../../controller/ports/terraform.ts'
import { PortError } from '../../../controller/ports/error.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

const ID = '6303f903-3dac-bd99-ce4c-59a6598193e9'
const NAME = 'run-Abc123'
const heldBy = (who: string, id = ID): string =>
  `Failed to unlock state\nLock Info:\n  ID:        ${id}\n  Who:       ${who}\n`

interface Case {
  /** What Terraform answers, one after the other; the last one ends the apply. */
  readonly answers: readonly string[]
  /** From which question on the log shows that something is changed. */
  readonly underWayFrom?: number
  readonly backend?: string
  /** Ends the process while this question is answered. */
  readonly endsAt?: number
}

/** An apply whose lock is asked for: which lock is told, and how often was asked. */
async function tell({ answers, underWayFrom = Infinity, backend = 's3', endsAt }: Case) {
  const directory = await temporaryDirectory('steersman-lock')
  mkdirSync(join(directory, '.terraform'))
  writeFileSync(
    join(directory, '.terraform', 'terraform.tfstate'),
    JSON.stringify({ backend: { type: backend } }),
  )
  const child = spawn('/bin/sleep', ['600'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  const over = new AbortController()
  let asked = 0
  const commands: Pick<Commands, 'run' | 'failure'> = {
    run: async (command) => {
      const text = answers[asked] ?? ''
      asked += 1
      if (asked === endsAt) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      if (asked >= answers.length) over.abort()
      const errorFile = join(directory, `${asked}-${command}.err`)
      writeFileSync(errorFile, text)
      return {
        result: { ended: 'exited', exitCode: text === '' ? 0 : 1, outputFile: errorFile, errorFile },
        diagnostics: [],
      }
    },
    failure: () => new PortError('failed', { code: 'StateUnlockFailed', handling: 'retry' }),
  }
  const context = {
    clock: { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(1, signal) },
    environment: { USER: NAME },
    workingDirectory: directory,
    logs: directory,
    limits: { readMs: 1_000 },
  }
  const told: RunningApply[] = []
  await tellOfApply({
    running: { process: describeProcess(child.pid ?? 0), directory, lockId: undefined },
    onRunning: (running) => {
      told.push(running)
      return Promise.resolve()
    },
    commands: commands as Commands,
    context: context as unknown as CommandContext,
    isUnderWay: () => asked + 1 >= underWayFrom,
    over: over.signal,
  })
  return { lockIds: told.map(({ lockId }) => lockId), asked }
}

const HERE = `root@${hostname()}`
const OWN = `${NAME}@${hostname()}`
const NOBODY = 'Failed to unlock state: NoSuchKey'

describe('The lock of an apply', () => {
  it.each<[string, Case, readonly (string | undefined)[]]>([
    ['that has its name', { answers: [NOBODY, heldBy(OWN), NOBODY] }, [undefined, ID]],
    [
      'of this host, once it changes something',
      { answers: [NOBODY, heldBy(HERE), NOBODY], underWayFrom: 2 },
      [undefined, ID],
    ],
    [
      'of this host, before it changes something',
      { answers: [heldBy(HERE), heldBy(HERE), NOBODY] },
      [undefined],
    ],
    [
      'of another host that has its name',
      { answers: [heldBy(`${NAME}@elsewhere`), NOBODY], underWayFrom: 1 },
      [undefined],
    ],
    ['whose id is none', { answers: [heldBy(OWN, '-force'), NOBODY] }, [undefined]],
    [
      'that was read when it had ended',
      { answers: [heldBy(OWN), NOBODY], underWayFrom: 1, endsAt: 1 },
      [undefined],
    ],
  ])('%s is told only where it is its own', async (_, given, lockIds) => {
    expect((await tell(given)).lockIds).toEqual(lockIds)
  })

  it.each(['local', 'http', 'remote'])('is not asked for in the backend %s', async (backend) => {
    expect(await tell({ answers: [heldBy(OWN)], backend })).toEqual({ lockIds: [undefined], asked: 0 })
  })

  it('is not asked for again where the backend keeps none', async () => {
    expect(await tell({ answers: ['', '', ''] })).toEqual({ lockIds: [undefined], asked: 1 })
  })
})
