import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TerraformLimits } from '../../../controller/adapters/terraform/commands.ts'
import type { TerraformSession } from '../../../controller/ports/terraform.ts'
import { terraformWorld } from '../../adapters/terraform/world.ts'
import { portError } from '../../support/git-source.ts'
import { requires } from '../../support/requires.ts'

const found = requires('terraform')

/** A root that never comes to an end, in time or in bytes; limits that are not given are the controller's own. */
interface BoundlessRoot {
  readonly what: string
  readonly main: string
  readonly limits: Partial<TerraformLimits>
  readonly does: 'plan' | 'apply'
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** 100 times 820 KB, which stand three times in the JSON. */
const LARGE = `locals {
  some = join("", [for i in range(1024) : "0123456789abcdef"])
  more = join("", [for i in range(50) : local.some])
}
output "x" {
  value = join("", [for i in range(100) : local.more])
}
`

const BOUNDLESS: readonly BoundlessRoot[] = [
  {
    what: 'a plan that never ends',
    main: 'output "x" {\n  value = length([for a in range(1024) : length([for b in range(1024) : length(range(1024))])])\n}',
    limits: { planMs: 1_000, graceMs: 500 },
    does: 'plan',
    code: 'TerraformTimedOut',
    message: 'terraform plan took longer than it may, and was interrupted',
    remedy: 'Nothing to do if it passes; else see what the root waits for.',
  },
  {
    what: 'a plan of 240 MB',
    main: LARGE,
    limits: {},
    does: 'plan',
    code: 'TerraformTooLarge',
    message: 'terraform show wrote more than is read, and was interrupted',
    remedy: 'Split the root: its plan or output is larger than the controller reads.',
  },
  {
    what: 'output without an end, from a program that no check has stopped',
    main: 'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "yes"\n  }\n}',
    limits: { outputBytes: 16 * 1024 * 1024 },
    does: 'apply',
    code: 'TerraformTooLarge',
    message: 'terraform apply wrote more than is read, and was interrupted',
    remedy: 'Split the root: its plan or output is larger than the controller reads.',
  },
]

describe.skipIf(found.missing !== undefined)(found.title('A root without bounds'), () => {
  it.for(BOUNDLESS)('is ended: $what', async ({ main, limits, does, code, message, remedy }) => {
    const { open, directory } = await terraformWorld({ limits })
    const session = await open(main)
    const before = process.memoryUsage().rss
    const failure = await portError(does === 'plan' ? planned(session) : applied(session))
    await session.close()
    expect(failure).toMatchObject({ code, remedy })
    expect(failure.message).toContain(message)
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024)
    expect(readdirSync(directory)).toEqual([])
  })
})

const planned = (session: TerraformSession): ReturnType<TerraformSession['plan']> =>
  session.plan({ isRefreshOnly: false, lockTimeoutMs: 0 })

async function applied(session: TerraformSession): Promise<unknown> {
  const plan = await planned(session)
  if (plan.result !== 'Planned') throw new Error(`the plan is ${plan.result}`)
  return session.apply({ digest: plan.digest, lockTimeoutMs: 0 })
}
