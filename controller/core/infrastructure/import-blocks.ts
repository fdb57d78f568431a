import type { InfrastructureLeftover } from '../../resources/types.ts'

/**
 * `import` blocks for what an interrupted apply left, to be pasted into the root (https://developer.hashicorp.com/terraform/language/import). What would have to be guessed is commented
 * out, with what there is to choose from.
 */
export function importBlocks(leftovers: readonly InfrastructureLeftover[]): string {
  return leftovers.map((leftover) => blockOf(leftover, leftovers)).join('\n')
}

function blockOf(leftover: InfrastructureLeftover, all: readonly InfrastructureLeftover[]): string {
  const { arn, importId, addresses } = leftover
  if (importId === undefined)
    return `# ${arn ?? ''}\n# How its type is imported is not known here: look its import ID up. It may be ${addresses.join(', ')}\n`
  const blocks = addresses.map((address) => block(address, importId))
  if (arn === undefined)
    return `# Tags don't show whether this one exists. If it does:\n${blocks.map(commented).join('')}`
  if (addresses.length === 1 && isOnlyOneFor(addresses[0], all)) return `# ${arn}\n${blocks.join('')}`
  return `# ${arn}\n# It may be any of these, and each of them another one: choose by what AWS shows of it.\n${blocks.map(commented).join('')}`
}

function isOnlyOneFor(address: string | undefined, all: readonly InfrastructureLeftover[]): boolean {
  return all.filter(({ addresses }) => addresses.some((other) => other === address)).length === 1
}

const block = (address: string, id: string): string =>
  `import {\n  to = ${address}\n  id = ${quoted(id)}\n}\n`

const commented = (text: string): string => text.replaceAll(/^(?=.)/gm, '# ')

/** As HCL writes a text: `${` and `%{` begin templates there. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign)
