import { secretKey, secretPatterns } from './secret-patterns.ts'

/** Takes secrets out of everything that leaves the program: logs, events, statuses, pages. */
export interface Redactor {
  /** From now on `secret`, in every usual encoding, is replaced; the returned function ends that (for credentials that expired). */
  register(secret: string): () => void
  text(text: string): string
  /** A copy that JSON can hold: secrets replaced in keys, values, errors and their causes; cycles and endless depth cut. */
  value(value: unknown): unknown
}

const redacted = '[redacted]'

/** Shorter ones can't be told from ordinary words; nobody must use them. */
const shortestSecret = 4
const registeredLimit = 5_000
const depthLimit = 12
const membersLimit = 500
/** A longer text is cut, and only after redaction: the end of what was looked at, where a secret may be cut in two, is left out too. */
const textLimit = 128 * 1024

export function createRedactor(): Redactor {
  const registered = new Map<string, number>()
  let variants: readonly string[] = []

  return { register, text, value: (value) => plainCopy(value, { text, ancestors: [] }) }

  function register(secret: string): () => void {
    const added = variantsOf(secret)
    if (registered.size + added.length > registeredLimit * 16) {
      throw new RangeError(`more than ${registeredLimit} secrets are registered: end the expired ones`)
    }
    for (const variant of added) registered.set(variant, (registered.get(variant) ?? 0) + 1)
    sortVariants()
    let ended = false
    return () => {
      if (ended) return
      ended = true
      for (const variant of added) forget(variant)
      sortVariants()
    }
  }

  function forget(variant: string): void {
    const left = (registered.get(variant) ?? 0) - 1
    if (left > 0) registered.set(variant, left)
    else registered.delete(variant)
  }

  /** Longest first: a secret that holds another one must not leave its rest behind. */
  function sortVariants(): void {
    variants = [...registered.keys()].toSorted((one, other) => other.length - one.length)
  }

  function text(original: string): string {
    let result = original.slice(0, 2 * textLimit)
    for (const variant of variants)
      if (result.includes(variant)) result = result.replaceAll(variant, redacted)
    for (const { pattern, replacement } of secretPatterns) result = result.replace(pattern, replacement)
    if (original.length > 2 * textLimit) result = result.slice(0, -Math.max(1, variants[0]?.length ?? 0))
    return result.length > textLimit ? `${result.slice(0, textLimit)}… (cut)` : result
  }
}

/** The secret as it looks in URLs, JSON, shells, Basic authorization headers and, of one with several lines, line by line. */
function variantsOf(secret: string): readonly string[] {
  const parts = [
    secret,
    secret.trim(),
    ...secret.split(/\r?\n/).map((line) => line.trim()),
    ...urlParts(secret),
  ]
  const variants = new Set<string>()
  for (const part of parts) {
    if (part.length < shortestSecret) continue
    const encoded = encodeURIComponent(part.toWellFormed())
    const all = [
      part,
      encoded,
      encoded.replaceAll('%20', '+'),
      encodeURIComponent(encoded),
      encodeURI(part.toWellFormed()),
    ]
    all.push(encoded.replaceAll(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase()))
    all.push(encodeURIComponent(part.toWellFormed()).replaceAll(/[!'()*]/g, percent))
    all.push(JSON.stringify(part).slice(1, -1), JSON.stringify(JSON.stringify(part)).slice(3, -3))
    all.push(Buffer.from(part).toString('hex'), ...base64Of(part))
    for (const variant of all) if (variant.length >= shortestSecret) variants.add(variant)
  }
  return [...variants]
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** Of a secret URL (a webhook's) the path alone is secret enough, and errors like to name host and path apart. */
function urlParts(secret: string): readonly string[] {
  if (!/^https?:\/\//i.test(secret) || !URL.canParse(secret)) return []
  const url = new URL(secret)
  const path = url.pathname + url.search
  return [url.href, path, url.password].filter((part) => part.length >= 8)
}

/** Inside a longer text the three possible alignments give three encodings; their ends depend on the neighbours and are left out. */
function base64Of(part: string): readonly string[] {
  const bytes = Buffer.from(part)
  const encodings: string[] = [bytes.toString('base64'), bytes.toString('base64url')]
  if (bytes.length < 8) return encodings
  for (const offset of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const middle = text.slice(Math.ceil((offset * 4) / 3), -1)
    encodings.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return encodings
}

interface Copying {
  readonly text: (text: string) => string
  readonly ancestors: readonly object[]
}

function plainCopy(value: unknown, copying: Copying): unknown {
  switch (typeof value) {
    case 'string':
      return copying.text(value)
    case 'number':
    case 'bigint':
      return plainNumber(value, copying)
    case 'boolean':
    case 'undefined':
      return value
    case 'object':
      return value === null ? null : plainObject(value, copying)
    default:
      return `[${typeof value}]`
  }
}

function plainNumber(value: number | bigint, copying: Copying): unknown {
  const text = String(value)
  if (copying.text(text) !== text) return redacted
  return typeof value === 'number' && Number.isFinite(value) ? value : text
}

function plainObject(value: object, copying: Copying): unknown {
  if (copying.ancestors.includes(value)) return '[circular]'
  if (copying.ancestors.length >= depthLimit) return '[too deep]'
  const inside = { ...copying, ancestors: [...copying.ancestors, value] }
  if (value instanceof Error) return plainError(value, inside)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
  if (value instanceof URL) return copying.text(value.href)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Map)
    return plainMembers(
      [...value].map(([key, member]) => [String(key), member]),
      inside,
    )
  if (value instanceof Set) return plainArray([...value], inside)
  if (Array.isArray(value)) return plainArray(value, inside)
  return plainMembers(ownMembers(value), inside)
}

function plainArray(values: readonly unknown[], copying: Copying): unknown {
  const copies = values.slice(0, membersLimit).map((value) => plainCopy(value, copying))
  return values.length > membersLimit ? [...copies, `[${values.length - membersLimit} more]`] : copies
}

function plainError(error: Error, copying: Copying): unknown {
  const members: [string, unknown][] = ['name', 'message', 'stack', 'cause', 'errors'].flatMap((key) => {
    const value: unknown = readMember(error, key)
    return value === undefined ? [] : [[key, value] as [string, unknown]]
  })
  return plainMembers([...members, ...ownMembers(error)], copying)
}

function plainMembers(members: readonly (readonly [string, unknown])[], copying: Copying): unknown {
  const copies: [string, unknown][] = members
    .slice(0, membersLimit)
    .map(([key, member]) => [
      copying.text(key),
      secretKey(key) && isRevealing(member) ? redacted : plainCopy(member, copying),
    ])
  if (members.length > membersLimit) copies.push(['…', `[${members.length - membersLimit} more]`])
  return Object.fromEntries(copies)
}

function ownMembers(value: object): readonly (readonly [string, unknown])[] {
  return Object.keys(value).map((key) => [key, readMember(value, key)] as const)
}

/** A getter may throw; a log line must not. */
function readMember(value: object, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[key]
  } catch {
    return '[unreadable]'
  }
}

function isRevealing(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'boolean'
}
