import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requires } from '../../support/requires.ts'
import type { HostileTown, Said } from '../support/hostile/hostile-town.ts'
import { startHostileTown } from '../support/hostile/hostile-town.ts'
import { BACKEND, HOSTILE_ROOT } from '../support/hostile/roots.ts'
import { withProvider } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git'))

/** Values that a team gave to Terraform, or that Terraform made; the commit has them, and nobody else shall. */
const SECRETS = ['planted-variable-of-a-file', 'planted-default', 'planted-next-variable'] as const
const [OF_FILE, OF_DEFAULT, NEXT] = SECRETS

const VARIABLES = `variable "password" {
  type      = string
  sensitive = true
}
variable "key" {
  type      = string
  sensitive = true
  default   = "${OF_DEFAULT}"
}
`
const KEPT = `resource "terraform_data" "database" {
  input            = { password = var.password, key = var.key }
  triggers_replace = var.password
}
output "password" {
  value     = var.password
  sensitive = true
}
output "size" {
  value = 3
}
`

const files = (main: string, password: string): Record<string, string> => ({
  [`${HOSTILE_ROOT}/main.tf`]: BACKEND + VARIABLES + main,
  [`${HOSTILE_ROOT}/prod.auto.tfvars`]: `password = "${password}"\n`,
})

/** One commit after the other, in this order; the secrets of all of them must be nowhere at any time. */
const STORY: readonly {
  readonly what: string
  readonly files: Readonly<Record<string, string>>
  readonly reason: string
  readonly says: string
}[] = [
  {
    what: 'inputs and outputs of an apply',
    files: files(KEPT, OF_FILE),
    reason: 'Applied',
    says: 'is applied',
  },
  {
    what: 'a plan that waits for a person',
    files: files(KEPT, NEXT),
    reason: 'AwaitingApproval',
    says: 'replace',
  },
  {
    what: 'an error of a provider in a plan',
    files: files(`${KEPT}resource "aws_lb_target_group" "x" {\n  protocol = var.password\n}\n`, OF_FILE),
    reason: 'TerraformPlanFailed',
    says: 'protocol',
  },
  {
    what: 'an error of a condition in a plan, which the root has made plain',
    files: files(
      `${KEPT}output "x" {\n  value = 1\n  precondition {\n    condition     = nonsensitive(var.key) == ""\n    error_message = "it is \${nonsensitive(var.key)}"\n  }\n}\n`,
      OF_FILE,
    ),
    reason: 'TerraformPlanFailed',
    says: 'it is',
  },
  {
    what: 'an error in the middle of an apply',
    files: files(
      `${KEPT}resource "terraform_data" "x" {\n  input = var.password\n  lifecycle {\n    postcondition {\n      condition     = self.output == ""\n      error_message = "it is \${nonsensitive(self.output)}"\n    }\n  }\n}\n`,
      OF_FILE,
    ),
    reason: 'TerraformApplyFailed',
    says: 'terraform apply failed',
  },
]

describe.skipIf(found.missing !== undefined)(found.title('A secret that Terraform is given'), () => {
  const closers: (() => Promise<void>)[] = []
  let hostile: HostileTown
  beforeAll(async () => {
    hostile = await startHostileTown({ onTestFinished: (close) => closers.push(close) })
  })
  afterAll(async () => {
    for (const close of closers.toReversed()) await close()
  })

  it.for(STORY)(
    'is in no log, event, status, answer, page, plan and metric, and in no file that is left, after $what',
    async ({ what, files: commit, reason, says }) => {
      hostile.push(commit)
      const isTold = (said: Said): boolean => said.reason === reason && said.message.includes(says)
      await hostile.untilSaid(isTold, what)
      const all = `${await hostile.told()}\n${await hostile.kept()}`
      expect(SECRETS.filter((secret) => all.includes(secret))).toEqual([])
      // What is no secret is told: so the answers are not empty for another reason.
      expect(all).toContain('"size":3')
      expect(all).toContain('terraform_data.database')
    },
  )
})
