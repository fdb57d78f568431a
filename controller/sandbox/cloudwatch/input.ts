import { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalRecords, optionalText } from '../members.ts'

/** CloudWatch's answer to a value that it does not take. */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

/** The text `name`, which CloudWatch demands. */
export function required(input: Members, name: string): string {
  const value = optionalText(input, name)
  if (value === undefined || value === '')
    throw new AwsError('MissingParameter', `The parameter ${name} is required.`)
  return value
}

/** The number `name`; the Query protocol writes it as text. */
export function optionalNumber(input: Members, name: string): number | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw invalid(`The parameter ${name} must be a number.`)
}

/** The time `name` in milliseconds since the epoch: epoch seconds in JSON, ISO 8601 in Query. */
export function optionalTime(input: Members, name: string): number | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  const milliseconds =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isFinite(milliseconds)) return milliseconds
  throw invalid(`The parameter ${name} must be a time.`)
}

/** The dimensions of a metric as one text, in whichever order they were given. */
export function dimensionsOf(input: Members): string {
  const dimensions = (optionalRecords(input, 'Dimensions') ?? []).map(
    (dimension) => `${required(dimension, 'Name')}=${required(dimension, 'Value')}`,
  )
  return dimensions.toSorted().join(',')
}
