import { sha256 } from '../../../controller/core/canonical-json.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type {
  ApplyResult,
  PlanResult,
  RunningApply,
  Terraform,
  TerraformRequest,
  TerraformSession,
} from '../../../controller/ports/terraform.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import { readBlocks } from './hcl.ts'
import { evaluateRoot } from './root.ts'
import type { RunEnd, TerraformRun } from './run.ts'
import type { SavedPlan } from './plan.ts'
import type { SimulatedTerraform } from './simulated-terraform.ts'

/** As the real one's limits, and shorter: a run of the simulation is over within the hour. In milliseconds. */
const LIMITS = { planMs: 60_000, applyMs: 120_000, graceMs: 10_000, applyGraceMs: 30_000 }
const SHORT_MS = 300
const LOOK_MS = 500
/** So long a backend that can't be reached is tried. */
const GIVEN_UP_MS = 20_000

/** Whatever process asks for it is known by this name. */
interface Caller {
  readonly process: SimulatedProcess
  readonly name: string
  readonly world: SimulatedTerraform
  /** Whether the controller of that name runs no more. */
  readonly isGone: (name: string) => boolean
}

/** Terraform as one process of a controller uses it. */
export function terraformOf(process: SimulatedProcess, own: Omit<Caller, 'process'>): Terraform {
  const caller = { process, ...own }
  const { name, world, isGone } = own
  let runs = 0
  return {
    isolation: 'OtherUser',
    async version() {
      await process.wait(SHORT_MS)
      return { product: 'Terraform', version: '1.11.4' }
    },
    async parse(file) {
      return readBlocks(file)
    },
    async open(request) {
      runs += 1
      await process.wait(process.isCutOff ? GIVEN_UP_MS : 4 * SHORT_MS)
      if (process.isCutOff)
        throw new PortError('terraform init failed: no route to the backend', {
          code: 'TerraformInitFailed',
          handling: 'stall',
        })
      return sessionOf(caller, request, `/data/terraform/${name}, run ${runs}`)
    },
    follow: (running, options) => follow(caller, running, options),
    async clean() {
      for (const run of world.runs)
        if (run.request.work.command === 'plan' && isGone(run.request.by)) run.interrupt()
      await process.wait(SHORT_MS)
    },
  }
}

function sessionOf(caller: Caller, asked: TerraformRequest, directory: string): TerraformSession {
  const { process, world } = caller
  let saved: { readonly plan: SavedPlan; readonly digest: string } | undefined
  const start = (work: TerraformRun['request']['work'], lockTimeoutMs: number | undefined): TerraformRun =>
    world.start({ by: caller.name, work, lockTimeoutMs }, directory)
  return {
    isolation: 'OtherUser',
    async plan({ lockTimeoutMs }): Promise<PlanResult> {
      const run = start({ command: 'plan', wanted: evaluateRoot(asked) }, lockTimeoutMs)
      const { end, why } = await ended(process, run, {
        ...asked,
        limitMs: LIMITS.planMs,
        graceMs: LIMITS.graceMs,
      })
      if (end.kind === 'Locked') return { result: 'StateLocked', lock: end.lock }
      if (end.kind !== 'Planned') throw failure('plan', end, why)
      const { plan } = end
      world.onAct({ type: 'Planned', run })
      saved = { plan, digest: sha256({ plan: plan.id, serial: plan.serial, of: directory }) }
      return {
        result: 'Planned',
        hasChanges: plan.changes.length > 0,
        json: plan.json,
        digest: saved.digest,
      }
    },
    async apply({ digest, lockTimeoutMs, onRunning }): Promise<ApplyResult> {
      if (saved === undefined || saved.digest !== digest)
        throw new PortError('the saved plan is another', { code: 'SavedPlanStale', handling: 'retry' })
      const { plan } = saved
      saved = undefined
      const run = await process.write('terraform apply', async () =>
        start({ command: 'apply', plan }, lockTimeoutMs),
      )
      const told = tell(process, run, onRunning)
      const refused = told.catch(() => run.interrupt())
      const limits = { limitMs: LIMITS.applyMs, graceMs: LIMITS.applyGraceMs, leaveAfterMs: LIMITS.graceMs }
      const { end, why } = await ended(process, run, { ...asked, ...limits })
      await refused
      await told
      if (end.kind === 'Locked') return { result: 'StateLocked', lock: end.lock }
      if (end.kind !== 'Applied') throw failure('apply', end, why)
      return { result: 'Applied' }
    },
    async unlock(id) {
      await process.wait(SHORT_MS)
      const isFreed = await process.write('terraform unlock', async () => world.unlock(id, caller.name))
      if (isFreed) return
      throw new PortError('the lock of the state is another one, or none', {
        code: 'StateLockChanged',
        handling: 'stall',
      })
    },
    async serial() {
      await process.wait(SHORT_MS)
      return world.backend.state.serial
    },
    async outputs() {
      await process.wait(SHORT_MS)
      return world.backend.state.outputs
    },
    close: () => process.wait(1),
  }
}

/** Says that an apply runs, and then by which lock, as soon as it holds that. */
async function tell(
  process: SimulatedProcess,
  run: TerraformRun,
  onRunning: ((running: RunningApply) => Promise<void>) | undefined,
): Promise<void> {
  const { process: itself, directory, lock } = run.request
  const running = { process: itself, directory, lockId: undefined }
  await onRunning?.(running)
  while (run.end === undefined) {
    await process.wait(LOOK_MS)
    if (run.end !== undefined || !run.holdsLock) continue
    return onRunning?.({ ...running, lockId: lock.id })
  }
}

interface Ending {
  readonly limitMs: number
  readonly graceMs: number
  /** One that was told to end and does not is left running then, and not killed. */
  readonly leaveAfterMs?: number
  readonly signal?: AbortSignal | undefined
}

type Why = 'byItself' | 'timedOut' | 'aborted'

/** Waits for the end of a process, and brings it about where it takes too long or nobody wants it any more. */
async function ended(
  process: SimulatedProcess,
  run: TerraformRun,
  { limitMs, graceMs, leaveAfterMs, signal }: Ending,
): Promise<{ readonly end: RunEnd; readonly why: Why }> {
  const { clock } = process
  let why: Why = 'byItself'
  const interrupt = (because: Why): void => {
    if (run.end !== undefined || why !== 'byItself') return
    why = because
    run.interrupt()
  }
  const abort = (): void => interrupt('aborted')
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted === true) abort()
  const left = Promise.withResolvers<RunEnd>()
  const cancels = [
    clock.setTimer(limitMs, () => interrupt('timedOut')),
    clock.setTimer(limitMs + graceMs, () => why === 'timedOut' && run.kill()),
  ]
  const leave = (): void => {
    if (leaveAfterMs !== undefined)
      cancels.push(clock.setTimer(leaveAfterMs, () => left.resolve({ kind: 'Interrupted' })))
    else cancels.push(clock.setTimer(graceMs, () => run.kill()))
  }
  signal?.addEventListener('abort', leave, { once: true })
  const byItself = new Promise<RunEnd>((resolve) => {
    run.onEnd(() => process.deliver(() => run.end !== undefined && resolve(run.end)))
  })
  try {
    return { end: await Promise.race([byItself, left.promise]), why }
  } finally {
    for (const cancel of cancels) cancel()
    signal?.removeEventListener('abort', abort)
    signal?.removeEventListener('abort', leave)
  }
}

function failure(command: 'plan' | 'apply', { kind }: RunEnd, why: Why): PortError {
  const ambiguous = command === 'apply' && kind !== 'Stale'
  if (kind === 'Stale')
    return new PortError('terraform apply failed: Saved plan is stale', {
      code: 'SavedPlanStale',
      handling: 'retry',
    })
  if (why === 'timedOut')
    return new PortError(`terraform ${command} took longer than it may, and was interrupted`, {
      code: 'TerraformTimedOut',
      handling: 'retry',
      ambiguous,
    })
  if (why === 'aborted')
    return new PortError(`terraform ${command} was interrupted`, {
      code: 'TerraformAborted',
      handling: 'retry',
      ambiguous,
    })
  return new PortError(`terraform ${command} failed: ${kind}`, {
    code: command === 'plan' ? 'TerraformPlanFailed' : 'TerraformApplyFailed',
    handling: 'stall',
    ambiguous,
  })
}

/** As the real one does it: another boot of the machine has none of its processes. */
async function follow(
  { process, world }: Caller,
  running: RunningApply,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<'Ended' | 'Elsewhere'> {
  const run = world.runOf(running)
  while (run !== undefined && run.end === undefined) {
    await process.clock.sleep(LOOK_MS, signal).catch((cause: unknown) => {
      throw new PortError('terraform apply is not followed any more, and goes on', {
        code: 'TerraformAborted',
        handling: 'retry',
        cause,
      })
    })
  }
  return 'Ended'
}
