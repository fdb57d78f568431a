import { describe, expect, it } from 'vitest'
import { ENVIRONMENT, makeShape } from '../aws/shape.ts'
import { SimulatedAws } from '../aws/simulated-aws.ts'
import { Randomness } from '../time/randomness.ts'
import { PlainTime } from '../time/plain-time.ts'
import { makePlan } from './plan.ts'
import type { SavedPlan } from './plan.ts'
import type { WantedRoot } from './root.ts'
import { evaluateRoot, ROOT, ROOT_FILE, rootText, USUAL_ROOT } from './root.ts'
import { SimulatedTerraform } from './simulated-terraform.ts'
import type { TerraformRun, Trouble } from './run.ts'

/** A Terraform with a state, and a plan that makes three things. */
function start(): {
  readonly terraform: SimulatedTerraform
  readonly plan: SavedPlan
  readonly wanted: WantedRoot
  apply(how?: Trouble['how']): TerraformRun
  until(isSo: () => boolean): void
} {
  const time = new PlainTime()
  const randomness = new Randomness(1)
  const aws = new SimulatedAws({ time, random: randomness.stream('aws') })
  const pairs = makeShape(aws, { releases: ['web'] })
  const terraform = new SimulatedTerraform({ time, random: randomness.stream('terraform'), aws, pairs })
  const text = rootText(USUAL_ROOT, { listeners: ['web'], registered: ['web'] })
  const variables = { images: { web: 'web:v1' } }
  const wanted = evaluateRoot({ files: [{ path: ROOT_FILE, text }], root: ROOT, variables })
  if (wanted === undefined) throw new Error('the root is not whole')
  const plan = makePlan(terraform.backend.state, terraform.cloud, wanted)
  return {
    terraform,
    plan,
    wanted,
    apply(how) {
      if (how !== undefined) terraform.trouble({ command: 'apply', how, step: 1, strike: () => undefined })
      const work = { command: 'apply', plan } as const
      return terraform.start({ by: 'controller 1', lockTimeoutMs: 5_000, work }, '/data')
    },
    until(isSo) {
      while (!isSo() && time.hasNext()) time.step()
      expect(isSo()).toBe(true)
    },
  }
}

const BASTION = 'aws_instance.bastion'

describe('a simulated process of Terraform', () => {
  it('makes what is planned, saves the state and gives its lock back', () => {
    const { terraform, plan, wanted, apply, until } = start()
    expect(plan.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      `create ${BASTION}`,
      'create aws_ebs_volume.data',
      'create aws_ecs_task_definition.web',
    ])
    const run = apply()
    until(() => run.end !== undefined)
    const { state, lock } = terraform.backend
    expect(run.end).toEqual({ kind: 'Applied' })
    expect(lock).toBeUndefined()
    expect(state.serial).toBe(plan.serial + 1)
    expect(state.outputs['web_task_definition_arn']).toContain(`task-definition/${ENVIRONMENT}-web:1`)
    expect(makePlan(state, terraform.cloud, wanted).changes).toEqual([])
  })

  it('saves what it has made where it fails half-way', () => {
    const { terraform, apply, until } = start()
    const run = apply('fails')
    until(() => run.end !== undefined)
    expect(run.end).toEqual({ kind: 'Failed' })
    expect(terraform.backend.state.objects.has(BASTION)).toBe(true)
    expect(terraform.backend.state.objects.has('aws_ebs_volume.data')).toBe(false)
    expect(terraform.backend.lock).toBeUndefined()
  })

  it('leaves its lock, and nothing in the state, where it is killed; what it made is there all the same', () => {
    const { terraform, plan, apply, until } = start()
    const run = apply('killed')
    until(() => run.end !== undefined)
    expect(terraform.backend.lock?.id).toBe(run.request.lock.id)
    expect(terraform.backend.state.serial).toBe(plan.serial)
    expect(terraform.cloud.all('aws_instance')).toHaveLength(1)
    terraform.unlock(run.request.lock.id, 'people')
    const again = apply()
    until(() => again.end !== undefined)
    expect(terraform.cloud.all('aws_instance')).toHaveLength(2)
  })

  it('ends soon, and whole, when it is interrupted', () => {
    const { terraform, apply, until } = start()
    const run = apply('hangs')
    until(() => terraform.cloud.all('aws_instance').length === 1)
    run.interrupt()
    until(() => run.end !== undefined)
    expect(run.end).toEqual({ kind: 'Interrupted' })
    expect(terraform.backend.state.objects.has(BASTION)).toBe(true)
  })

  it('applies no plan of an older state, and waits for a lock no longer than it may', () => {
    const { terraform, apply, until } = start()
    const first = apply()
    until(() => first.end !== undefined)
    const stale = apply()
    until(() => stale.end !== undefined)
    expect(stale.end).toEqual({ kind: 'Stale' })
    const id = terraform.lockBySomebody()
    const locked = apply()
    until(() => locked.end !== undefined)
    expect(locked.end).toMatchObject({ kind: 'Locked', lock: { id, who: 'ada@laptop' } })
  })
})
