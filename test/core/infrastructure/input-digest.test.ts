import { describe, expect, it } from 'vitest'
import { inputDigest } from '../../../controller/core/infrastructure/input-digest.ts'
import type { TerraformInputs } from '../../../controller/core/infrastructure/input-digest.ts'

const inputs: TerraformInputs = {
  root: 'app',
  files: [
    { path: 'app/main.tf', digest: 'one' },
    { path: 'app/.terraform.lock.hcl', digest: 'lock' },
  ],
  varFiles: ['a.tfvars', 'b.tfvars'],
  variables: { environment: 'prod', images: { web: 'web@sha256:1' } },
  workspace: 'prod',
  backendConfig: { bucket: 'state' },
}

describe('The digest of what Terraform is given', () => {
  it.each<[string, Partial<TerraformInputs>]>([
    ['a file’s text', { files: [{ path: 'app/main.tf', digest: 'two' }, ...inputs.files.slice(1)] }],
    ['a file’s name', { files: [{ path: 'app/mian.tf', digest: 'one' }, ...inputs.files.slice(1)] }],
    ['one more file', { files: [...inputs.files, { path: 'm/x.tf', digest: '' }] }],
    ['the order of variable files', { varFiles: ['b.tfvars', 'a.tfvars'] }],
    ['a variable', { variables: { environment: 'dev' } }],
    ['the workspace', { workspace: 'dev' }],
    ['the backend', { backendConfig: { bucket: 'other' } }],
    ['the root', { root: 'core' }],
  ])('changes with %s', (_, changed) => {
    expect(inputDigest({ ...inputs, ...changed })).not.toBe(inputDigest(inputs))
  })

  it('does not change with the order of files or of names', () => {
    const same = {
      ...inputs,
      files: inputs.files.toReversed(),
      variables: { images: { web: 'web@sha256:1' }, environment: 'prod' },
    }
    expect(inputDigest(same)).toBe(inputDigest(inputs))
  })
})
