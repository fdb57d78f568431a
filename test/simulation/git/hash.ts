import { hash } from 'node:crypto'

/** The id that git itself gives an object of this type and content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). */
export function objectHash(type: 'blob' | 'tree' | 'commit' | 'tag', content: Buffer): string {
  return hash('sha1', Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]))
}
