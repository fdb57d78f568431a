import { createScripts } from '../adapters/scripts/scripts.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { createChildUsers } from '../adapters/terraform/users.ts'
import type { Scripts } from '../ports/scripts.ts'

/** The programs beside a configuration, each run as a user of its own, as Terraform is. */
export const scriptsBeside = (directory: string, redact: (text: string) => string): Scripts =>
  createScripts({
    directory,
    clock: systemClock,
    redact,
    users: createChildUsers(process.getuid?.() === 0),
  })
