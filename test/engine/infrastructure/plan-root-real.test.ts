import { chmodSync, readdirSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'
import { planRoot } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { PlanRootRequest } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { Terraform } from '../../../controller/ports/terraform.ts'
import { createTestSource, portError } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { BACKEND, requestFor } from './roots.ts'
import type { Files } from './roots.ts'

/** Several processes a test, on a machine that may be busy. */
const PATIENT = { timeout: 90_000 }

/** A commit of a real repository. */
async function requestOfRepository(files: Files, terraform: Terraform): Promise<PlanRootRequest> {
  const repository = createRepository()
  const { source, remove } = createTestSource(repository.path)
  onTestFinished(() => {
    remove()
    repository.remove()
  })
  const commit = repository.commit(files)
  await source.fetch({ branch: 'main', tagPrefix: 'deploy/' })
  return requestFor(terraform, source, commit)
}

async function realTerraform(): Promise<{ terraform: Terraform; directory: string }> {
  const directory = await temporaryDirectory('steersman-terraform')
  chmodSync(directory, 0o711)
  const terraform = createTerraform({
    binary: 'terraform',
    directory,
    clock: systemClock,
    redact: (text) => text,
    outerEnvironment: { PATH: process.env['PATH'] },
  })
  return { terraform, directory }
}

const found = requires('git', 'terraform')

describe.skipIf(found.missing !== undefined)(found.title('With the real Terraform'), PATIENT, () => {
  it('a root of several modules is planned and judged', async () => {
    const { terraform, directory } = await realTerraform()
    const request = await requestOfRepository(
      {
        'infra/app/main.tf': `${BACKEND}variable "environment" {}\nmodule "m" {\n  source = "../m"\n  name   = var.environment\n}`,
        'infra/m/main.tf':
          'variable "name" {}\nresource "terraform_data" "x" {\n  input = file("${path.module}/x.txt")\n}',
        'infra/m/x.txt': 'hello',
      },
      terraform,
    )
    expect(await planRoot({ ...request, variables: { environment: 'prod' } })).toMatchObject({
      result: 'Planned',
      permission: 'Apply',
      judgement: {
        verdict: 'Safe',
        summary: { add: 1, resources: [{ address: 'module.m.terraform_data.x' }] },
      },
    })
    expect(readdirSync(directory)).toEqual([])
  })

  it('a function that does not exist ends, and leaves nothing behind', async () => {
    const { terraform, directory } = await realTerraform()
    const main = `${BACKEND}output "x" {\n  value = steal("x")\n}`
    const failure = await portError(
      planRoot(await requestOfRepository({ 'infra/app/main.tf': main }, terraform)),
    )
    expect(failure.code).toBe('TerraformPlanFailed')
    expect(failure.message).toContain('terraform plan failed: Call to unknown function (main.tf:5)')
    expect(readdirSync(directory)).toEqual([])
  })

  it('a commit with a link, a submodule and bytes is refused as git tells them', async () => {
    const { terraform } = await realTerraform()
    const request = await requestOfRepository(
      {
        'infra/app/main.tf': BACKEND,
        'infra/app/link': { mode: '120000', content: '/etc/passwd' },
        'infra/app/module': { mode: '160000', content: 'a'.repeat(40) },
        'infra/app/bytes': Buffer.from([0xff, 0xfe, 0]),
      },
      terraform,
    )
    expect(await planRoot(request)).toMatchObject({
      result: 'RootRefused',
      issues: [{ rule: 'Binary' }, { rule: 'Symlink' }, { rule: 'Submodule' }],
    })
  })

  it('an error that repeats a credential tells it not', async () => {
    const { terraform } = await realTerraform()
    const secret = 'planted-given-credential'
    const text =
      'output "x" {\n  value = 1\n  precondition {\n    condition     = var.x == ""\n    error_message = "it is ${var.x}"\n  }\n}'
    const request = await requestOfRepository(
      { 'infra/app/main.tf': `${BACKEND}variable "x" {}\n${text}` },
      terraform,
    )
    const credentials = { AWS_SECRET_ACCESS_KEY: secret }
    const failure = await portError(planRoot({ ...request, variables: { x: secret }, credentials: {} }))
    expect(failure.message).toContain(secret)
    const redacted = await portError(planRoot({ ...request, variables: { x: secret }, credentials }))
    // The frame breaks lines where it likes; nothing but the secret may be gone.
    expect(redacted.message).toContain('it is [redacted]')
    expect(redacted.message).not.toContain(secret)
  })
})
