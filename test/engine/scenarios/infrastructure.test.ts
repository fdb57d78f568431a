import { describe, expect, it } from 'vitest'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { patiently } from '../../support/machine/patience.ts'
import { STORY } from '../../support/machine.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import {
  approve,
  files,
  ready,
  releaseText,
  ROOT,
  startWithTerraform,
} from '../../support/machine/with-terraform.ts'

describe('Terraform before the rollout', STORY, () => {
  it('registers the task definition with the commit’s image, and its output is rolled out', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const first = machine.pushFiles(files('v1'))
    await machine.untilDeployed(first)
    expect(await machine.served()).toBe('v1')
    const { infrastructure = {} } = await machine.environment()
    expect(infrastructure).toMatchObject({
      commit: first,
      images: { web: expect.stringContaining(':v1@sha256:') as string },
    })
    expect(fake.asked).toMatchObject({
      root: 'infra',
      variables: {
        environment: 'demo',
        images: { web: expect.stringMatching(`^${IMAGE_REPOSITORY}@sha256:`) as string },
      },
    })
    const second = machine.pushFiles(files('v2'))
    await machine.untilDeployed(second)
    expect(await machine.served()).toBe('v2')
    const newest = await machine.rollout(2)
    expect(newest?.status?.timeline?.slice(0, 3)).toMatchObject([
      { action: 'let Terraform create aws_ecs_task_definition.web', outcome: 'Succeeded' },
      { action: `apply the infrastructure of commit ${second.slice(0, 12)}`, outcome: 'Succeeded' },
      { action: expect.stringContaining('create the blue service') as string },
    ])
    expect(fake.started).toMatchObject({ plan: 2, apply: 2 })
    expect(machine.writes()).not.toHaveProperty('RegisterTaskDefinition', 4)
    expect(await machine.conditions()).toContain('InfrastructureReady(Applied)')
  })

  it('starts nothing for a commit that gives it nothing new', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1', ROOT, false)))
    expect(fake.started).toMatchObject({ plan: 1, apply: 1 })
    await machine.untilDeployed(machine.pushFiles(files('v2', ROOT, false)))
    await machine.untilDeployed(machine.pushFiles({ ...files('v3', ROOT, false), 'README.md': 'words' }))
    await machine.stop()
    await machine.start()
    await machine.untilDeployed(machine.pushFiles({ 'README.md': 'more words' }))
    expect(await machine.served()).toBe('v3')
    expect(fake.started).toMatchObject({ plan: 1, apply: 1 })
  })

  it('keeps the new version back until it is applied, while the old one serves', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    const applied = Promise.withResolvers<void>()
    fake.during = () => applied.promise
    const second = machine.pushFiles(files('v2'))
    await machine.untilRelease(
      ({ waiting }) =>
        waiting?.reason === 'InfrastructureNotReady' && waiting.message.includes('Terraform applies commit'),
    )
    expect(await machine.served()).toBe('v1')
    applied.resolve()
    await machine.untilDeployed(second)
    expect(await machine.served()).toBe('v2')
  })

  it('is not run again for a pin, nor while a person holds an older deployment', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    await machine.untilDeployed(machine.pushFiles(files('v2')))
    const text = releaseText(files('v3'))
    const pinned = text.replace('spec:\n', 'spec:\n  pin: { rollout: 1, reason: "v2 is slow" }\n')
    await machine.untilDeployed(machine.pushFiles({ ...files('v3'), 'deploy/releases/web.yaml': pinned }))
    expect(await machine.served()).toBe('v1')
    expect(fake.started).toMatchObject({ plan: 2, apply: 2 })
  })
})

describe('A plan that is not applied', STORY, () => {
  const destroys = (what = 'db'): unknown =>
    planOf([resourceChange('aws_db_instance', ['delete'], { before: { id: what, arn: what } })])

  it('waits for a person where it destroys, and is applied once it is approved', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.plan = () => destroys()
    const commit = machine.pushFiles(files('v1'))
    const waiting = await machine.untilEnvironment((status) => ready(status, 'AwaitingApproval'))
    const { plan } = waiting.infrastructure ?? {}
    expect(plan).toMatchObject({
      verdict: 'Destructive',
      permission: 'AwaitApproval',
      summary: '1 to destroy',
    })
    expect(fake.started.apply).toBe(0)
    await approve(machine, 'sha256:another')
    await approve(machine, plan?.id ?? '')
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ plan: 2, apply: 1 })
  })

  it('that has changed since it was approved waits for another approval', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.plan = () => destroys()
    machine.pushFiles(files('v1'))
    const waiting = await machine.untilEnvironment((status) => ready(status, 'AwaitingApproval'))
    const id = waiting.infrastructure?.plan?.id ?? ''
    fake.plan = () => destroys('another')
    await approve(machine, id)
    const lapsed = await machine.untilEnvironment(({ infrastructure }) => infrastructure?.plan?.id !== id)
    expect(ready(lapsed, 'AwaitingApproval')).toBe(true)
    expect(fake.started).toMatchObject({ plan: 2, apply: 0 })
  })

  it('is refused whoever asks where it would move traffic', async (context) => {
    const { machine, fake } = await startWithTerraform(context, { apply: 'Always' })
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    const { elb } = machine.sandbox.world
    const arn = elb.tables.listeners.list().find(({ port }) => port === 80)?.arn
    fake.plan = () =>
      planOf([
        resourceChange('aws_lb_listener', ['update'], {
          before: { arn, default_action: [{ weight: 0 }] },
          after: { arn, default_action: [{ weight: 100 }] },
        }),
      ])
    machine.pushFiles(files('v2'))
    const refused = await machine.untilEnvironment((status) => ready(status, 'PlanRefused'))
    expect(refused.infrastructure?.plan).toMatchObject({ verdict: 'ResetsTraffic', permission: 'Refuse' })
    await approve(machine, refused.infrastructure?.plan?.id ?? '')
    await patiently(
      () => fake.started.plan,
      (plans) => plans === 3,
      { what: 'another plan' },
    )
    await machine.nextReconcile()
    expect(fake.started.apply).toBe(1)
    expect(await machine.served()).toBe('v1')
  })

  it('is not even made of a root that holds what is not run', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    const hostile = `${ROOT}resource "terraform_data" "x" {\n  provisioner "local-exec" { command = "id" }\n}\n`
    machine.pushFiles(files('v2', hostile))
    const refused = await machine.untilEnvironment((status) => ready(status, 'RootRefused'))
    expect(refused.conditions?.find(({ reason }) => reason === 'RootRefused')?.message).toContain(
      'infra/main.tf',
    )
    expect(fake.started).toMatchObject({ plan: 1, apply: 1 })
    expect(await machine.served()).toBe('v1')
  })
})
