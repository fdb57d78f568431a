import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PlannedEnvironment, Preview } from '../../controller/cli/context.ts'
import { diffLive } from '../../controller/compose/diff-live.ts'
import { planEnvironment } from '../../controller/compose/plan-environment.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { portError } from '../support/git-source.ts'
import type { TestRepository } from '../support/repository.ts'
import { createRepository } from '../support/repository.ts'
import { requires } from '../support/requires.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const PREVIEW_ROLE = 'arn:aws:iam::123456789012:role/steersman-preview'

const environment = (repository: string, terraform: string): string => `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: prod }
spec:
  source: { repository: ${repository}, branch: main, path: deploy }
  aws: { region: eu-west-1, accountId: "123456789012" }
  ${terraform}
`

const root = (resources: string): string => `terraform {
  backend "local" {}
}
variable "environment" { type = string }
${resources}
`

/** A repository with a root and no releases, a branch that changes the root, and the configuration of its environment. */
async function staged(
  terraform = 'terraform: { path: infra, backend: local }',
): Promise<{ config: string; repository: TestRepository }> {
  const repository = createRepository()
  onTestFinished(() => repository.remove())
  repository.commit({
    'deploy/releases/README.md': 'none yet',
    'infra/main.tf': root('resource "terraform_data" "name" {\n  input = var.environment\n}'),
  })
  repository.setBranch('feature', repository.head() ?? '')
  repository.commit({ 'infra/more.tf': 'resource "terraform_data" "more" {}\n' }, { branch: 'feature' })
  const config = join(await temporaryDirectory(), 'config')
  mkdirSync(config)
  writeFileSync(join(config, 'prod.yaml'), environment(repository.path, terraform))
  return { config, repository }
}

const VARIABLES = { PATH: process.env['PATH'], STEERSMAN_DATA: '/nonexistent' }

const plan = (config: string, branch?: string, name = 'prod'): Promise<PlannedEnvironment> =>
  planEnvironment(
    {
      config,
      environment: name,
      branch,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    },
    VARIABLES,
  )

const diff = (config: string, plans = true, branch?: string): Promise<readonly Preview[]> =>
  diffLive(
    {
      config,
      environment: 'prod',
      release: undefined,
      branch,
      plans,
      signal: new AbortController().signal,
    },
    VARIABLES,
  )

const leftBehind = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('steersman-preview-'))

const sandbox = await startSandbox({ port: 0 })
afterAll(async () => {
  vi.unstubAllEnvs()
  await sandbox.close()
})

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', sandbox.url)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'planted')
})

const found = requires('git', 'terraform')

describe.skipIf(found.missing !== undefined)(
  found.title('A plan of an environment'),
  { timeout: 90_000 },
  () => {
    it('is made of its own settings, and leaves nothing behind', async () => {
      const before = leftBehind()
      const { config, repository } = await staged()
      const planned = await plan(config)
      expect(planned).toMatchObject({
        result: 'Planned',
        commit: repository.head(),
        permission: 'Apply',
        judgement: {
          verdict: 'Safe',
          summary: { add: 1, resources: [{ address: 'terraform_data.name' }] },
        },
      })
      expect(leftBehind()).toEqual(before)
    })

    it('is of unmerged code, too, as the role for that', async () => {
      const { config } = await staged(
        `terraform: { path: infra, backend: local, previewRoleArn: "${PREVIEW_ROLE}" }`,
      )
      const assumed = (): number =>
        sandbox.world.calls.list().find(({ operation }) => operation === 'AssumeRole')?.count ?? 0
      const before = assumed()
      expect(await plan(config, 'feature')).toMatchObject({
        result: 'Planned',
        judgement: { summary: { add: 2 } },
      })
      expect(assumed()).toBe(before + 1)
    })

    it('stands in the diff, before what the releases would do', async () => {
      const { config } = await staged()
      expect(await diff(config)).toMatchObject([
        { environment: 'prod', infrastructure: { result: 'Planned', judgement: { summary: { add: 1 } } } },
      ])
      expect(await diff(config, false)).toEqual([])
    })
  },
)

describe('Code that is not merged', () => {
  it('is not planned with the role that applies', async () => {
    const { config } = await staged()
    const planned = await plan(config, 'feature')
    expect(planned).toMatchObject({
      result: 'Waits',
      message: expect.stringContaining('spec.terraform.previewRoleArn') as string,
    })
    expect(await diff(config, true, 'feature')).toEqual([{ environment: 'prod', infrastructure: planned }])
  })

  it('has to be there', async () => {
    const { config } = await staged(
      `terraform: { path: infra, backend: local, previewRoleArn: "${PREVIEW_ROLE}" }`,
    )
    expect((await portError(plan(config, 'none'))).message).toBe('the repository has no branch "none"')
  })
})

describe('An environment without a root', () => {
  it('has no plan', async () => {
    const { config } = await staged('prune: true')
    const error = await portError(plan(config))
    expect(error).toMatchObject({ code: 'TerraformNotConfigured' })
    expect(await portError(plan(config, 'feature'))).toMatchObject({ code: 'TerraformNotConfigured' })
    expect(await diff(config)).toEqual([])
  })

  it('is told by its name where there is none of that name', async () => {
    const { config } = await staged()
    expect((await portError(plan(config, undefined, 'production'))).message).toContain(
      'has no environment "production"',
    )
  })
})
