import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { fateOf } from '../../controller/adapters/terraform/processes.ts'
import type { RunningApply, TerraformProcess } from '../../controller/ports/terraform.ts'
import type { KilledController } from '../adapters/terraform/killed-controller.ts'
import { eventually } from './eventually.ts'

/** A controller in a process of its own, with a Terraform that works. */
export interface ControllerToKill {
  /** Waits until its root is initialised. */
  untilOpen(): Promise<void>
  /** Waits for an apply that is known, with its lock where that is asked for. */
  running(wanted?: { readonly withLock: boolean }): Promise<RunningApply>
  /** Ends it as a machine does that runs out of memory. */
  kill(): Promise<void>
}

const PATIENCE_MS = 120_000

/** Starts one; it is killed at the latest when the test ends, and with it the apply that would outlive it. */
export function startControllerToKill(job: KilledController): ControllerToKill {
  const script = new URL('../adapters/terraform/killed-controller.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exit
  }
  const told: RunningApply[] = []
  onTestFinished(async () => {
    await kill()
    for (const { process: apply } of told) killApply(apply)
  })
  let isOpen = false
  createInterface(child.stdout).on('line', (line) => {
    const said = JSON.parse(line) as { what: string; value: RunningApply }
    if (said.what === 'open') isOpen = true
    if (said.what === 'running') told.push(said.value)
  })
  const untilTold = async <T>(what: string, look: () => T | undefined): Promise<T> => {
    const seen = await eventually(
      () => ({ found: look(), hasEnded: child.exitCode !== null }),
      ({ found, hasEnded }) => found !== undefined || hasEnded,
      { what, withinMs: PATIENCE_MS },
    )
    if (seen.found === undefined) throw new Error(`the controller ended before it told of ${what}`)
    return seen.found
  }
  return {
    kill,
    untilOpen: async () => {
      await untilTold('an open root', () => (isOpen ? true : undefined))
    },
    running: ({ withLock } = { withLock: false }) =>
      untilTold('an apply', () => told.find(({ lockId }) => !withLock || lockId !== undefined)),
  }
}

/** Ends an apply, if it still runs, with all that it started. */
export function killApply(apply: TerraformProcess): void {
  if (fateOf(apply) === 'Running') process.kill(-apply.pid, 'SIGKILL')
}
