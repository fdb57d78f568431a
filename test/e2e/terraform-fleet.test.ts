import { chmodSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countedTerraform } from '../support/counted-terraform.ts'
import { startFleet } from '../support/machine/fleet.ts'
import { requires } from '../support/requires.ts'
import { standInTerraform } from '../support/stand-in-terraform.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const found = requires('git')
const ENVIRONMENTS = 50
const PATIENCE_MS = 90_000

const ROOT = `terraform {
  backend "local" {}
}
variable "environment" { type = string }
resource "terraform_data" "web" { input = var.environment }
`

describe.skipIf(found.missing !== undefined)(
  found.title('Fifty environments that share a root, and a program that stands in for Terraform'),
  { timeout: 2 * PATIENCE_MS },
  () => {
    it('start no Terraform once it is applied: not when they are looked at, and not for a commit that leaves the root alone', async () => {
      const top = await temporaryDirectory('steersman-processes')
      chmodSync(top, 0o711)
      const terraform = countedTerraform(top, standInTerraform(top))
      const path = `${terraform.path}:${process.env['PATH'] ?? ''}`
      const fleet = await startFleet({ size: ENVIRONMENTS, path })
      onTestFinished(() => fleet.close())
      const first = fleet.commit({ 'infra/main.tf': ROOT, 'deploy/README.md': 'no release' })
      await fleet.sweep()
      await fleet.untilApplied(first, PATIENCE_MS)
      const applies = (): number => terraform.commands().filter((command) => command === 'apply').length
      expect(applies()).toBe(ENVIRONMENTS)
      const before = terraform.commands().length
      await fleet.sweep()
      await fleet.sweep()
      fleet.commit({ 'src/index.js': 'main()', 'deploy/README.md': 'still no release' })
      await fleet.sweep()
      await fleet.sweep()
      expect(terraform.commands()).toHaveLength(before)
    })
  },
)
