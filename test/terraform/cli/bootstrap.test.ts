import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requires } from '../../support/requires.ts'
import { startMoto } from '../support/moto.ts'
import type { Moto } from '../support/moto.ts'
import { copyOfModules, succeeded, withProvider } from '../support/terraform.ts'
import type { Copy } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'moto', 'aws'))
const PATIENCE_MS = 900_000
const BUCKET = 'shop-123456789012-tfstate'
const VARIABLES = [
  'project=shop',
  'account_id=123456789012',
  'region=eu-west-1',
  'github_repository=acme/shop',
]

interface Policy {
  readonly Statement: readonly {
    readonly Sid: string
    readonly Action: unknown
    readonly Resource: unknown
  }[]
}

// One after the other, as a person does it: the first root makes the bucket that it then moves into.
describe.skipIf(found.missing !== undefined)(
  found.title('roots/bootstrap and roots/core against moto'),
  () => {
    let moto: Moto
    let copy: Copy
    beforeAll(async () => {
      moto = await startMoto()
      copy = await copyOfModules({ AWS_ENDPOINT_URL: moto.url })
    })
    afterAll(async () => {
      await copy.remove()
      await moto.stop()
    })

    const terraform = (folder: string, ...words: string[]) => succeeded(copy.terraform(folder, ...words))
    const raw = (folder: string, ...words: string[]) =>
      succeeded(copy.program('terraform', `-chdir=${join(copy.path, folder)}`, ...words))
    const aws = async (command: string, ...words: string[]): Promise<unknown> =>
      JSON.parse(await succeeded(copy.program('aws', ...command.split(' '), ...words, '--output', 'json')))
    const variables = VARIABLES.map((variable) => `-var=${variable}`)

    it('bootstrap makes the bucket and moves its own state into it', { timeout: PATIENCE_MS }, async () => {
      const folder = 'roots/bootstrap'
      await terraform(folder, 'init', '-input=false')
      await terraform(folder, 'apply', '-input=false', '-auto-approve', ...variables)
      await writeFile(join(copy.path, folder, 'backend.tf'), await raw(folder, 'output', '-raw', 'backend'))
      await terraform(folder, 'init', '-input=false', '-migrate-state', '-force-copy')
      const planned = await copy.terraform(folder, 'plan', '-input=false', '-detailed-exitcode', ...variables)
      expect(planned.text).toContain('No changes.')
      expect(planned.code).toBe(0)
      expect(await aws('s3api list-objects-v2 --query Contents[].Key --bucket', BUCKET)).toEqual([
        'bootstrap.tfstate',
      ])
    })

    it(
      'core needs what bootstrap says, an environment and its repositories',
      { timeout: PATIENCE_MS },
      async () => {
        const folder = 'roots/core'
        const said = JSON.parse(await raw('roots/bootstrap', 'output', '-json', 'core_variables')) as object
        const own = { ...said, environment: 'dev', repositories: { web: {} } }
        await writeFile(join(copy.path, folder, 'dev.tfvars.json'), JSON.stringify(own))
        const backend = [`bucket=${BUCKET}`, 'key=core/dev.tfstate', 'use_lockfile=true', 'region=eu-west-1']
        await terraform(
          folder,
          'init',
          '-input=false',
          ...backend.map((setting) => `-backend-config=${setting}`),
        )
        await terraform(folder, 'apply', '-input=false', '-auto-approve', '-var-file=dev.tfvars.json')
        const planned = await copy.terraform(
          folder,
          'plan',
          '-input=false',
          '-detailed-exitcode',
          '-var-file=dev.tfvars.json',
        )
        expect(planned.text).toContain('No changes.')
        expect(planned.code).toBe(0)
        const outputs = JSON.parse(await raw(folder, 'output', '-json')) as Record<string, { value: unknown }>
        expect(outputs['state_key']?.value).toBe('app/dev.tfstate')
        expect(outputs['terraform_role_arn']?.value).toBe(
          'arn:aws:iam::123456789012:role/steersman-dev-terraform',
        )
        expect(outputs['pipeline_variables']?.value).toEqual({
          AWS_REGION: 'eu-west-1',
          AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/shop-dev-push',
          REGISTRY: outputs['registry']?.value,
        })
      },
    )

    it("gives Steersman's role its policy, narrowed to the environment", async () => {
      const got = (await aws('iam get-role-policy --role-name steersman-dev --policy-name steersman')) as {
        PolicyDocument: Policy
      }
      const shipped = (
        await import('../../../manifests/iam/steersman-policy.json', { with: { type: 'json' } })
      ).default
      const { Statement } = got.PolicyDocument
      expect(Statement.map(({ Sid, Action }) => ({ Sid, Action }))).toEqual(
        shipped.Statement.map(({ Sid, Action }) => ({ Sid, Action })),
      )
      expect(Statement.find(({ Sid }) => Sid === 'RunServices')?.Resource).toEqual([
        'arn:aws:ecs:*:123456789012:service/shop-dev/*',
      ])
    })

    it('lets no environment read the state of another, or of the roots before it', async () => {
      const got = (await aws(
        'iam get-role-policy --role-name steersman-dev-terraform --policy-name make-infrastructure',
      )) as { PolicyDocument: Policy }
      const objects = got.PolicyDocument.Statement.filter(({ Action }) =>
        JSON.stringify(Action).includes('s3:GetObject'),
      )
      expect(objects).toHaveLength(1)
      expect(JSON.stringify(objects)).not.toMatch(/bootstrap|core|tfstate\/\*/u)
    })
  },
)
