import type { ErrorView } from './view.ts'

/** A refusal that the caller can do something about; the only error whose words reach him. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number
  readonly code: string
  readonly remedy: string

  constructor(
    status: number,
    details: { readonly code: string; readonly message: string; readonly remedy: string },
  ) {
    super(details.message)
    this.status = status
    this.code = details.code
    this.remedy = details.remedy
  }
}

export const bodyOf = ({ code, message, remedy }: RequestError): ErrorView => ({
  error: { code, message, remedy },
})

export const badRequest = (message: string, remedy: string): RequestError =>
  new RequestError(400, { code: 'BadRequest', message, remedy })

/** What is there does not allow it. */
export const conflict = (code: string, message: string, remedy: string): RequestError =>
  new RequestError(409, { code, message, remedy })

export const notFound = (what: string): RequestError =>
  new RequestError(404, {
    code: 'NotFound',
    message: `${what} does not exist`,
    remedy: 'Look at the names by `steersman get`; a token sees its own environments alone.',
  })

/** Turns whatever a handler threw into a refusal; undefined when it is a fault of ours, of which the caller learns nothing. */
export function asRequestError(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error
  if (!(error instanceof Error)) return undefined
  return fromFramework(error) ?? fromPort(error)
}

function fromFramework(error: Error): RequestError | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if ('validation' in error) return badRequest(error.message, 'Compare the request with /api/openapi.json.')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new RequestError(413, {
      code: 'BodyTooLarge',
      message: 'the body is longer than 64 KiB, or a webhook than 1 MiB',
      remedy: 'Send a shorter one.',
    })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return notJson()
  if (
    code.startsWith('FST_ERR_CTP_') ||
    code.startsWith('FST_ERR_ASYNC_CONSTRAINT') ||
    code === 'FST_ERR_BAD_URL'
  )
    return badRequest('the request cannot be read', 'Send valid HTTP with a JSON body.')
  return undefined
}

export const notJson = (): RequestError =>
  new RequestError(415, {
    code: 'UnsupportedMediaType',
    message: 'the content type is not application/json',
    remedy: 'Send `content-type: application/json`; the body may be empty.',
  })

/** Errors of the store: only its being away is worth another try of the caller. */
function fromPort(error: Error): RequestError | undefined {
  if (error.name !== 'PortError' || !('code' in error)) return undefined
  if (error.code === 'Conflict')
    return new RequestError(409, {
      code: 'Conflict',
      message: 'the object changes too fast',
      remedy: 'Try again.',
    })
  if (error.code !== 'StoreUnavailable' && error.code !== 'StoreFull') return undefined
  return new RequestError(503, {
    code: 'StoreUnavailable',
    message: 'the store does not answer',
    remedy: 'Try again; if it lasts, look at the log of the controller.',
  })
}
