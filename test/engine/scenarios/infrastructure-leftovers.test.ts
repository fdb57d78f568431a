import { describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { patiently } from '../../support/machine/patience.ts'
import { isTrue, STORY } from '../../support/machine.ts'
import type { Machine } from '../../support/machine.ts'
import { ACCOUNT, callSandbox, REGION } from '../../support/machine/shape.ts'
import { approve, files, ready, ROOT, startWithTerraform } from '../../support/machine/with-terraform.ts'

describe('What an interrupted apply left', STORY, () => {
  const LOG_GROUP = { name: '/ecs/demo-web', tags_all: { project: 'shop', environment: 'demo' } }
  const ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${LOG_GROUP.name}`
  const makesLogGroup = (): unknown =>
    planOf([resourceChange('aws_cloudwatch_log_group', ['create'], { after: LOG_GROUP })])

  /** A controller and its Terraform were killed in an apply; the next controller has not started yet. */
  async function afterKill(context: TestContext) {
    const { machine, fake } = await startWithTerraform(context)
    fake.plan = makesLogGroup
    const held = Promise.withResolvers<void>()
    fake.during = () => held.promise
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    fake.kill()
    fake.during = () => Promise.resolve()
    return { machine, fake, commit }
  }

  const madeBefore = (machine: Machine): unknown =>
    callSandbox(machine.sandbox, {
      service: 'logs',
      operation: 'CreateLogGroup',
      input: { logGroupName: LOG_GROUP.name, tags: LOG_GROUP.tags_all },
    })

  it('is not made again, whoever approves, until the root imports it', async (context) => {
    const { machine, fake } = await afterKill(context)
    madeBefore(machine)
    await machine.start()
    const refused = await machine.untilEnvironment((status) => ready(status, 'PlanRefused'))
    const { plan } = refused.infrastructure ?? {}
    expect(plan).toMatchObject({
      permission: 'Refuse',
      leftovers: [{ arn: ARN, importId: LOG_GROUP.name, addresses: ['aws_cloudwatch_log_group.web'] }],
    })
    expect(refused.conditions?.find(({ type }) => type === 'InfrastructureReady')?.message).toContain(
      '1 resource exists that the state lacks and the plan would make again; import what `steersman terraform imports demo` prints',
    )
    const plans = fake.started.plan
    await approve(machine, plan?.id ?? '')
    await patiently(
      () => fake.started.plan,
      (now) => now > plans,
      { what: 'a look at what was approved' },
    )
    expect(fake.started.apply).toBe(1)
    fake.plan = () =>
      planOf([
        resourceChange('aws_cloudwatch_log_group', ['update'], {
          before: { ...LOG_GROUP, arn: ARN, id: LOG_GROUP.name },
          after: LOG_GROUP,
        }),
      ])
    const root = `${ROOT}\nimport {\n  to = aws_cloudwatch_log_group.web\n  id = "/ecs/demo-web"\n}\n`
    await machine.untilDeployed(machine.pushFiles(files('v1', root)))
    expect(fake.started).toMatchObject({ apply: 2, unlock: 1 })
    expect((await machine.environment()).infrastructure?.plan).toBeUndefined()
  })

  it('is waited for by a person where nothing is found, which tags may tell late', async (context) => {
    const { machine, fake, commit } = await afterKill(context)
    await machine.start()
    const waiting = await machine.untilEnvironment((status) => ready(status, 'AwaitingApproval'))
    const { plan } = waiting.infrastructure ?? {}
    expect(plan?.leftovers).toBeUndefined()
    expect(plan?.reasons?.[0]?.message).toContain('nothing with the tags of the planned resources was found')
    await approve(machine, plan?.id ?? '')
    await machine.untilDeployed(commit)
    expect(fake.started.apply).toBe(2)
  })

  it('is looked for after an apply of anybody whose lock a person frees, too', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.plan = makesLogGroup
    madeBefore(machine)
    fake.lockBySomebody('Apply')
    machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ conditions }) => isTrue(conditions, 'StateLocked'))
    await machine.ask('Environment', 'demo', {
      [annotations.unlock]: new Date().toISOString(),
      [annotations.unlockBy]: 'ada',
      [annotations.unlockId]: 'lock-of-somebody',
    })
    await machine.untilEnvironment((status) => ready(status, 'PlanRefused'))
    expect(fake.started).toMatchObject({ unlock: 1, apply: 0 })
  })

  it('ends an approval that was given before it could be seen', async (context) => {
    const { machine, fake } = await afterKill(context)
    await machine.start()
    const waiting = await machine.untilEnvironment((status) => ready(status, 'AwaitingApproval'))
    madeBefore(machine)
    await approve(machine, waiting.infrastructure?.plan?.id ?? '')
    await machine.untilEnvironment((status) => ready(status, 'PlanRefused'))
    expect(fake.started.apply).toBe(1)
  })
})
