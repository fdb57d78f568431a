import { describe, expect, it } from 'vitest'
import { treeIssues } from '../../../controller/core/infrastructure/root.ts'

describe('A tree', () => {
  const entry = { path: 'app/main.tf', mode: 'file', size: 10, validUtf8: true } as const

  it.each([
    ['a symlink', { mode: 'symlink' }, 'Symlink'],
    ['a submodule', { mode: 'submodule' }, 'Submodule'],
    ['a file of .terraform', { path: 'app/.terraform/modules/modules.json' }, 'TerraformData'],
    ['a provider', { path: 'app/terraform.d/plugins/x/y/z/terraform-provider-aws' }, 'TerraformData'],
    ['a state', { path: 'app/terraform.tfstate' }, 'StateInTree'],
    ['the states of workspaces', { path: 'app/terraform.tfstate.d/prod/x' }, 'StateInTree'],
    ['a backup of a state', { path: 'app/terraform.tfstate.backup' }, 'StateInTree'],
    ['JSON syntax', { path: 'app/main.tf.json' }, 'JsonSyntax'],
    ['a large file', { size: 2_000_000 }, 'TooLarge'],
    ['bytes', { path: 'app/lambda.zip', validUtf8: false }, 'Binary'],
  ] as const)('with %s is refused', (_, different, rule) => {
    expect(treeIssues([entry, { ...entry, ...different }]).map((issue) => issue.rule)).toEqual([rule])
  })

  it('of text is not', () => {
    expect(treeIssues([entry, { ...entry, path: 'app/.terraform.lock.hcl' }])).toEqual([])
  })
})
