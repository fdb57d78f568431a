// Starts a script as Terraform is started, and waits for it: a controller that a test kills in the middle.
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { runProcess } from '../../../controller/adapters/terraform/process.ts'

const [directory = '', script = ''] = process.argv.slice(2)

await runProcess({
  command: '/bin/sh',
  args: ['-c', script],
  environment: { PATH: '/usr/bin:/bin' },
  workingDirectory: directory,
  user: undefined,
  logs: directory,
  name: 'it',
  timeoutMs: 60_000,
  graceMs: 1_000,
  maxOutputBytes: 1_000_000,
  grownFiles: [],
  clock: systemClock,
})
