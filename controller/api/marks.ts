import type { Kind, Store, StoredObject } from '../ports/store.ts'
import type { Clock } from '../ports/clock.ts'
import { annotations } from '../resources/annotations.ts'
import { notFound } from './request-error.ts'

/** Only people and the engine's own writes get in between, so a few tries are plenty. */
const MAXIMUM_TRIES = 5

/**
 * Writes annotations on an object that is there, again after each conflict; resolves to the object after. `change` sees the newest
 * object and returns what to set, undefined to leave it as it is.
 */
export async function mark(
  store: Store,
  subject: { readonly kind: Kind; readonly name: string },
  change: (object: StoredObject) => Readonly<Record<string, string>> | undefined,
): Promise<StoredObject> {
  for (let tries = 1; ; tries += 1) {
    const object = await store.get(subject.kind, subject.name)
    if (object === undefined) throw notFound(`${subject.kind} ${subject.name}`)
    const marks = change(object)
    if (marks === undefined) return object
    try {
      return await store.update({
        ...object,
        metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...marks } },
      })
    } catch (error) {
      if (tries >= MAXIMUM_TRIES || !isConflict(error)) throw error
    }
  }
}

/** What is done once for each time that it is asked for. */
export type Request = 'restart' | 'retry' | 'failback'

/**
 * The marks that ask for it; undefined where the newest request carries the same token, so that whoever heard no answer may ask again.
 * Requests without a token are all different.
 */
export function requestMarks(
  object: StoredObject,
  request: Request,
  { clock, who, token }: { readonly clock: Clock; readonly who: string; readonly token?: string | undefined },
): Readonly<Record<string, string>> | undefined {
  if (wasTaken(object, request, token)) return undefined
  const names = REQUEST_MARKS[request]
  return {
    [names.at]: markTime(clock, object, names.at),
    [names.by]: who,
    ...(token === undefined ? {} : { [names.token]: token }),
  }
}

/** Whether the newest request of its kind was sent with this token. */
export const wasTaken = (object: StoredObject, request: Request, token: string | undefined): boolean =>
  token !== undefined && object.metadata.annotations?.[REQUEST_MARKS[request].token] === token

const REQUEST_MARKS = {
  restart: { at: annotations.restart, by: annotations.restartBy, token: annotations.restartToken },
  retry: { at: annotations.retry, by: annotations.retryBy, token: annotations.retryToken },
  failback: { at: annotations.failback, by: annotations.failbackBy, token: annotations.failbackToken },
} as const satisfies Record<Request, object>

/** The marks that send a release back at once to what a rollout served, until the environment is resumed once more. */
export function failbackMarks(
  object: StoredObject,
  asked: Parameters<typeof requestMarks>[2] & {
    readonly to: number
    readonly reason: string
    readonly environment: StoredObject | undefined
  },
): Readonly<Record<string, string>> | undefined {
  const marks = requestMarks(object, 'failback', asked)
  if (marks === undefined) return undefined
  return {
    ...marks,
    [annotations.failbackTo]: String(asked.to),
    [annotations.failbackReason]: asked.reason,
    [annotations.failbackResume]: asked.environment?.metadata.annotations?.[annotations.resumed] ?? '',
  }
}

/** A time for a new mark: now, but later than the marks before, so that two requests of one moment stay two and in order. */
export function markTime(clock: Clock, object: StoredObject, ...before: readonly string[]): string {
  const marks = object.metadata.annotations ?? {}
  const times = before.map((name) => Date.parse(marks[name] ?? '')).filter((time) => !Number.isNaN(time))
  return new Date(Math.max(clock.now(), ...times.map((time) => time + 1))).toISOString()
}

const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'Conflict'
