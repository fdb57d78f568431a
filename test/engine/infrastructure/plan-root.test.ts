import { describe, expect, it } from 'vitest'
import { planId } from '../../../controller/core/infrastructure/plan-id.ts'
import { planRoot } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { PlannedRoot, PlanRootRequest } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { TerraformRequest } from '../../../controller/ports/terraform.ts'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { BACKEND, fakeTerraform, requestOf } from './roots.ts'
import type { Files } from './roots.ts'

const plan = async (
  files: Files,
  more: Partial<PlanRootRequest> = {},
): Promise<PlannedRoot & { asked: TerraformRequest[] }> => {
  const terraform = fakeTerraform()
  const request = requestOf(files, terraform)
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
    const request = requestOf({ 'infra/app/main.tf': `${BACKEND}# first` }, terraform)
    await planRoot(request)
    expect(terraform.asked[0]?.files).toEqual([{ path: 'infra/app/main.tf', text: `${BACKEND}# first` }])
  })

  it('with those variables alone that it declares', async () => {
    const variables = { environment: 'prod', images: { web: 'w@sha256:1' }, image_tag: 'v1' }
    const { asked } = await plan({ 'infra/app/main.tf': `${BACKEND}variable "images" {}` }, { variables })
    expect(asked[0]?.variables).toEqual({ images: { web: 'w@sha256:1' } })
  })

  it('with the values of its sensitive variables, wherever the commit has them, as what is never told', async () => {
    const sensitive = 'sensitive = true'
    const { asked } = await plan(
      {
        'infra/app/main.tf': `${BACKEND}variable "a" {
  ${sensitive}
  default = { inner = ["of-a-default"] }
}
variable "b" { ${sensitive} }
variable "open" { default = "told" }
module "m" { source = "../m" }`,
        'infra/app/x.auto.tfvars': 'b = "of-an-automatic-file"\nopen = "told-too"',
        'infra/app/terraform.tfvars.json': '{"b": "of-a-json-file"}',
        'infra/env/prod.vars': 'b = "of-a-named-file"',
        'infra/m/main.tf': `variable "c" {
  ${sensitive}
  default = "of-a-module"
}`,
      },
      { varFiles: ['../env/prod.vars'] },
    )
    expect(asked[0]?.secrets.toSorted()).toEqual([
      'of-a-default',
      'of-a-json-file',
      'of-a-module',
      'of-a-named-file',
      'of-an-automatic-file',
    ])
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
    const request = requestOf(files, fakeTerraform(json))
    expect(await planRoot(request)).toMatchObject({
      result: 'Planned',
      commit: request.commit,
      planDigest: planId(json),
      judgement: { verdict: 'Destructive' },
      permission: 'AwaitApproval',
      isolation: 'OtherUser',
    })
    expect(await planRoot({ ...request, apply: 'Never' })).toMatchObject({ permission: 'PlanOnly' })
  })

  it('that is not understood is refused', async () => {
    const request = requestOf(files, fakeTerraform({ format_version: '9' }))
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
