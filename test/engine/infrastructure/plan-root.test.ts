import { chmodSync, readdirSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createHclParser } from '../../../controller/adapters/terraform/hcl.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'
import type { TerraformLimits } from '../../../controller/adapters/terraform/commands.ts'
import { planRoot } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { PlannedRoot, PlanRootRequest } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { Terraform, TerraformRequest } from '../../../controller/ports/terraform.ts'
import { environmentOf, planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { createTestSource, portError } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { TreeEntry } from '../../support/repository.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

type Files = Readonly<Record<string, TreeEntry>>

const parse = createHclParser(systemClock)

const BACKEND = 'terraform {\n  backend "local" {}\n}\n'

/** A commit of a real repository with these files, and how its root is planned. */
async function requestOf(files: Files, terraform: Terraform): Promise<PlanRootRequest> {
  const repository = createRepository()
  const { source, remove } = createTestSource(repository.path)
  onTestFinished(() => {
    remove()
    repository.remove()
  })
  const commit = repository.commit(files)
  await source.fetch({ branch: 'main', tagPrefix: 'deploy/' })
  return {
    source,
    terraform,
    commit,
    name: 'prod',
    root: 'infra/app',
    workspace: 'default',
    varFiles: [],
    backendConfig: {},
    variables: {},
    credentials: {},
    policy: { backends: ['local'], providers: [], modules: [] },
    environment: environmentOf(),
    apply: 'Safe',
  }
}

/** A Terraform that plans this, and remembers what it was asked. */
function fakeTerraform(json: unknown = planOf([])): Terraform & { readonly asked: TerraformRequest[] } {
  const asked: TerraformRequest[] = []
  return {
    asked,
    parse,
    version: () => Promise.resolve({ product: 'Terraform', version: '1.11.4' }),
    open: (request) => {
      asked.push(request)
      return Promise.resolve({
        isolation: 'OtherUser',
        plan: () => Promise.resolve({ result: 'Planned', hasChanges: true, json, digest: 'sha256:1' }),
        apply: () => Promise.reject(new Error('nothing is applied')),
        outputs: () => Promise.resolve({}),
        close: () => Promise.resolve(),
      })
    },
  }
}

async function realTerraform(
  limits: Partial<TerraformLimits> = {},
): Promise<{ terraform: Terraform; directory: string }> {
  const directory = await temporaryDirectory('steersman-terraform')
  chmodSync(directory, 0o711)
  const terraform = createTerraform({
    binary: 'terraform',
    directory,
    clock: systemClock,
    redact: (text) => text,
    outerEnvironment: { PATH: process.env['PATH'] },
    limits,
  })
  return { terraform, directory }
}

const plan = async (
  files: Files,
  more: Partial<PlanRootRequest> = {},
): Promise<PlannedRoot & { asked: TerraformRequest[] }> => {
  const terraform = fakeTerraform()
  const request = await requestOf(files, terraform)
  return { ...(await planRoot({ ...request, ...more })), asked: terraform.asked }
}

describe('A root is laid out', () => {
  it('with the modules that it calls, those that they call, and its variable files, and nothing else', async () => {
    const { asked } = await plan(
      {
        'infra/app/main.tf': `${BACKEND}module "a" { source = "../modules/a" }`,
        'infra/app/policy.json': '{}',
        'infra/modules/a/main.tf': 'module "b" { source = "./b" }\nmodule "c" { source = "../c" }',
        'infra/modules/a/b/main.tf': 'locals {}',
        'infra/modules/c/main.tf': 'module "a" { source = "../a" }',
        'infra/modules/unused/main.tf': 'data "external" "x" {}',
        'infra/env/prod.tfvars': 'x = 1',
        'infra/env/dev.tfvars': 'x = 2',
        'src/index.js': 'secret()',
      },
      { varFiles: ['../env/prod.tfvars'] },
    )
    expect(asked[0]?.files.map(({ path }) => path).toSorted()).toEqual([
      'infra/app/main.tf',
      'infra/app/policy.json',
      'infra/env/prod.tfvars',
      'infra/modules/a/b/main.tf',
      'infra/modules/a/main.tf',
      'infra/modules/c/main.tf',
    ])
  })

  it('from the commit that was asked for, whatever came later', async () => {
    const terraform = fakeTerraform()
    const request = await requestOf({ 'infra/app/main.tf': `${BACKEND}# first` }, terraform)
    await planRoot(request)
    expect(terraform.asked[0]?.files).toEqual([{ path: 'infra/app/main.tf', text: `${BACKEND}# first` }])
  })

  it('with those variables alone that it declares', async () => {
    const variables = { environment: 'prod', images: { web: 'w@sha256:1' }, image_tag: 'v1' }
    const { asked } = await plan({ 'infra/app/main.tf': `${BACKEND}variable "images" {}` }, { variables })
    expect(asked[0]?.variables).toEqual({ images: { web: 'w@sha256:1' } })
  })

  it('at the top of the repository too', async () => {
    const { result, asked } = await plan({ 'main.tf': BACKEND }, { root: '' })
    expect(result).toBe('Planned')
    expect(asked[0]?.root).toBe('')
  })
})

const REFUSED: readonly (readonly [title: string, files: Files, expected: string])[] = [
  [
    'a symlink out of the tree',
    { 'infra/app/x.tf': { mode: '120000', content: '/etc/passwd' } },
    'Symlink infra/app/x.tf',
  ],
  [
    'a submodule',
    { 'infra/app/sub': { mode: '160000', content: 'a'.repeat(40) } },
    'Submodule infra/app/sub',
  ],
  ['a broken file', { 'infra/app/x.tf': 'resource "a" {' }, 'InvalidHcl infra/app/x.tf'],
  ['bytes', { 'infra/app/x.zip': Buffer.from([0xff, 0xfe, 0]) }, 'Binary infra/app/x.zip'],
  ['a large file', { 'infra/app/x.txt': 'x'.repeat(1_100_000) }, 'TooLarge infra/app/x.txt'],
  [
    'prepared modules',
    { 'infra/app/.terraform/modules/modules.json': '{}' },
    'TerraformData infra/app/.terraform/modules/modules.json',
  ],
  [
    'a module that is not there',
    { 'infra/app/x.tf': 'module "m" { source = "../none" }' },
    'NoSuchModule infra/none',
  ],
  [
    'a module with a provisioner',
    {
      'infra/app/x.tf': 'module "m" { source = "../m" }',
      'infra/m/x.tf':
        'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "id"\n  }\n}',
    },
    'Provisioner infra/m/x.tf',
  ],
  [
    'a module that is a link',
    { 'infra/app/x.tf': 'module "m" { source = "../m" }', 'infra/m': { mode: '120000', content: '/etc' } },
    'NoSuchModule infra/m',
  ],
]

describe('A root is refused, and no Terraform is started, with', () => {
  it.each(REFUSED)('%s', async (_, files, expected) => {
    const planned = await plan({ 'infra/app/main.tf': BACKEND, ...files })
    expect(planned.asked).toEqual([])
    const issues = planned.result === 'RootRefused' ? planned.issues : []
    expect(issues.map(({ rule, file }) => `${rule} ${file}`)).toContain(expected)
  })

  it.each([
    ['../../../etc/passwd', 'the path leaves the repository'],
    ['/etc/passwd', 'the path leaves the repository'],
    ['none.tfvars', 'there is no such file in this commit'],
  ])('variable file %s', async (varFile, message) => {
    const planned = await plan({ 'infra/app/main.tf': BACKEND }, { varFiles: [varFile] })
    expect(planned).toMatchObject({
      result: 'RootRefused',
      issues: [{ rule: 'VariableFile', message }],
      asked: [],
    })
  })

  it('no file at all', async () => {
    const planned = await plan({ 'README.md': 'x' })
    expect(planned).toMatchObject({ result: 'RootRefused', asked: [] })
    expect(planned.result === 'RootRefused' ? planned.issues.map(({ rule }) => rule) : []).toContain(
      'NoSuchModule',
    )
  })

  it('modules without end', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 110 }, (_, index) => [
        `infra/m${index}/x.tf`,
        `module "m" { source = "../m${index + 1}" }`,
      ]),
    )
    const planned = await plan({ 'infra/app/main.tf': `${BACKEND}module "m" { source = "../m0" }`, ...chain })
    const rules = planned.result === 'RootRefused' ? planned.issues.map(({ rule }) => rule) : []
    expect(rules).toContain('TooManyModules')
    expect(planned.asked).toEqual([])
  })
})

describe('A plan', () => {
  const files = { 'infra/app/main.tf': BACKEND }

  it('is judged, with what the policy makes of it', async () => {
    const json = planOf([resourceChange('aws_vpc', ['delete'])])
    const request = await requestOf(files, fakeTerraform(json))
    expect(await planRoot(request)).toMatchObject({
      result: 'Planned',
      commit: request.commit,
      planDigest: 'sha256:1',
      judgement: { verdict: 'Destructive' },
      permission: 'AwaitApproval',
      isolation: 'OtherUser',
    })
    expect(await planRoot({ ...request, apply: 'Never' })).toMatchObject({ permission: 'PlanOnly' })
  })

  it('that is not understood is refused', async () => {
    const request = await requestOf(files, fakeTerraform({ format_version: '9' }))
    expect(await planRoot(request)).toMatchObject({
      permission: 'Refuse',
      judgement: { verdict: 'Unreadable' },
      drift: [],
    })
  })

  it('has the same digest of inputs for other commits with the same files', async () => {
    const one = await plan(files)
    const other = await plan({ ...files, 'src/index.js': 'changed' })
    const changed = await plan({ 'infra/app/main.tf': `${BACKEND}# changed` })
    const [first, second, third] = [one, other, changed].map(
      (each) => each.result === 'Planned' && each.inputDigest,
    )
    expect(first).toBe(second)
    expect(first).not.toBe(third)
  })
})

const found = requires('terraform')

describe.skipIf(found.missing !== undefined)(found.title('With the real Terraform'), () => {
  it('a root of several modules is planned and judged', async () => {
    const { terraform, directory } = await realTerraform()
    const request = await requestOf(
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

  it.each<{ what: string; main: string; limits: Partial<TerraformLimits>; code: string; message: string }>([
    {
      what: 'a plan that never ends',
      main: 'output "x" {\n  value = length([for a in range(1024) : length([for b in range(1024) : length(range(1024))])])\n}',
      limits: { planMs: 1_000, graceMs: 500 },
      code: 'TerraformTimedOut',
      message: 'terraform plan took longer than it may, and was interrupted',
    },
    {
      what: 'a plan that is too large',
      main: 'locals {\n  a = join("", [for i in range(1024) : "0123456789abcdef"])\n}\noutput "x" {\n  value = [for i in range(256) : local.a]\n}',
      limits: { outputBytes: 1024 * 1024 },
      code: 'TerraformTooLarge',
      message: 'terraform show wrote more than is read, and was interrupted',
    },
    {
      what: 'a function that does not exist',
      main: 'output "x" {\n  value = steal("x")\n}',
      limits: {},
      code: 'TerraformPlanFailed',
      message: 'terraform plan failed: Call to unknown function (main.tf:5)',
    },
  ])('$what ends, and leaves nothing behind', async ({ main, limits, code, message }) => {
    const { terraform, directory } = await realTerraform(limits)
    const failure = await portError(
      planRoot(await requestOf({ 'infra/app/main.tf': `${BACKEND}${main}` }, terraform)),
    )
    expect(failure.code).toBe(code)
    expect(failure.message).toContain(message)
    expect(readdirSync(directory)).toEqual([])
  })

  it('an error that repeats a credential tells it not', async () => {
    const { terraform } = await realTerraform()
    const secret = 'planted-given-credential'
    const text =
      'output "x" {\n  value = 1\n  precondition {\n    condition     = var.x == ""\n    error_message = "it is ${var.x}"\n  }\n}'
    const request = await requestOf({ 'infra/app/main.tf': `${BACKEND}variable "x" {}\n${text}` }, terraform)
    const credentials = { AWS_SECRET_ACCESS_KEY: secret }
    const failure = await portError(planRoot({ ...request, variables: { x: secret }, credentials: {} }))
    expect(failure.message).toContain(secret)
    const redacted = await portError(planRoot({ ...request, variables: { x: secret }, credentials }))
    // The frame breaks lines where it likes; nothing but the secret may be gone.
    expect(redacted.message).toContain('it is [redacted]')
    expect(redacted.message).not.toContain(secret)
  })
})
