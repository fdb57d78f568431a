export interface Trailer {
  /** In lower case. */
  readonly key: string
  readonly value: string
}

const MAX_TRAILERS = 1_000

/**
 * The `Key: value` lines of a message's last paragraph. As in `git interpret-trailers`, the subject's paragraph never counts, a line that begins with a
 * blank continues the one above, and a paragraph with any other line in it is prose.
 */
export function parseTrailers(message: string): readonly Trailer[] {
  const paragraphs = message
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n[ \t]*\n/)
  const last = paragraphs.length > 1 ? paragraphs.at(-1) : undefined
  const trailers: Trailer[] = []
  for (const line of last?.split('\n').slice(0, MAX_TRAILERS) ?? []) {
    const match = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/.exec(line)
    const previous = trailers.at(-1)
    if (match?.[1] !== undefined) {
      trailers.push({ key: match[1].toLowerCase(), value: (match[2] ?? '').trim() })
    } else if (/^[ \t]/.test(line) && previous !== undefined) {
      trailers[trailers.length - 1] = { key: previous.key, value: `${previous.value} ${line.trim()}`.trim() }
    } else {
      return []
    }
  }
  return trailers
}
