import type { AwsError } from '../kernel/error.ts'
import { Timestamp, type Members } from '../kernel/operation.ts'

/** Writes an answer of the AWS Query protocol: `<ActionResponse><ActionResult>…`, lists as `member`, maps as `entry`. */
export function queryAnswer(answer: {
  action: string
  namespace: string
  output: Members
  requestId: string
}): string {
  const result = members(answer.output, 'member')
  return (
    `<${answer.action}Response xmlns="${answer.namespace}">` +
    `<${answer.action}Result>${result}</${answer.action}Result>` +
    `<ResponseMetadata><RequestId>${answer.requestId}</RequestId></ResponseMetadata>` +
    `</${answer.action}Response>`
  )
}

/** Writes an answer as EC2 does: no result inside the response, lists as `item`, and the request's id first. */
export function ec2Answer(answer: {
  action: string
  namespace: string
  output: Members
  requestId: string
}): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<${answer.action}Response xmlns="${answer.namespace}">` +
    `<requestId>${answer.requestId}</requestId>${members(answer.output, 'item')}</${answer.action}Response>`
  )
}

/** Writes an error of the AWS Query protocol. */
export function queryError(error: AwsError, namespace: string, requestId: string): string {
  return (
    `<ErrorResponse xmlns="${namespace}"><Error>` +
    `<Type>${error.fault === 'client' ? 'Sender' : 'Receiver'}</Type>` +
    `<Code>${escape(error.code)}</Code><Message>${escape(error.message)}</Message>` +
    `</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  )
}

/** Writes an error as EC2 does: its own envelope, older than the Query protocol's. */
export function ec2Error(error: AwsError, requestId: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>` +
    `<Code>${escape(error.code)}</Code><Message>${escape(error.message)}</Message>` +
    `</Error></Errors><RequestID>${requestId}</RequestID></Response>`
  )
}

/** Writes an error as S3 does. */
export function s3Error(error: AwsError, requestId: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error>` +
    `<Code>${escape(error.code)}</Code><Message>${escape(error.message)}</Message>` +
    `<RequestId>${requestId}</RequestId></Error>`
  )
}

/** What a list's elements are called. */
type Item = 'member' | 'item'

function members(value: object, item: Item): string {
  return Object.entries(value)
    .map(([name, member]) => element(name, member, item))
    .join('')
}

function element(name: string, value: unknown, item: Item): string {
  if (value === undefined || value === null) return ''
  return `<${name}>${content(value, item)}</${name}>`
}

function content(value: unknown, item: Item): string {
  if (Array.isArray(value)) return value.map((one) => element(item, one, item)).join('')
  if (value instanceof Timestamp) return new Date(value.epochMs).toISOString()
  if (value instanceof Map) {
    return [...value]
      .map(([key, one]) => `<entry>${element('key', key, item)}${element('value', one, item)}</entry>`)
      .join('')
  }
  if (typeof value === 'object' && value !== null) return members(value, item)
  return escape(String(value))
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes markup; characters that XML 1.0 cannot carry become the replacement character. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('\r', '&#xD;')
}
