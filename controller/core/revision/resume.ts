import type { EnvironmentStatus } from '../../resources/generated/environment.ts'
import { fromTimestamp } from '../time.ts'
import type { TagSeen } from './input.ts'

/** What stands where the request is acted on, and what the status knew of it before. */
interface Standing {
  readonly current: TagSeen | undefined
  /** `committedAt` in milliseconds since the epoch. */
  readonly head: { readonly id: string; readonly committedAt: number } | undefined
  readonly known: { readonly tagObject: string | undefined; readonly head: string | undefined }
}

/**
 * What a request to resume is about: the tag and the head that stand when it is acted on, though nobody had seen them yet. What was made after the request
 * can't be meant, unless it was seen before; a lightweight tag names no time, so it is taken as it stands.
 */
export function acceptedBy(
  at: string,
  { current, head, known }: Standing,
): NonNullable<EnvironmentStatus['resumed']> {
  const isMeant = (madeAt: number): boolean => madeAt <= fromTimestamp(at)
  const isTagMeant = current !== undefined && (!current.annotated || isMeant(current.taggedAt))
  const tagObject = isTagMeant ? current.object : known.tagObject
  const headId = head !== undefined && isMeant(head.committedAt) ? head.id : known.head
  return {
    at,
    ...(tagObject === undefined ? {} : { tagObject }),
    ...(headId === undefined ? {} : { head: headId }),
  }
}
