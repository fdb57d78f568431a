/** The same data with `user:password@` taken out of every address in it: git addresses and messages about them may carry a token. */
export function withoutUserInfo<Value>(value: Value): Value {
  return cleaned(value, 0) as Value
}

/** Objects of ours are at most some ten levels deep. */
const DEPTH_LIMIT = 32

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanedText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_LIMIT) return null
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item, depth + 1)]))
}

/** RFC 3986, section 3.2.1: what stands between `//` and the last `@` before the path. */
function cleanedText(text: string): string {
  return text.includes('://') ? text.replaceAll(/:\/\/[^/\s?#]{1,2048}@/g, '://') : text
}
