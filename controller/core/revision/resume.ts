import type { EnvironmentStatus } from '../../resources/generated/environment.ts'
import { fromTimestamp } from '../time.ts'
import type { TagSeen } from './input.ts'

/** Git's times are those of the second's beginning, in milliseconds. */
const GIT_TELLS_MS = 1_000

/** What stands where the request is acted on, and what the status knew of it before. */
interface Standing {
  readonly current: TagSeen | undefined
  /** `committedAt` in milliseconds since the epoch. */
  readonly head: { readonly id: string; readonly committedAt: number } | undefined
  readonly known: { readonly tagObject: string | undefined; readonly head: string | undefined }
}

/**
 * What a request to resume is about: the tag and the head that stand when it is acted on, though nobody had seen them yet. What was made after the request
 * can't be meant, unless it was seen before. A lightweight tag names no time, so it is meant only where it was seen: else a rollback that a person made after
 * the request would be undone; git's times are whole seconds, so what was made in the request's own second may be newer than it, too. A tag that was seen and stands no more is not meant either: whoever puts it there once more means a new hold.
 */
export function acceptedBy(
  at: string,
  { current, head, known }: Standing,
): NonNullable<EnvironmentStatus['resumed']> {
  const isMeant = (madeAt: number): boolean => madeAt + GIT_TELLS_MS <= fromTimestamp(at)
  const isTagMeant =
    current !== undefined &&
    (current.object === known.tagObject || (current.annotated && isMeant(current.taggedAt)))
  const tagObject = isTagMeant ? current.object : undefined
  const headId = head !== undefined && isMeant(head.committedAt) ? head.id : known.head
  return {
    at,
    ...(tagObject === undefined ? {} : { tagObject }),
    ...(headId === undefined ? {} : { head: headId }),
  }
}

/** What was accepted, for as long as the tag stands where it stood then: whoever moves it away and back again means a new hold. */
export function acceptedStill(
  resumed: EnvironmentStatus['resumed'],
  current: Pick<TagSeen, 'object'> | undefined,
): EnvironmentStatus['resumed'] {
  if (resumed?.tagObject === undefined || resumed.tagObject === current?.object) return resumed
  const { tagObject: _moved, ...rest } = resumed
  return rest
}
