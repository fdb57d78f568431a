import { invalidParameter } from './kernel/error.ts'
import type { Members } from './kernel/operation.ts'
import { optionalInteger, optionalText } from './members.ts'

/** One page of a list: `maxResults` of the request, at most `largest`, from its `nextToken` on. */
export function pageOf<T>(
  items: readonly T[],
  input: Members,
  largest = 100,
): { items: T[]; nextToken?: string } {
  const size = optionalInteger(input, 'maxResults') ?? largest
  if (size < 1 || size > largest) throw invalidParameter(`maxResults must be between 1 and ${largest}.`)
  const from = offsetOf(optionalText(input, 'nextToken'))
  const to = from + size
  return {
    items: items.slice(from, to),
    ...(to < items.length ? { nextToken: Buffer.from(`from:${to}`).toString('base64') } : {}),
  }
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0
  const found = /^from:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString('utf8'))
  if (found === null) throw invalidParameter('Invalid token.')
  return Number(found[1])
}
