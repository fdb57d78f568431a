import type { ErrorRow } from './error-table.ts'

/** What Node says when no answer came. */
export const networkRows: Readonly<Record<string, ErrorRow>> = {
  ENOTFOUND: network('NameNotResolved', 'Check DNS, the region and AWS_ENDPOINT_URL.'),
  EAI_AGAIN: network('NameNotResolved', 'Check DNS, the region and AWS_ENDPOINT_URL.'),
  ECONNREFUSED: network('ConnectionRefused', 'Check AWS_ENDPOINT_URL, and that something listens there.'),
  EHOSTUNREACH: network('Unreachable', "Check the network's route to AWS, NAT gateways and VPC endpoints."),
  ENETUNREACH: network('Unreachable', "Check the network's route to AWS, NAT gateways and VPC endpoints."),
  ECONNRESET: { ...network('ConnectionLost'), maybeDone: true },
  EPIPE: { ...network('ConnectionLost'), maybeDone: true },
  ETIMEDOUT: { ...network('TimedOut'), maybeDone: true },
  ERR_HTTP2_STREAM_ERROR: { ...network('ConnectionLost'), maybeDone: true },
}

/** Node's codes for a certificate that is not trusted. */
export const certificateCode = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS)/

export const certificateRow: ErrorRow = {
  code: 'CertificateNotTrusted',
  handling: 'stall',
  remedy: 'Give the certificate authority of the proxy or endpoint in AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS.',
}

/** No answer within the call's time. */
export const timedOutRow: ErrorRow = { code: 'TimedOut', handling: 'retry', maybeDone: true }

/** An answer that is not AWS's, such as a proxy's HTML page. */
export const unreadableRow: ErrorRow = {
  code: 'UnreadableAnswer',
  handling: 'retry',
  maybeDone: true,
  remedy: 'The endpoint did not answer as AWS does: check AWS_ENDPOINT_URL and proxies.',
}

/** An AWS refusal that the table does not know: reported, never repeated blindly. */
export const unknownRefusal: ErrorRow = { code: 'Refused', handling: 'stall', remedy: "See AWS's message." }

/** Neither an answer nor a known network failure. */
export const unknownRow: ErrorRow = { code: 'Unknown', handling: 'retry', maybeDone: true }

function network(
  code: string,
  remedy = 'Nothing to mend if it passes: check the network if it lasts.',
): ErrorRow {
  return { code, handling: 'retry', remedy }
}
