import { createRequire } from 'node:module'
import { PortError } from '../../ports/error.ts'
import type { TerraformFile } from '../../ports/terraform.ts'

const require = createRequire(import.meta.url)

type Parse = (fileName: string, text: string) => Promise<Readonly<Record<string, unknown>>>

/** Longer messages name every following line of a file that is broken at one place. */
const LONGEST_MESSAGE = 500

/** The blocks of one HCL file, by HashiCorp's own parser. Nothing of it is evaluated. Throws PortError `TerraformInvalid`. */
export async function parseHcl({ path, text }: TerraformFile): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await parser()(path, text)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const what = message.replace(/^parse config: \[/, '').replace(/\]$/, '')
    throw new PortError(`${path} is not valid HCL: ${what.slice(0, LONGEST_MESSAGE)}`, {
      code: 'TerraformInvalid',
      handling: 'stall',
      remedy: 'Correct the file; `terraform validate` says the same.',
      cause,
    })
  }
}

/** Loaded when it is first needed. Its own types would bring the browser's globals into every file of the program. */
function parser(): Parse {
  const { parse } = require('@cdktn/hcl2json') as { readonly parse: Parse }
  return parse
}
