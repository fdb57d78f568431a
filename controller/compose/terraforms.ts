import { chmodSync, mkdirSync } from 'node:fs'
import { systemClock } from '../adapters/system/clock.ts'
import { createTerraform } from '../adapters/terraform/terraform.ts'
import type { Terraform } from '../ports/terraform.ts'

/** The programs that plan and apply, each made when it is first asked for: all environments share it and take turns. */
export function createTerraforms({
  dataDir,
  concurrency,
  redact,
  variables,
}: {
  readonly dataDir: string
  readonly concurrency: number
  readonly redact: (text: string) => string
  readonly variables: Readonly<Record<string, string | undefined>>
}): (binary: 'terraform' | 'tofu') => Terraform {
  const made = new Map<string, Terraform>()
  return (binary) => {
    const known = made.get(binary)
    if (known !== undefined) return known
    if (process.getuid?.() === 0) letThrough(dataDir)
    const terraform = createTerraform({
      binary,
      directory: `${dataDir}/terraform`,
      concurrency,
      clock: systemClock,
      redact,
      outerEnvironment: { ...variables },
    })
    made.set(binary, terraform)
    return terraform
  }
}

/** Each run has a user of its own, who must be able to pass through to its directory; everything else below is ours alone. */
function letThrough(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true })
  chmodSync(dataDir, 0o711)
}
