import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PlanRequest } from '../../controller/cli/context.ts'
import { planBranch } from '../../controller/compose/plan-root.ts'
import { environmentOf } from '../core/infrastructure/plans.ts'
import { portError } from '../support/git-source.ts'
import { createRepository } from '../support/repository.ts'
import type { TestRepository } from '../support/repository.ts'
import { requires } from '../support/requires.ts'

const SECRET = 'planted-database-password'
const VARIABLES = {
  PATH: process.env['PATH'],
  AWS_SECRET_ACCESS_KEY: 'planted-aws-key',
  GIT_TOKEN: 'planted-token',
}

function repositoryWith(main: string): TestRepository {
  const repository = createRepository()
  onTestFinished(() => repository.remove())
  repository.commit({
    'infra/app/main.tf': `terraform {\n  backend "local" {}\n}\n${main}`,
    'infra/app/prod.tfvars': `password = "${SECRET}"`,
  })
  return repository
}

const requestFor = (repository: TestRepository, more: Partial<PlanRequest> = {}): PlanRequest => ({
  repository: repository.path,
  branch: 'main',
  root: 'infra/app',
  workspace: 'default',
  varFiles: ['prod.tfvars'],
  backendConfig: {},
  variables: {},
  binary: 'terraform',
  policy: { backends: ['local'], providers: [], modules: [] },
  environment: environmentOf(),
  apply: 'Safe',
  signal: new AbortController().signal,
  onEvent: () => undefined,
  ...more,
})

const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('steersman-plan-'))

const found = requires('git', 'terraform')

describe.skipIf(found.missing !== undefined)(found.title('A plan of a branch'), { timeout: 90_000 }, () => {
  it('is judged, tells no secret, and leaves nothing behind', async () => {
    const before = leftBehind()
    const repository = repositoryWith(
      'variable "password" {\n  sensitive = true\n}\nresource "terraform_data" "db" {\n  input = var.password\n}\noutput "p" {\n  value     = var.password\n  sensitive = true\n}',
    )
    const planned = await planBranch(requestFor(repository), VARIABLES)
    expect(planned).toMatchObject({
      result: 'Planned',
      commit: repository.head(),
      permission: 'Apply',
      judgement: { verdict: 'Safe', summary: { add: 1, outputs: ['p'] } },
    })
    expect(JSON.stringify(planned)).not.toMatch(/planted/)
    expect(leftBehind()).toEqual(before)
  })

  it('of a root that reads files of the machine is refused, and no Terraform is started', async () => {
    const repository = repositoryWith('output "x" {\n  value = file("/proc/self/environ")\n}')
    const planned = await planBranch(requestFor(repository, { binary: 'tofu' }), {
      ...VARIABLES,
      PATH: '/usr/bin:/bin',
    })
    expect(planned).toMatchObject({
      result: 'RootRefused',
      issues: [{ rule: 'FileFunction', file: 'infra/app/main.tf' }],
    })
  })

  it('that is not there, or not wanted any more, is an error', async () => {
    const repository = repositoryWith('')
    const missing = await portError(planBranch(requestFor(repository, { branch: 'none' }), VARIABLES))
    expect(missing.message).toBe('the repository has no branch "none"')
    const signal = AbortSignal.abort()
    const aborted = await portError(planBranch(requestFor(repository, { varFiles: [], signal }), VARIABLES))
    expect(aborted.code).toBe('TerraformAborted')
  })
})
