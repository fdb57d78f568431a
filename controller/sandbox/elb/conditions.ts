import { validationError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { oneOf, requiredText, structure, structures, text, texts } from './input.ts'

const FIELDS = [
  'host-header',
  'path-pattern',
  'http-header',
  'http-request-method',
  'query-string',
  'source-ip',
] as const

/** A rule's condition: it holds when any of its values (or regular expressions) matches. */
export interface Condition {
  readonly field: (typeof FIELDS)[number]
  readonly values: readonly string[]
  readonly regexValues: readonly string[]
  /** For http-header. */
  readonly headerName?: string
  /** For query-string, instead of values. */
  readonly pairs?: readonly { readonly Key?: string; readonly Value: string }[]
}

const CONFIG_MEMBERS = {
  'host-header': 'HostHeaderConfig',
  'path-pattern': 'PathPatternConfig',
  'http-header': 'HttpHeaderConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'query-string': 'QueryStringConfig',
  'source-ip': 'SourceIpConfig',
} as const satisfies Record<Condition['field'], string>

/** A request's conditions; a rule has at most five values in all its conditions together. */
export function readConditions(input: Members): Condition[] {
  const conditions = structures(input, 'Conditions').map(readCondition)
  const values = conditions.reduce((sum, condition) => sum + valueCount(condition), 0)
  if (values > 5) throw validationError('A rule can only have 5 condition values')
  return conditions
}

/** A condition as AWS returns it: host and path values in the old `Values` and in their config. */
export function showCondition(condition: Condition): Members {
  const { field, values, regexValues } = condition
  const regex = regexValues.length > 0 ? { RegexValues: regexValues } : {}
  switch (field) {
    case 'host-header':
    case 'path-pattern':
      return { Field: field, Values: values, ...regex, [CONFIG_MEMBERS[field]]: { Values: values, ...regex } }
    case 'http-header':
      return {
        Field: field,
        HttpHeaderConfig: { HttpHeaderName: condition.headerName, Values: values, ...regex },
      }
    case 'query-string':
      return { Field: field, QueryStringConfig: { Values: condition.pairs ?? [] } }
    case 'http-request-method':
    case 'source-ip':
      return { Field: field, [CONFIG_MEMBERS[field]]: { Values: values } }
  }
}

function readCondition(input: Members): Condition {
  const field = oneOf(input, 'Field', FIELDS)
  if (field === undefined) throw validationError('A condition must have a field')
  const config = structure(input, CONFIG_MEMBERS[field]) ?? {}
  if (field === 'query-string') {
    const pairs = structures(config, 'Values').map((pair) => {
      const key = text(pair, 'Key')
      return key === undefined
        ? { Value: requiredText(pair, 'Value') }
        : { Key: key, Value: requiredText(pair, 'Value') }
    })
    return checked({ field, values: [], regexValues: [], pairs })
  }
  const values = [...texts(input, 'Values'), ...texts(config, 'Values')]
  const regexValues = [...new Set([...texts(input, 'RegexValues'), ...texts(config, 'RegexValues')])]
  const condition = { field, values: [...new Set(values)], regexValues }
  if (field !== 'http-header') return checked(condition)
  return checked({ ...condition, headerName: requiredText(config, 'HttpHeaderName') })
}

function checked(condition: Condition): Condition {
  if (valueCount(condition) === 0) {
    throw validationError(`A condition value must be specified for '${condition.field}'`)
  }
  for (const expression of condition.regexValues) {
    if (!isRegularExpression(expression))
      throw validationError(`'${expression}' is not a valid regular expression`)
  }
  return condition
}

function valueCount(condition: Condition): number {
  return condition.values.length + condition.regexValues.length + (condition.pairs?.length ?? 0)
}

function isRegularExpression(expression: string): boolean {
  try {
    return new RegExp(expression) instanceof RegExp
  } catch {
    return false
  }
}
