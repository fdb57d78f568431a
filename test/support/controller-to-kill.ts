import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { RunningApply } from '../../controller/ports/terraform.ts'
import type { KilledController } from '../adapters/terraform/killed-controller.ts'
import { eventually } from './eventually.ts'

/** A controller in a process of its own, with a Terraform that works. */
export interface ControllerToKill {
  /** Of the controller. */
  readonly pid: number
  /** What it stored of its apply so far. */
  readonly told: readonly RunningApply[]
  isOpen(): Promise<unknown>
  /** Waits for an apply that is known, with its lock where that is asked for. */
  running(wanted?: { readonly withLock: boolean }): Promise<RunningApply>
  /** Ends it as a machine does that runs out of memory. */
  kill(): Promise<void>
}

const PATIENCE_MS = 120_000

/** Starts one; it is killed at the latest when the test ends. */
export function startControllerToKill(what: KilledController): ControllerToKill {
  const script = new URL('../adapters/terraform/killed-controller.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify(what)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exit
  }
  onTestFinished(kill)
  const told: RunningApply[] = []
  let isOpen = false
  createInterface(child.stdout).on('line', (line) => {
    const said = JSON.parse(line) as { what: string; value: RunningApply }
    if (said.what === 'open') isOpen = true
    if (said.what === 'running') told.push(said.value)
  })
  return {
    pid: child.pid ?? 0,
    told,
    kill,
    isOpen: () =>
      eventually(
        () => isOpen,
        (is) => is,
        { what: 'an open root', withinMs: PATIENCE_MS },
      ),
    running: async ({ withLock } = { withLock: false }) => {
      const isWanted = ({ lockId }: RunningApply): boolean => !withLock || lockId !== undefined
      const all = await eventually(
        () => told,
        (running) => running.some(isWanted),
        { what: 'an apply that is told of', withinMs: PATIENCE_MS },
      )
      const found = all.find(isWanted)
      if (found === undefined) throw new Error('no apply was told of')
      return found
    },
  }
}
