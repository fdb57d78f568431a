import { describe, expect, it } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import { REQUESTED_AT_ANNOTATION } from '../../../controller/resources/metadata.ts'
import { PortError } from '../../../controller/ports/error.ts'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { patiently } from '../../support/machine/patience.ts'
import { isTrue, STORY } from '../../support/machine.ts'
import { approve, files, ready, ROOT, startWithTerraform } from '../../support/machine/with-terraform.ts'

describe('A look for drift', STORY, () => {
  const drifted = (): unknown =>
    planOf(
      [resourceChange('aws_vpc', ['update'], { before: { tags: {} }, after: { tags: { team: 'shop' } } })],
      {
        resource_drift: [
          resourceChange('aws_vpc', ['update'], {
            before: { tags: { team: 'shop' } },
            after: { tags: { team: 'x' } },
          }),
        ],
      },
    )

  it('tells what differs, and keeps the plan that would mend it for a person', async (context) => {
    const { machine, fake } = await startWithTerraform(context, { driftInterval: '2s' })
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    fake.plan = drifted
    const found = await machine.untilEnvironment(({ infrastructure }) => infrastructure?.plan !== undefined)
    expect(found.infrastructure).toMatchObject({
      drift: [{ address: 'aws_vpc.web', attribute: 'tags.team', live: '"x"', state: '"shop"' }],
      plan: { permission: 'AwaitApproval', summary: '1 to change' },
    })
    await machine.untilEnvironment(({ conditions }) => isTrue(conditions, 'Drifted'))
    expect(await machine.conditions()).toContain('InfrastructureReady(Applied)')
    expect(fake.started.apply).toBe(1)
    await approve(machine, found.infrastructure?.plan?.id ?? '')
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.drift === undefined)
    expect(fake.started.apply).toBe(2)
  })

  it('mends it where the environment says so', async (context) => {
    const { machine, fake } = await startWithTerraform(
      context,
      { driftInterval: '2s' },
      { drift: { infrastructure: 'Correct' } },
    )
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    fake.plan = drifted
    await patiently(
      () => fake.started.apply,
      (applies) => applies === 2,
      { what: 'a correction' },
    )
    const { infrastructure = {} } = await machine.environment()
    expect(infrastructure.plan).toBeUndefined()
  })
})

describe('What failed', STORY, () => {
  it('is not tried again at once, but when somebody asks', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.plan = () => {
      throw new PortError('terraform plan failed: no such region', {
        code: 'TerraformPlanFailed',
        handling: 'stall',
      })
    }
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment((status) => ready(status, 'TerraformPlanFailed'))
    machine.reconcile()
    machine.reconcile()
    expect(fake.started.plan).toBe(1)
    fake.plan = undefined
    await machine.nextReconcile()
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ plan: 2, apply: 1 })
  })

  it('is made whole again by a commit that goes back to what was applied before', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    fake.during = () => {
      fake.lock = undefined
      throw new PortError('terraform apply failed half-way', {
        code: 'TerraformApplyFailed',
        handling: 'stall',
      })
    }
    machine.pushFiles(files('v1', `${ROOT}# more\n`))
    await machine.untilEnvironment((status) => ready(status, 'TerraformApplyFailed'))
    fake.during = () => Promise.resolve()
    const back = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.commit === back)
    expect(fake.started).toMatchObject({ plan: 3, apply: 2 })
  })

  it('counts from its first failure, however long the lock was waited for before', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.lockBySomebody()
    machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ conditions }) => isTrue(conditions, 'StateLocked'))
    fake.lock = undefined
    fake.plan = () => {
      throw new PortError('terraform plan failed', { code: 'TerraformPlanFailed', handling: 'stall' })
    }
    await machine.nextReconcile()
    const failed = await machine.untilEnvironment((status) => ready(status, 'TerraformPlanFailed'))
    expect(failed.infrastructure?.failure?.attempts).toBe(1)
  })

  it('writes nothing while the environment is suspended', async (context) => {
    const { machine, fake } = await startWithTerraform(context, {}, { suspend: true })
    machine.pushFiles(files('v1'))
    await machine.untilEnvironment((status) => ready(status, 'Planning'))
    await machine.nextReconcile()
    expect(fake.started).toMatchObject({ plan: 0, apply: 0 })
  })
})

describe('A plan that is made', STORY, () => {
  it('is not applied where a newer commit wants something else by then', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    let back = ''
    fake.duringPlan = async () => {
      fake.duringPlan = () => Promise.resolve()
      back = machine.pushFiles(files('v1'))
      await machine.untilEnvironment(({ wanted }) => wanted === back)
    }
    machine.pushFiles(files('v1', `${ROOT}# more\n`))
    await machine.untilEnvironment(() => back !== '')
    await machine.untilDeployed(back)
    await machine.nextReconcile()
    expect(fake.started).toMatchObject({ apply: 1 })
  })
})

describe('The lock of the state', STORY, () => {
  it('that somebody else holds is waited for, and freed when a person names it', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.lockBySomebody('Plan')
    const commit = machine.pushFiles(files('v1'))
    const locked = await machine.untilEnvironment(({ conditions }) => isTrue(conditions, 'StateLocked'))
    expect(locked.infrastructure).toMatchObject({ lockedBy: 'ada@laptop', lock: { id: 'lock-of-somebody' } })
    expect(fake.started).toMatchObject({ plan: 1, apply: 0, unlock: 0 })
    await machine.ask('Environment', 'demo', {
      [annotations.unlock]: new Date().toISOString(),
      [annotations.unlockBy]: 'ada',
      [annotations.unlockId]: 'lock-of-somebody',
    })
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ apply: 1, unlock: 1 })
    expect(isTrue((await machine.environment()).conditions, 'StateLocked')).toBe(false)
  })

  it('of an apply of which nobody knows what became needs a person twice: to free it, and to see what that may have made', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.lockBySomebody('Apply')
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ conditions }) => isTrue(conditions, 'StateLocked'))
    await machine.ask('Environment', 'demo', {
      [annotations.unlock]: new Date().toISOString(),
      [annotations.unlockBy]: 'ada',
      [annotations.unlockId]: 'lock-of-somebody',
    })
    const waiting = await machine.untilEnvironment((status) => ready(status, 'AwaitingApproval'))
    const { plan } = waiting.infrastructure ?? {}
    expect(plan).toMatchObject({ permission: 'AwaitApproval', reasons: [{ rule: 'InterruptedApply' }] })
    expect(fake.started).toMatchObject({ apply: 0, unlock: 1 })
    await approve(machine, plan?.id ?? '')
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ apply: 1, unlock: 1 })
  })

  it('of an apply whose controller was killed is waited for by the next one, which goes on from there', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const applied = Promise.withResolvers<void>()
    fake.during = () => applied.promise
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    await machine.start()
    await patiently(() => fake.started.follow, Boolean, { what: 'it to be followed' })
    expect(fake.started).toMatchObject({ plan: 1, apply: 1 })
    applied.resolve()
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ plan: 2, apply: 1, unlock: 0 })
  })

  it('is told where somebody holds it after an apply that has ended without its controller', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const applied = Promise.withResolvers<void>()
    fake.during = () => applied.promise
    machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    applied.resolve()
    await patiently(
      () => fake.lock,
      (lock) => lock === undefined,
      { what: 'the end of the apply' },
    )
    fake.lockBySomebody()
    await machine.start()
    const told = await machine.untilEnvironment((status) => ready(status, 'StateLocked'))
    expect(told.infrastructure).not.toHaveProperty('applying')
  })

  it('of an apply that was killed as well is proven to be ours and freed, and a person looks at what it may have made', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const held = Promise.withResolvers<void>()
    fake.during = () => held.promise
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    fake.kill()
    fake.during = () => Promise.resolve()
    await machine.start()
    const waiting = await machine.untilEnvironment(
      ({ infrastructure }) => infrastructure?.applying === undefined && infrastructure?.plan !== undefined,
    )
    const { plan } = waiting.infrastructure ?? {}
    expect(plan).toMatchObject({ permission: 'AwaitApproval', reasons: [{ rule: 'InterruptedApply' }] })
    await machine.nextReconcile()
    await patiently(
      () => fake.started.plan,
      (plans) => plans >= 4,
      { what: 'another plan' },
    )
    expect(fake.started).toMatchObject({ unlock: 1, apply: 1 })
    await approve(machine, plan?.id ?? '')
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ unlock: 1, apply: 2 })
  })

  it('of an apply that is killed alone is proven to be ours, too, and freed at the next try', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const held = Promise.withResolvers<void>()
    fake.during = () => held.promise
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    fake.kill()
    fake.during = () => Promise.resolve()
    held.resolve()
    const failed = await machine.untilEnvironment((status) => ready(status, 'TerraformApplyFailed'))
    expect(failed.infrastructure?.applying?.lockId).toBe('lock-of-apply')
    await machine.ask('Environment', 'demo', { [REQUESTED_AT_ANNOTATION]: new Date().toISOString() })
    const waiting = await machine.untilEnvironment(({ infrastructure }) => infrastructure?.plan !== undefined)
    expect(waiting.infrastructure?.plan?.reasons).toMatchObject([{ rule: 'InterruptedApply' }])
    expect(fake.started).toMatchObject({ unlock: 1, apply: 1 })
    const planned = await machine.untilEnvironment(
      (status) => ready(status, 'AwaitingApproval') && status.infrastructure?.plan?.id !== 'none',
    )
    await approve(machine, planned.infrastructure?.plan?.id ?? '')
    await machine.untilDeployed(commit)
  })

  it('is not forgotten to need a person by a controller that dies right before it frees it', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const held = Promise.withResolvers<void>()
    fake.during = () => held.promise
    machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    fake.kill()
    fake.during = () => Promise.resolve()
    const died = Promise.withResolvers<void>()
    fake.beforeUnlock = () => {
      machine.kill()
      died.resolve()
      return new Promise(() => undefined)
    }
    await machine.start()
    await died.promise
    // What it had asked for happened all the same.
    fake.lock = undefined
    await machine.start()
    const waiting = await machine.untilEnvironment(
      ({ infrastructure }) => infrastructure?.applying === undefined && infrastructure?.plan !== undefined,
    )
    expect(waiting.infrastructure?.plan).toMatchObject({
      permission: 'AwaitApproval',
      reasons: [{ rule: 'InterruptedApply' }],
    })
    expect(fake.started).toMatchObject({ unlock: 1, apply: 1 })
  })
})
