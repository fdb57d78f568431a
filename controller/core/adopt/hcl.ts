/** A value of HCL as it is written, an expression. */
export interface Expression {
  readonly expression: string
}

export type HclValue = string | number | boolean | Expression | readonly HclValue[] | HclMap
export interface HclMap {
  readonly [name: string]: HclValue
}

/** A nested block, or an attribute; undefined members are left out. */
export type HclMember =
  | { readonly attribute: string; readonly value: HclValue | undefined }
  | { readonly block: string; readonly members: readonly HclMember[] }

/** A block of HCL: `resource "aws_lb_target_group" "web_green" { … }`. */
export function hclBlock(head: string, members: readonly HclMember[]): string {
  return [`${head} {`, ...bodyLines(members), '}', ''].join('\n')
}

/** Attributes as one list of members. */
export const attributes = (values: Readonly<Record<string, HclValue | undefined>>): readonly HclMember[] =>
  Object.entries(values).map(([attribute, value]) => ({ attribute, value }))

function bodyLines(members: readonly HclMember[]): readonly string[] {
  const lines: string[] = []
  const named = members.filter((member) => 'attribute' in member && member.value !== undefined)
  const width = Math.max(0, ...named.map((member) => ('attribute' in member ? member.attribute.length : 0)))
  for (const member of members) {
    if ('block' in member) {
      if (lines.length > 0) lines.push('')
      lines.push(`  ${member.block} {`, ...bodyLines(member.members).map(indented), '  }')
    } else if (member.value !== undefined) {
      lines.push(`  ${member.attribute.padEnd(width)} = ${hclText(member.value)}`)
    }
  }
  return lines
}

const indented = (line: string): string => (line === '' ? '' : `  ${line}`)

function hclText(value: HclValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object') return String(value)
  if (isList(value)) return `[${value.map(hclText).join(', ')}]`
  if (isExpression(value)) return value.expression
  const members = Object.entries(value).map(([name, member]) => `${quoted(name)} = ${hclText(member)}`)
  return `{ ${members.join(', ')} }`
}

const isList = (value: HclValue): value is readonly HclValue[] => Array.isArray(value)

const isExpression = (value: Expression | HclMap): value is Expression =>
  typeof value['expression'] === 'string' && Object.keys(value).length === 1

/** https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences */
const quoted = (text: string): string =>
  JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{')
