import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { PortError } from '../../../controller/ports/error.ts'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { eventually } from '../../support/eventually.ts'
import { FakeTerraform } from '../../support/fake-terraform.ts'
import { isTrue, startMachine, STORY } from '../../support/machine.ts'
import type { Machine } from '../../support/machine.ts'
import type { EnvironmentSpec } from '../../support/machine/environment.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { callSandbox, IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import type { TreeEntry } from '../../support/repository.ts'

const ROOT = `terraform {
  backend "s3" {}
}
variable "environment" { type = string }
variable "images" { type = map(string) }
`
const TERRAFORM = {
  path: 'infra',
  varFiles: ['demo.tfvars'],
  backendConfig: { bucket: 'state', key: 'demo' },
}
const TASK_DEFINITION = readFileSync(
  new URL('../../../manifests/demo/repository/deploy/taskdefs/web.json', import.meta.url),
  'utf8',
)

/** The demo's environment with a Terraform root, and its fake Terraform. */
async function startWithTerraform(
  context: TestContext,
  terraform: EnvironmentSpec = {},
  spec: EnvironmentSpec = {},
): Promise<{ machine: Machine; fake: FakeTerraform }> {
  const fake = new FakeTerraform()
  const machine = await startMachine(context, {
    terraform: fake,
    spec: { ...spec, terraform: { ...TERRAFORM, ...terraform } },
  })
  fake.makes = ({ variables }) => ({ web_task_definition_arn: register(machine, variables) })
  await machine.start()
  return { machine, fake }
}

/** What the root's task definition would make. */
function register(machine: Machine, variables: Readonly<Record<string, unknown>>): unknown {
  const images = variables['images'] as Readonly<Record<string, string>>
  if (images['web'] === undefined) return undefined
  const { containerDefinitions, ...document } = JSON.parse(TASK_DEFINITION) as {
    containerDefinitions: object[]
  }
  const { taskDefinition } = callSandbox(machine.sandbox, {
    service: 'ecs',
    operation: 'RegisterTaskDefinition',
    input: {
      ...document,
      family: 'demo-web',
      containerDefinitions: containerDefinitions.map((one) => ({ ...one, image: images['web'] })),
    },
  }) as { taskDefinition: { taskDefinitionArn: string } }
  return taskDefinition.taskDefinitionArn
}

/** A release whose task definition comes from Terraform, with the root beside it. */
function files(version: string, root = ROOT, isOfTerraform = true): Record<string, TreeEntry> {
  const release = releaseFiles({ version })
  const text = releaseText(release)
  const changed = text.replace(
    /taskDefinition:.*\n(?: {4}.*\n)*/,
    'taskDefinition: { terraform: web_task_definition_arn }\n',
  )
  return {
    ...release,
    ...(isOfTerraform ? { 'deploy/releases/web.yaml': changed } : {}),
    'infra/main.tf': root,
    'infra/demo.tfvars': '',
  }
}

function releaseText(tree: Record<string, TreeEntry>): string {
  const text = tree['deploy/releases/web.yaml']
  if (typeof text !== 'string') throw new Error('the release is no text')
  return text
}

const ready = ({ conditions }: EnvironmentStatus, reason: string): boolean =>
  conditions?.some((condition) => condition.type === 'InfrastructureReady' && condition.reason === reason) ??
  false

const approve = (machine: Machine, plan: string): Promise<void> =>
  machine.ask('Environment', 'demo', {
    [annotations.planApproved]: new Date().toISOString(),
    [annotations.planApprovedBy]: 'ada',
    [annotations.approvedPlan]: plan,
  })

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
    await machine.untilDeployed(machine.pushFiles(files('v2')))
    expect(await machine.served()).toBe('v2')
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
    await eventually(
      () => fake.started.plan,
      (plans) => plans === 3,
      { what: 'another plan', withinMs: 20_000 },
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
    await eventually(
      () => fake.started.apply,
      (applies) => applies === 2,
      { what: 'a correction', withinMs: 20_000 },
    )
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

  it('writes nothing while the environment is suspended', async (context) => {
    const { machine, fake } = await startWithTerraform(context, {}, { suspend: true })
    machine.pushFiles(files('v1'))
    await machine.untilEnvironment((status) => ready(status, 'Planning'))
    await machine.nextReconcile()
    expect(fake.started).toMatchObject({ plan: 0, apply: 0 })
  })
})

describe('The lock of the state', STORY, () => {
  it('that somebody else holds is waited for, and freed when a person names it', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.lockBySomebody()
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

  it('of an apply whose controller was killed is waited for by the next one, which goes on from there', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const applied = Promise.withResolvers<void>()
    fake.during = () => applied.promise
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    await machine.start()
    await eventually(() => fake.started.follow, Boolean, { what: 'it to be followed', withinMs: 20_000 })
    expect(fake.started).toMatchObject({ plan: 1, apply: 1 })
    applied.resolve()
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ plan: 2, apply: 1, unlock: 0 })
  })

  it('of an apply that was killed as well is proven to be ours, and freed', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const held = Promise.withResolvers<void>()
    fake.during = () => held.promise
    const commit = machine.pushFiles(files('v1'))
    await machine.untilEnvironment(({ infrastructure }) => infrastructure?.applying?.lockId !== undefined)
    machine.kill()
    fake.kill()
    fake.during = () => Promise.resolve()
    await machine.start()
    await machine.untilDeployed(commit)
    expect(fake.started).toMatchObject({ unlock: 1, apply: 2 })
  })
})
