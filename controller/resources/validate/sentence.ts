import type { ErrorObject } from 'ajv'
import { forbiddenReason } from '../forbidden.ts'
import { pointerTo } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { Schema } from '../schema.ts'
import { nearestName } from './nearest.ts'

/** Says an error of the schema check in plain words: what is wrong; what was expected. */
export function problemOf(error: ErrorObject): Problem {
  const path = error.instancePath
  const schema: Schema = (error.parentSchema ?? {}) as Schema
  const parameters = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField({ path, name: String(parameters['additionalProperty']), schema })
    case 'required':
      return missingField({ path, name: String(parameters['missingProperty']), schema })
    case 'type':
      return problem(path, `${article(error.data)} stands here; expected ${nounOf(schema)}`, 'WrongType')
    case 'enum':
      return problem(path, notAmong(error.data, schema.enum ?? []))
    case 'pattern':
      return problem(path, `${show(error.data)} has the wrong form; expected ${formOf(schema)}`)
    case 'format':
      return problem(path, `${show(error.data)} has the wrong form; expected ${formatNoun(schema.format)}`)
    default:
      return problem(
        path,
        outOfBounds({ keyword: error.keyword, limit: parameters['limit'], data: error.data }),
      )
  }
}

function unknownField({ path, name, schema }: { path: string; name: string; schema: Schema }): Problem {
  const names = Object.keys(schema.properties ?? {})
  const reason = forbiddenReason({ path, name, owner: schema.title })
  const near = nearestName(name, names)
  const message =
    reason !== undefined
      ? `the field ${show(name)} is not taken here: ${reason.because}; expected ${reason.instead}`
      : near !== undefined
        ? `the field ${show(name)} is unknown; expected ${show(near)}, or nothing`
        : `the field ${show(name)} is unknown; expected ${listOf(names)}`
  const code = reason === undefined ? 'UnknownField' : 'ForbiddenField'
  return { path: pointerTo(path, name), message, code, at: 'key' }
}

function missingField({ path, name, schema }: { path: string; name: string; schema: Schema }): Problem {
  const field = schema.properties?.[name]
  const noun = field ? nounOf(field) : 'a value'
  return problem(path, `the field ${show(name)} is missing; expected ${noun}`, 'MissingField')
}

function notAmong(data: unknown, values: readonly string[]): string {
  const near = typeof data === 'string' ? nearestName(data, values) : undefined
  const expected = near === undefined ? listOf(values) : show(near)
  return `${show(data)} is not one of the values; expected ${expected}`
}

function outOfBounds({ keyword, limit, data }: { keyword: string; limit: unknown; data: unknown }): string {
  const bound = String(limit)
  const size = Array.isArray(data)
    ? data.length
    : typeof data === 'object' && data !== null
      ? Object.keys(data).length
      : 0
  switch (keyword) {
    case 'minimum':
      return `${show(data)} is too small; expected at least ${bound}`
    case 'maximum':
      return `${show(data)} is too large; expected at most ${bound}`
    case 'minLength':
      return data === ''
        ? 'the text is empty; expected some text'
        : `${show(data)} is too short; expected at least ${bound} characters`
    case 'maxLength':
      return `the text has ${String(data).length} characters; expected at most ${bound}`
    case 'minItems':
      return `the list has ${size} items; expected at least ${bound}`
    case 'maxItems':
      return `the list has ${size} items; expected at most ${bound}`
    default:
      return `there are ${size} fields here; expected at most ${bound}`
  }
}

function formOf(schema: Schema): string {
  const pattern = schema.pattern ?? ''
  if (pattern.includes('(ns|us|µs|ms|s|m|h)')) return 'a duration such as 500ms, 30s or 1h30m'
  if (pattern === '^[a-z]([-a-z0-9]*[a-z0-9])?$')
    return 'small letters, digits and hyphens, beginning with a letter'
  if (pattern === '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') return 'small letters, digits and hyphens'
  return `a text that matches ${pattern}`
}

function formatNoun(format: string | undefined): string {
  return format === 'date-time' ? 'a time such as 2026-01-31T12:00:00Z' : 'a whole number'
}

const NOUNS = {
  object: 'an object with fields',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

function nounOf(schema: Schema): string {
  if (schema.enum) return listOf(schema.enum)
  return schema.type === undefined ? 'a value' : NOUNS[schema.type]
}

function article(data: unknown): string {
  if (data === null || data === undefined) return 'nothing'
  if (Array.isArray(data)) return 'a list'
  if (typeof data === 'object') return 'an object with fields'
  return `the ${typeof data === 'string' ? 'text' : typeof data === 'number' ? 'number' : 'value'} ${show(data)}`
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'no field'
  return names.length === 1 ? show(names[0]) : `one of ${names.join(', ')}`
}

function show(data: unknown): string {
  const text = JSON.stringify(data) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function problem(path: string, message: string, code = 'InvalidValue'): Problem {
  return { path, message, code, at: 'value' }
}
