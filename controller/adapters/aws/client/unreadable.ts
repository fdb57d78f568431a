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
