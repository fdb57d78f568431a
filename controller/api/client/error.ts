import type { ErrorView } from '../view.ts'

/** Why a call of the API did not do what was asked: what; why; how to mend it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** Stable, CamelCase: the server's own code, or `Unreachable`, `Timeout`, `NotSteersman`, `BadServer`. */
  readonly code: string
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined
  readonly remedy: string

  constructor(
    message: string,
    details: {
      readonly code: string
      readonly status?: number
      readonly remedy: string
      readonly cause?: unknown
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.status = details.status
    this.remedy = details.remedy
  }
}

/** The server's refusal as an error; an answer that is not the API's own tells that something else listens there. */
export function refusal(status: number, body: string, server: string): ApiError {
  const error = errorIn(body)
  if (error !== undefined) return new ApiError(error.message, { ...error, status })
  return new ApiError(`${server} answered ${status}, not in the way of Steersman's API`, {
    code: 'NotSteersman',
    status,
    remedy: 'Is another program listening there? Give the address of the controller by --server.',
  })
}

/** No answer at all. */
export function unreachable(cause: unknown, server: string, timeoutMs: number): ApiError {
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError'))
    return new ApiError(`${server} did not answer within ${timeoutMs} ms`, {
      code: 'Timeout',
      remedy:
        'Look at the log of the controller: it may be overloaded, or something on the way holds the call.',
      cause,
    })
  return new ApiError(`${server} can't be reached: ${reasonOf(cause)}`, {
    code: 'Unreachable',
    remedy: 'Is the controller running? Start it with `steersman run`, or give --server.',
    cause,
  })
}

/** No answer to a request that may have arrived. */
export const perhapsTaken = ({ message, code, cause }: ApiError): ApiError =>
  new ApiError(`${message}; the request may have been taken`, {
    code,
    remedy: 'Look with `steersman status` whether it was, before you ask again.',
    cause,
  })

/** Whether nobody listened, so that nothing can have been taken. */
export const isConnectionRefused = ({ cause }: ApiError): boolean =>
  cause instanceof Error && reasonOf(cause) === REFUSED

function errorIn(body: string): ErrorView['error'] | undefined {
  try {
    const { error } = JSON.parse(body) as Partial<ErrorView>
    return typeof error?.code === 'string' && typeof error.message === 'string' ? error : undefined
  } catch {
    return undefined
  }
}

const REFUSED = 'connection refused'

/** fetch hides the reason one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  return code === 'ECONNREFUSED' ? REFUSED : (code ?? cause.message)
}
