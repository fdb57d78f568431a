import { AwsError, invalidParameter } from './kernel/error.ts'
import type { Members } from './kernel/operation.ts'

/** The string member `name`; undefined when it was left out. Throws SerializationException for another type. */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw wrongType(name, 'a string')
}

/** The string member `name`, which the service demands. */
export function text(input: Members, name: string): string {
  const value = optionalText(input, name)
  if (value === undefined || value === '') throw invalidParameter(`${capitalised(name)} can not be blank.`)
  return value
}

/** The whole-number member `name`; undefined when it was left out. */
export function optionalInteger(input: Members, name: string): number | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw wrongType(name, 'an integer')
}

/** The boolean member `name`; undefined when it was left out. */
export function optionalFlag(input: Members, name: string): boolean | undefined {
  const value = input[name] ?? undefined
  if (value === undefined || typeof value === 'boolean') return value
  throw wrongType(name, 'a boolean')
}

/** The structure member `name`; undefined when it was left out. */
export function optionalRecord(input: Members, name: string): Members | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  if (isMembers(value)) return value
  throw wrongType(name, 'a structure')
}

/** The list of structures `name`; undefined when it was left out. */
export function optionalRecords(input: Members, name: string): Members[] | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every(isMembers)) return value
  throw wrongType(name, 'a list of structures')
}

/** The list of strings `name`; empty when it was left out. */
export function texts(input: Members, name: string): string[] {
  const value = input[name] ?? undefined
  if (value === undefined) return []
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw wrongType(name, 'a list of strings')
}

/** Whether a value is a structure: an object that is no list. */
function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members whose value is not undefined: what the wire would carry. */
export function present(members: Members): Members {
  const shown: Record<string, unknown> = {}
  for (const name of Object.keys(members)) if (members[name] !== undefined) shown[name] = members[name]
  return shown
}

function wrongType(name: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `Member ${name} must be ${wanted}.`)
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
