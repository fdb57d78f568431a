import { systemClock } from '../../controller/adapters/system/clock.ts'
import { createHclParser } from '../../controller/adapters/terraform/hcl.ts'
import { rememberParsed } from '../../controller/adapters/terraform/remembered.ts'
import { PortError } from '../../controller/ports/error.ts'
import type {
  ApplyResult,
  PlanResult,
  RunningApply,
  StateLock,
  Terraform,
  TerraformRequest,
  TerraformSession,
} from '../../controller/ports/terraform.ts'
import { planOf, resourceChange } from '../core/infrastructure/plans.ts'

type Apply = Parameters<TerraformSession['apply']>[0]

const parse = rememberParsed(createHclParser(systemClock))

/** What a process holds while it applies. */
const LOCK_OF_APPLY = 'lock-of-apply'

/**
 * A Terraform with one state, without a process: it plans a new task definition whenever it is given something else than was applied, and behaves as the
 * real one does when its lock is held, or when it is killed.
 */
export class FakeTerraform implements Terraform {
  readonly isolation = 'OtherUser'
  readonly parse = parse
  /** How many of each were started. */
  readonly started = { plan: 0, apply: 0, unlock: 0, follow: 0 }
  /** What it was given last. */
  asked: TerraformRequest | undefined
  lock: StateLock | undefined
  /** What plans say instead. */
  plan: (() => unknown) | undefined
  /** Runs in the middle of an apply, while the lock is held. */
  during: () => Promise<void> = () => Promise.resolve()
  /** Runs while a plan is made. */
  duringPlan: () => Promise<void> = () => Promise.resolve()
  /** Runs before a lock is freed. */
  beforeUnlock: () => Promise<void> = () => Promise.resolve()
  /** What an apply makes: the outputs. */
  makes: (request: TerraformRequest) => Readonly<Record<string, unknown>> = () => ({})
  #serial = 0
  #applied = ''
  #outputs: Readonly<Record<string, unknown>> = {}
  #running: Promise<unknown> = Promise.resolve()
  #isKilled = false

  version(): ReturnType<Terraform['version']> {
    return Promise.resolve({ product: 'Terraform', version: '1.11.4' })
  }

  open(request: TerraformRequest): Promise<TerraformSession> {
    this.asked = request
    const inputs = JSON.stringify([
      request.files,
      request.variables,
      request.varFiles,
      request.workspace.name,
    ])
    return Promise.resolve({
      isolation: this.isolation,
      plan: async () => {
        await this.duringPlan()
        return this.#plan(inputs)
      },
      apply: (asked) => this.#apply(request, inputs, asked),
      unlock: (id) => this.#unlock(id),
      serial: () => Promise.resolve(this.#serial),
      outputs: () => Promise.resolve(this.#outputs),
      close: () => Promise.resolve(),
    })
  }

  async follow(): Promise<'Ended' | 'Elsewhere'> {
    this.started.follow += 1
    await this.#running
    return 'Ended'
  }

  clean(): Promise<void> {
    return Promise.resolve()
  }

  /** SIGKILL in the middle of an apply: the lock stays, and nothing is saved. */
  kill(): void {
    this.#isKilled = true
    this.#running = Promise.resolve()
  }

  /** Somebody else takes the lock of the state. */
  lockBySomebody(operation: 'Plan' | 'Apply' = 'Apply'): void {
    this.lock = { ...lockOf('lock-of-somebody', 'ada@laptop'), operation: `OperationType${operation}` }
  }

  #plan(inputs: string): PlanResult {
    this.started.plan += 1
    if (this.lock !== undefined) return { result: 'StateLocked', lock: this.lock }
    const isNew = inputs !== this.#applied
    const json = this.plan?.() ?? planOf(isNew ? [taskDefinition(inputs)] : [])
    return { result: 'Planned', hasChanges: isNew, json, digest: `sha256:${this.started.plan}` }
  }

  #apply(request: TerraformRequest, inputs: string, asked: Apply): Promise<ApplyResult> {
    this.started.apply += 1
    if (this.lock !== undefined) return Promise.resolve({ result: 'StateLocked', lock: this.lock })
    const process = this.#process(request, inputs, asked)
    this.#running = process.catch(() => undefined)
    return process
  }

  async #process(request: TerraformRequest, inputs: string, { onRunning }: Apply): Promise<ApplyResult> {
    this.#isKilled = false
    this.lock = lockOf(LOCK_OF_APPLY, 'controller@host')
    const running: RunningApply = { process: PROCESS, directory: '/data/terraform/run-1', lockId: undefined }
    // It outlives its controller: what nobody hears does not stop it.
    await Promise.race([this.#told(onRunning, running), this.during()])
    await this.during()
    if (this.#isKilled)
      throw new PortError('terraform apply was killed', { code: 'TerraformApplyFailed', handling: 'stall' })
    const resource = { address: 'aws_ecs_task_definition.web', action: 'create', elapsedSeconds: 2 }
    const data = { address: 'data.aws_lb.web', action: 'read', elapsedSeconds: 0 }
    request.onEvent?.({ type: 'ResourceCompleted', ...data })
    request.onEvent?.({ type: 'ResourceStarted', ...resource, elapsedSeconds: 0 })
    request.onEvent?.({ type: 'ResourceCompleted', ...resource })
    this.#outputs = this.makes(request)
    this.#applied = inputs
    this.plan = undefined
    this.#serial += 1
    this.lock = undefined
    return { result: 'Applied' }
  }

  async #told(onRunning: Apply['onRunning'], running: RunningApply): Promise<void> {
    await onRunning?.(running)
    await onRunning?.({ ...running, lockId: LOCK_OF_APPLY })
  }

  async #unlock(id: string): Promise<void> {
    this.started.unlock += 1
    await this.beforeUnlock()
    if (this.lock?.id !== id)
      throw new PortError('the lock is another', { code: 'StateLockChanged', handling: 'stall' })
    this.lock = undefined
  }
}

const PROCESS = { host: 'host', boot: 'boot', pid: 42, startTime: '1' }

function taskDefinition(inputs: string): unknown {
  return resourceChange('aws_ecs_task_definition', ['create'], {
    after: { family: 'demo-web', container_definitions: inputs, skip_destroy: true },
    unknown: { arn: true },
  })
}

function lockOf(id: string, who: string): StateLock {
  return {
    id,
    who,
    operation: 'OperationTypeApply',
    since: Date.parse('2026-11-29T10:00:00Z'),
    path: 'app.tfstate',
  }
}
