import { unreadable } from './unreadable.ts'

/*
 * The SDK hands over whatever came: a proxy, an emulator or a half-understood new version of an API may leave out a member,
 * or give it another type. What a decision rests on is read through these, which throw `UnreadableAnswer`.
 */

/** A text that must be there and say something. */
export function requiredText(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw unreadable(what)
}

/** A text; empty where AWS left it out. */
export function textOrEmpty(value: unknown, what: string): string {
  return optionalText(value, what) ?? ''
}

/** A text, or undefined where AWS left it out. */
export function optionalText(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw unreadable(`${what} as a text`)
}

/** A whole number from 0 on; 0 where AWS left it out. */
export function countOrZero(value: unknown, what: string): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw unreadable(`${what} as a whole number`)
}

/** A port of TCP; 0 where AWS left it out, as for functions. */
export function portOrZero(value: unknown, what: string): number {
  const port = countOrZero(value, what)
  if (port <= 65_535) return port
  throw unreadable(`${what} below 65536`)
}

/** Milliseconds since the epoch; 0 where AWS left the time out. */
export function timeOrZero(value: unknown, what: string): number {
  if (value === undefined || value === null) return 0
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.getTime()
  throw unreadable(`${what} as a time`)
}

/** A list of objects; empty where AWS left it out. */
export function objectsIn<Item extends object>(
  value: readonly Item[] | undefined,
  what: string,
): readonly Item[] {
  if (value === undefined || value === null) return []
  if (isList(value) && value.every(isObject)) return value
  throw unreadable(`${what} as a list`)
}

/** A list of texts; empty where AWS left it out. */
export function textsIn(value: readonly string[] | undefined, what: string): readonly string[] {
  if (value === undefined || value === null) return []
  if (isList(value) && value.every((item) => typeof item === 'string')) return value
  throw unreadable(`${what} as a list of texts`)
}

/** One of the words that are known; undefined for anything else. */
export function knownWord<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value)
}

/** A list, where the SDK's types promise one. */
const isList = (value: readonly unknown[]): boolean => Array.isArray(value)

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
