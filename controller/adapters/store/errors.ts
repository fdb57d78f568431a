import { PortError } from '../../ports/error.ts'
import type { Kind } from '../../ports/store.ts'

/** Somebody wrote the object since the caller read it. */
export function conflict(kind: Kind, name: string): PortError {
  return new PortError(`${kind} ${name} was changed meanwhile`, { code: 'Conflict', handling: 'retry' })
}

export function alreadyExists(kind: Kind, name: string): PortError {
  return new PortError(`${kind} ${name} exists already`, { code: 'AlreadyExists', handling: 'retry' })
}

export function notFound(kind: Kind, name: string): PortError {
  return new PortError(`${kind} ${name} does not exist`, { code: 'NotFound', handling: 'retry' })
}

/** A name or an object that the store can never hold. */
export function invalid(message: string, remedy: string): PortError {
  return new PortError(message, { code: 'Invalid', handling: 'stall', remedy })
}

export function unavailable(message: string): PortError {
  return new PortError(message, { code: 'StoreUnavailable', handling: 'retry' })
}

/** The write may or may not be on the disk: said after the step that makes it visible. */
export function ambiguous(cause: unknown): PortError {
  return new PortError(cause instanceof Error ? cause.message : 'the write may not have reached the disk', {
    code: 'StoreUnavailable',
    handling: 'retry',
    ambiguous: true,
    cause,
  })
}
