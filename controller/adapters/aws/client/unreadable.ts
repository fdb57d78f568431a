import { PortError } from '../../../ports/error.ts'

/** AWS's answer lacks what its documentation promises. */
export function unreadable(what: string, options: { readonly ambiguous?: boolean } = {}): PortError {
  return new PortError(`AWS answered without ${what}`, {
    code: 'UnreadableAnswer',
    handling: 'retry',
    remedy: 'The endpoint did not answer as AWS does: check AWS_ENDPOINT_URL and proxies.',
    ...options,
  })
}

/** Reads a write's answer: what can't be read leaves it open whether the write was made. */
export function afterWrite<Facts>(read: () => Facts): Facts {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    const { code, handling, remedy } = error
    throw new PortError(error.message, {
      code,
      handling,
      ambiguous: true,
      cause: error,
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
}
