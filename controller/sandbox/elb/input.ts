import { validationError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'

/** Readers of request members. The Query protocol sends every scalar as text, so numbers and booleans are read from both. */

/** A text member, or undefined when the request does not have it. */
export function text(input: Members, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw validationError(`Value at '${name}' must be a string`)
}

/** A text member that the operation cannot do without. */
export function requiredText(input: Members, name: string): string {
  const value = text(input, name)
  if (value === undefined || value === '') {
    throw validationError(
      `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
    )
  }
  return value
}

/** A whole number within its bounds, or undefined. */
export function integer(
  input: Members,
  name: string,
  bounds: { min: number; max: number },
): number | undefined {
  const value = text(input, name)
  if (value === undefined || value === '') return undefined
  const parsed = Number(value)
  if (!Number.isInteger(parsed) || parsed < bounds.min || parsed > bounds.max) {
    throw validationError(
      `1 validation error detected: Value '${value}' at '${lowerFirst(name)}' failed to satisfy constraint: Member must have value between ${bounds.min} and ${bounds.max}`,
    )
  }
  return parsed
}

/** A boolean, or undefined. */
export function flag(input: Members, name: string): boolean | undefined {
  const value = text(input, name)
  if (value === undefined || value === '') return undefined
  if (value !== 'true' && value !== 'false')
    throw validationError(`Value '${value}' at '${name}' must be true or false`)
  return value === 'true'
}

/** One of the named values, or undefined. */
export function oneOf<T extends string>(input: Members, name: string, allowed: readonly T[]): T | undefined {
  const value = text(input, name)
  if (value === undefined || value === '') return undefined
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) {
    throw validationError(
      `1 validation error detected: Value '${value}' at '${lowerFirst(name)}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
    )
  }
  return found
}

/** A structure, or undefined. */
export function structure(input: Members, name: string): Members | undefined {
  const value = input[name]
  if (value === undefined || value === null || value === '') return undefined
  return asStructure(value, name)
}

/** A list of structures; absent and empty are both []. */
export function structures(input: Members, name: string): Members[] {
  return listOf(input, name).map((item) => asStructure(item, name))
}

/** A list of texts; absent and empty are both []. */
export function texts(input: Members, name: string): string[] {
  return listOf(input, name).map(String)
}

/** Whether the request has the member at all: a list given as empty is not the same as none for Modify calls. */
export function given(input: Members, name: string): boolean {
  return input[name] !== undefined && input[name] !== null
}

function listOf(input: Members, name: string): unknown[] {
  const value = input[name]
  if (value === undefined || value === null || value === '') return []
  if (!Array.isArray(value)) throw validationError(`Value at '${name}' must be a list`)
  return value
}

function asStructure(value: unknown, name: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw validationError(`Value at '${name}' must be a structure`)
  }
  return Object.fromEntries(Object.entries(value))
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1)
}
