import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { PortError } from '../../ports/error.ts'
import type { TerraformVersion } from '../../ports/terraform.ts'

export type Binary = 'terraform' | 'tofu'

/** The oldest with what is used: `workspace select -or-create` and plans with `import` blocks; older ones are not tested. */
const OLDEST: Readonly<Record<Binary, readonly [number, number]>> = { terraform: [1, 5], tofu: [1, 6] }
const PRODUCTS: Readonly<Record<Binary, TerraformVersion['product']>> = {
  terraform: 'Terraform',
  tofu: 'OpenTofu',
}

/** Where the program lies: an absolute path, so that no later change of a path can bring another one. Throws `TerraformMissing`. */
export async function findBinary(binary: Binary, path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue
    const file = join(folder, binary)
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  throw new PortError(`${binary} is not on the path`, {
    code: 'TerraformMissing',
    handling: 'stall',
    remedy: `Install the ${PRODUCTS[binary]} CLI where the controller finds it (PATH).`,
  })
}

/** Reads the answer to `version -json`. Throws PortError `TerraformUnsupported` for a version that is too old, or unknown. */
export function parseVersion(binary: Binary, text: string): TerraformVersion {
  const version = /"terraform_version":\s*"([^"]{1,60})"/.exec(text)?.[1] ?? ''
  const [, major, minor] = (/^(\d+)\.(\d+)\./.exec(version) ?? []).map(Number)
  const [oldestMajor, oldestMinor] = OLDEST[binary]
  if (major === oldestMajor && minor !== undefined && minor >= oldestMinor)
    return { product: PRODUCTS[binary], version }
  throw new PortError(`${binary} ${version === '' ? 'of an unknown version' : version} is not supported`, {
    code: 'TerraformUnsupported',
    handling: 'stall',
    remedy: `Install ${PRODUCTS[binary]} ${oldestMajor}.${oldestMinor} or newer, below ${oldestMajor + 1}.0.`,
  })
}
