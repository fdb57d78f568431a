// A controller that a test kills in the middle: opens a root, plans and, if it shall, applies; it says what it knows as lines of JSON.
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'
import type { TerraformRequest } from '../../../controller/ports/terraform.ts'

export interface KilledController {
  readonly directory: string
  readonly does: 'plan' | 'apply'
  readonly request: TerraformRequest
}

const { directory, does, request } = JSON.parse(process.argv[2] ?? '') as KilledController
const say = (what: string, value: unknown): Promise<void> => {
  process.stdout.write(`${JSON.stringify({ what, value })}\n`)
  return Promise.resolve()
}

const terraform = createTerraform({
  binary: 'terraform',
  directory,
  clock: systemClock,
  redact: (text) => text,
  outerEnvironment: { PATH: process.env['PATH'], TF_CLI_CONFIG_FILE: process.env['TF_CLI_CONFIG_FILE'] },
})
const session = await terraform.open(request)
await say('open', undefined)
const planned = await session.plan({
  isRefreshOnly: false,
  lockTimeoutMs: does === 'plan' ? 3_600_000 : 60_000,
})
if (planned.result !== 'Planned') throw new Error(planned.result)
await session.apply({
  digest: planned.digest,
  lockTimeoutMs: 60_000,
  onRunning: (running) => say('running', running),
})
await say('applied', undefined)
await session.close()
