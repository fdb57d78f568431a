/** One thing that is wrong with an object; `path` is an RFC 6901 pointer into it, `message` says what is wrong; what was expected. */
export interface Problem {
  path: string
  message: string
  code: string
  /** Whether the field's name is at fault rather than its value. */
  at: 'key' | 'value'
}

/** Appends a name or an index to a pointer (RFC 6901, section 3). */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The names and indexes of a pointer, in order. */
export function pointerSegments(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Whether a value is an object with fields: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
