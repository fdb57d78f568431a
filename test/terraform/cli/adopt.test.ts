import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adopt } from '../../support/adopt-command.ts'
import { makeExistingService } from '../../support/existing-service.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { startTown } from '../../support/town.ts'
import { copyOfModules, succeeded, withProvider } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git'))
const PATIENCE_MS = 600_000

const ROOT = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
`

describe.skipIf(found.missing !== undefined)(found.title('the Terraform of an adopted service'), () => {
  it(
    'takes the second side into the state as it is: nothing is made, changed or destroyed',
    { timeout: PATIENCE_MS },
    async (context) => {
      const allow = { clusters: ['*'], loadBalancers: ['*'], families: ['*'], executionRoles: ['*'] }
      const town = await startTown(context, { world: 'empty', spec: { allow } })
      await makeExistingService(town.sandboxUrl)
      const clone = await temporaryDirectory('steersman-clone')
      expect(await adopt(town, '--apply', '--yes', '--write', clone)).toMatchObject({ code: 0 })
      const copy = await copyOfModules(town.variables())
      context.onTestFinished(() => copy.remove())
      const folder = join(copy.path, 'roots/adopted')
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'main.tf'), ROOT)
      await cp(join(clone, 'terraform/web-green.tf'), join(folder, 'web-green.tf'))
      await succeeded(copy.terraform('roots/adopted', 'init', '-input=false'))
      const plan = await succeeded(copy.terraform('roots/adopted', 'plan', '-input=false'))
      expect(plan).toContain('Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.')
      await succeeded(copy.terraform('roots/adopted', 'apply', '-input=false', '-auto-approve'))
      expect(await succeeded(copy.terraform('roots/adopted', 'plan', '-input=false'))).toContain(
        'No changes.',
      )
    },
  )
})
