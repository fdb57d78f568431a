import { SIDE_PLACEHOLDERS } from '../gate/side-placeholders.ts'
import { isRecord, pointerTo } from '../../resources/problem.ts'
import type { Problem } from '../../resources/problem.ts'

/** What the placeholders of a release stand for. */
export interface SubstitutionValues {
  commit: string
  imageTag: string
  environment: string
  region: string
  account: string
}

/** The names that `${…}` may hold. */
export const PLACEHOLDERS: readonly (keyof SubstitutionValues)[] = [
  'commit',
  'imageTag',
  'environment',
  'region',
  'account',
]

/** `$${` is the text `${`; `${name}` is a placeholder; a `${` without its brace is told as an error. */
const PLACEHOLDER = /\$\$\{|\$\{([^{}]*)\}|\$\{/g

/** Where a side's names may stand, too: they are put in when the gate asks. */
const OF_A_SIDE = /^\/spec\/(?:gates|requiredGates)\/\d+\/cloudwatch\/(?:queries\/[^/]+\/)?dimensions\//

/** Puts the values into every text of a parsed value. Placeholders that are unknown stay as they are. */
export function substitute<T>(value: T, values: SubstitutionValues): T {
  return mapTexts(value, (text) =>
    text.replaceAll(PLACEHOLDER, (whole: string, name: string | undefined) => {
      if (whole === '$${') return '${'
      return isPlaceholder(name) ? values[name] : whole
    }),
  ) as T
}

/** Puts the texts of `original` that hold placeholders back into a copy of it that has gained defaults. */
export function restorePlaceholders(copy: unknown, original: unknown): unknown {
  if (typeof original === 'string') return original.includes('${') ? original : copy
  if (Array.isArray(original) && Array.isArray(copy)) {
    return copy.map((item: unknown, index) => restorePlaceholders(item, original[index]))
  }
  if (!isRecord(original) || !isRecord(copy)) return copy
  return Object.fromEntries(
    Object.entries(copy).map(([name, child]) => [name, restorePlaceholders(child, original[name])]),
  )
}

/** Which placeholders a text may hold, by its pointer: undefined for those that say nothing more than PLACEHOLDERS. */
export type Allowed = (path: string) => { names: readonly string[]; because: string } | undefined

/** Finds placeholders that nothing could be put in for. */
export function findUnknownPlaceholders(value: unknown, path: string, allowed: Allowed): Problem[] {
  if (typeof value === 'string') return unknownIn({ text: value, path, allowed })
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => findUnknownPlaceholders(item, pointerTo(path, index), allowed))
  }
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, child]) =>
    findUnknownPlaceholders(child, pointerTo(path, name), allowed),
  )
}

function unknownIn({ text, path, allowed }: { text: string; path: string; allowed: Allowed }): Problem[] {
  const limit = text.includes('${') ? allowed(path) : undefined
  for (const [whole, name] of text.matchAll(PLACEHOLDER)) {
    if (whole === '$${') continue
    if (OF_A_SIDE.test(path) && SIDE_PLACEHOLDERS.some((known) => known === name)) continue
    if (!isPlaceholder(name)) return [unknownPlaceholder(path, whole)]
    if (limit && !limit.names.includes(name)) {
      const message = `${whole} can't stand here: ${limit.because}; expected ${listOf(limit.names)}`
      return [{ path, message, code: 'UnknownPlaceholder', at: 'value' }]
    }
  }
  return []
}

function unknownPlaceholder(path: string, whole: string): Problem {
  const shown = whole.length > 60 ? `${whole.slice(0, 57)}...` : whole
  const message = `${shown} is no placeholder; expected ${listOf(PLACEHOLDERS)}, or $\${ for the text \${`
  return { path, message, code: 'UnknownPlaceholder', at: 'value' }
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'no placeholder'
  return names.length === 1
    ? `\${${names[0] ?? ''}}`
    : `one of ${names.map((name) => `\${${name}}`).join(', ')}`
}

function isPlaceholder(name: string | undefined): name is keyof SubstitutionValues {
  return (PLACEHOLDERS as readonly (string | undefined)[]).includes(name)
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return value.includes('${') ? change(value) : value
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, mapTexts(child, change)]))
}
