/**
 * Whether an event matches a rule's pattern: each name of the pattern must be there with one of the values; `prefix`, `suffix`, `anything-but`, `exists`, `equals-ignore-case`
 * and `wildcard` are known. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  if (!isMembers(pattern)) return false
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = isMembers(event) && Object.hasOwn(event, name) ? event[name] : undefined
    if (!Array.isArray(wanted)) return matches(wanted, value)
    const values = Array.isArray(value) ? value : [value]
    return wanted.some((one) => values.some((each) => isOne(one, each)))
  })
}

type Members = Readonly<Record<string, unknown>>

function isOne(wanted: unknown, value: unknown): boolean {
  if (!isMembers(wanted)) return wanted === value
  return Object.entries(wanted).every(([operator, operand]) =>
    Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(operand, value) === true : false,
  )
}

const OPERATORS: Readonly<Record<string, (operand: unknown, value: unknown) => boolean>> = {
  prefix: (operand, value) => typeof value === 'string' && value.startsWith(String(operand)),
  suffix: (operand, value) => typeof value === 'string' && value.endsWith(String(operand)),
  exists: (operand, value) => (value !== undefined) === operand,
  'equals-ignore-case': (operand, value) =>
    typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase(),
  'anything-but': (operand, value) =>
    value !== undefined && !(Array.isArray(operand) ? operand : [operand]).some((one) => isOne(one, value)),
  wildcard: (operand, value) =>
    typeof value === 'string' &&
    new RegExp(`^${String(operand).split('*').map(escaped).join('.*')}$`).test(value),
}

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
