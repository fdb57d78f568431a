import type { Handling } from '../../ports/error.ts'
import { PortError } from '../../ports/error.ts'

/** The body of an answer that refuses (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
export interface KubeStatus {
  readonly message?: string
  readonly reason?: string
}

/** Classes an answer that is no success: by its HTTP status and, where two mean the same number, by its reason. */
export function refused(status: number, { message, reason }: KubeStatus, isWrite: boolean): PortError {
  const said = `Kubernetes refused it (${status}${reason === undefined ? '' : ` ${reason}`}): ${message ?? 'no reason given'}`
  const of = (code: string, handling: Handling, remedy?: string): PortError =>
    new PortError(said, { code, handling, ...(remedy === undefined ? {} : { remedy }) })
  switch (status) {
    case 401:
      return of('AccessDenied', 'stall', 'Give the controller a token of the cluster that is valid.')
    case 403:
      return of(
        'AccessDenied',
        'stall',
        'Let the controller’s service account do this: the Role of the chart has all that it needs.',
      )
    case 404:
      return of('NotFound', 'retry')
    case 409:
      return of(reason === 'AlreadyExists' ? 'AlreadyExists' : 'Conflict', 'retry')
    case 410:
      return of('Expired', 'retry')
    case 413:
      return of('Invalid', 'stall', tooLarge)
    case 400:
    case 422:
      return of('Invalid', 'stall', 'Apply the CustomResourceDefinitions of this version of Steersman.')
    default:
      return new PortError(said, {
        code: 'StoreUnavailable',
        handling: 'retry',
        // 429 says that it was not done; of a 5xx nobody knows.
        ambiguous: isWrite && status >= 500,
      })
  }
}

export const tooLarge = 'Make the object smaller: the store is no place for logs or bodies.'

/** No answer came: the connection failed, or it took too long. */
export function unreachable(cause: unknown, isWrite: boolean): PortError {
  const why = cause instanceof Error ? reasonOf(cause) : String(cause)
  return new PortError(`the Kubernetes API can't be reached: ${why}`, {
    code: 'StoreUnavailable',
    handling: 'retry',
    ambiguous: isWrite,
    remedy: 'See that the cluster runs, and that KUBECONFIG or the service account leads to it.',
    cause,
  })
}

/** `fetch failed` says nothing: what its cause says is the reason. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? error.cause.message : error.message

export function invalid(message: string, remedy: string): PortError {
  return new PortError(message, { code: 'Invalid', handling: 'stall', remedy })
}
