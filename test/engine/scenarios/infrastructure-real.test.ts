import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'
import { countedTerraform } from '../../support/counted-terraform.ts'
import { startMachine } from '../../support/machine.ts'
import type { Machine } from '../../support/machine.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { releaseText } from '../../support/machine/with-terraform.ts'
import type { TreeEntry } from '../../support/repository.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

/** Several processes a test, on a machine that may be busy. */
const PATIENT = { timeout: 180_000 }

/** A story with the real Terraform, whose processes are counted, and a state that every user of this machine may write, as a bucket would be. */
async function startWithTerraform(
  context: TestContext,
): Promise<{ machine: Machine; processes: () => readonly string[] }> {
  const top = await temporaryDirectory('steersman-infrastructure')
  chmodSync(top, 0o711)
  const open = join(top, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const counted = countedTerraform(top)
  const terraform = createTerraform({
    binary: 'terraform',
    directory: join(top, 'runs'),
    clock: systemClock,
    redact: (text) => text,
    outerEnvironment: { PATH: `${counted.path}:${process.env['PATH'] ?? ''}` },
  })
  const state = join(open, 'app.tfstate')
  writeFileSync(state, '')
  chmodSync(state, 0o666)
  const machine = await startMachine(context, {
    terraform,
    settings: { terraformMayShareUser: true },
    spec: { terraform: { path: 'infra', backend: 'local', backendConfig: { path: state } } },
  })
  await machine.start()
  return { machine, processes: counted.commands }
}

const ROOT = `terraform {
  backend "local" {}
}
variable "environment" { type = string }
resource "terraform_data" "name" { input = var.environment }
output "name" { value = terraform_data.name.output }
output "password" {
  value     = "very-secret-value"
  sensitive = true
}
`
const files = (version: string, root = ROOT): Record<string, TreeEntry> => ({
  ...releaseFiles({ version }),
  'infra/main.tf': root,
})

/** The same with its task definition in the release itself. */
function inlineFiles(version: string): Record<string, TreeEntry> {
  const { 'deploy/taskdefs/web.json': document, ...tree } = files(version)
  if (typeof document !== 'string') throw new Error('the task definition is no text')
  const text = releaseText(tree).replace(
    /taskDefinition:.*\n(?: {4}.*\n)*/,
    `taskDefinition: { inline: ${JSON.stringify(JSON.parse(document))} }\n`,
  )
  return { ...tree, 'deploy/releases/web.yaml': text, 'deploy/taskdefs/web.json': null }
}

const found = requires('git', 'terraform')

describe.skipIf(found.missing !== undefined)(found.title('With the real Terraform'), PATIENT, () => {
  it.for([
    ['a file', files],
    ['the release itself', inlineFiles],
  ] as const)(
    'the root is applied before the release, and a new image starts no process: with the task definition in %s',
    async ([, filesOf], context) => {
      const { machine, processes } = await startWithTerraform(context)
      await machine.untilDeployed(machine.pushFiles(filesOf('v1')), PATIENT.timeout)
      const { infrastructure = {} } = await machine.environment()
      expect(infrastructure.outputs).toEqual({ name: 'demo' })
      expect(processes()).toContain('apply')
      const before = processes()
      await machine.untilDeployed(machine.pushFiles(filesOf('v2')), PATIENT.timeout)
      expect(await machine.served()).toBe('v2')
      expect(processes()).toEqual(before)
      expect(JSON.stringify([machine.events, await machine.environment()])).not.toContain('very-secret-value')
    },
  )

  it('a changed root is planned again, and one that breaks tells why without hurting what runs', async (context) => {
    const { machine, processes } = await startWithTerraform(context)
    await machine.untilDeployed(machine.pushFiles(files('v1')), PATIENT.timeout)
    const changed = ROOT.replace('input = var.environment', 'input = upper(var.environment)')
    await machine.untilDeployed(machine.pushFiles(files('v1', changed)), PATIENT.timeout)
    const { infrastructure = {} } = await machine.environment()
    expect(infrastructure.outputs).toEqual({ name: 'DEMO' })
    expect(processes().filter((command) => command === 'apply')).toHaveLength(2)
    machine.pushFiles(files('v2', ROOT.replace('var.environment', 'var.missing')))
    const failed = await machine.untilEnvironment(({ infrastructure: now }) => now?.failure !== undefined, {
      what: 'the failure',
      withinMs: PATIENT.timeout,
    })
    expect(failed.infrastructure?.failure).toMatchObject({ reason: 'TerraformPlanFailed', attempts: 1 })
    expect(failed.infrastructure?.failure?.message).toContain('main.tf')
    expect(await machine.served()).toBe('v1')
  })
})
