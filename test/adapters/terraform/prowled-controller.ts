// A controller with secrets in its environment, its arguments' files and its memory, whose Terraform prowls; a test greps the loot.
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'

const [directory = '', binaries = '', kept = ''] = process.argv.slice(2)

const terraform = createTerraform({
  binary: 'terraform',
  directory,
  clock: systemClock,
  redact: (text) => text,
  outerEnvironment: { ...process.env, PATH: `${binaries}:${process.env['PATH'] ?? ''}` },
  limits: { initMs: 60_000, graceMs: 1_000 },
})

const request = {
  files: [{ path: 'app/main.tf', text: 'locals {}' }],
  environment: 'prod',
  root: 'app',
  workspace: { name: 'default', create: false },
  backendConfig: {},
  varFiles: [],
  variables: {},
  credentials: { AWS_ACCESS_KEY_ID: 'given-to-terraform', AWS_PROFILE: 'planted-profile' },
  secrets: [],
}
const session = await terraform.open(request)
process.stdout.write(JSON.stringify({ isolation: session.isolation, kept: kept.length }))
await session.close()
