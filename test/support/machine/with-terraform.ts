import { readFileSync } from 'node:fs'
import type { TestContext } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { FakeTerraform } from '../fake-terraform.ts'
import { startMachine } from '../machine.ts'
import type { Machine } from '../machine.ts'
import type { TreeEntry } from '../repository.ts'
import type { EnvironmentSpec } from './environment.ts'
import { releaseFiles } from './release-files.ts'
import { callSandbox } from './shape.ts'

export const ROOT = `terraform {
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
export async function startWithTerraform(
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
export function files(version: string, root = ROOT, isOfTerraform = true): Record<string, TreeEntry> {
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

export function releaseText(tree: Record<string, TreeEntry>): string {
  const text = tree['deploy/releases/web.yaml']
  if (typeof text !== 'string') throw new Error('the release is no text')
  return text
}

export const ready = ({ conditions }: EnvironmentStatus, reason: string): boolean =>
  conditions?.some((condition) => condition.type === 'InfrastructureReady' && condition.reason === reason) ??
  false

export const approve = (machine: Machine, plan: string): Promise<void> =>
  machine.ask('Environment', 'demo', {
    [annotations.planApproved]: new Date().toISOString(),
    [annotations.planApprovedBy]: 'ada',
    [annotations.approvedPlan]: plan,
  })
