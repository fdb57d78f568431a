import { PortError } from '../../../ports/error.ts'
import { errorRows, throttled, unavailable, type ErrorContext, type ErrorRow } from './error-table.ts'
import { messageRows } from './message-errors.ts'
import {
  certificateCode,
  certificateRow,
  networkRows,
  timedOutRow,
  unknownRefusal,
  unknownRow,
  unreadableRow,
} from './network-errors.ts'
import { redact } from './redact.ts'

/** No answer came within the call's time, by the adapter's own clock. */
export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut'

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`)
  }
}

interface Described {
  readonly name: string
  readonly message: string
  readonly networkCode: string | undefined
  readonly status: number | undefined
  readonly requestId: string | undefined
}

/** Classes whatever an SDK call threw, once: what to do, whether a write may have happened, how to mend it. Never shows a secret. */
export function classifyError(error: unknown, context: ErrorContext): PortError {
  if (error instanceof PortError) return error
  const described = describe(error)
  const row = rowOf(error, described)
  const awsMessage = redact(described.message, context.secrets)
  const remedy = typeof row.remedy === 'function' ? row.remedy(context, awsMessage) : row.remedy
  return new PortError(sentence(row, described, context, awsMessage), {
    code: row.code,
    handling: row.handling,
    ...(remedy === undefined ? {} : { remedy }),
    ambiguous: context.writes && row.maybeDone === true,
    ...(row.hideMessage === true ? {} : { cause: new Error(`${described.name}: ${awsMessage}`) }),
  })
}

/** AWS's name of an error as a bounded label for metrics: letters and digits, `Unknown` for anything odd. */
export function errorLabel(error: unknown): string {
  const { name, networkCode } = describe(error)
  const label = networkCode ?? name
  return /^[A-Za-z][A-Za-z0-9_.]{0,63}$/.test(label) ? label : 'Unknown'
}

function rowOf(error: unknown, described: Described): ErrorRow {
  const { name, message, status, networkCode } = described
  if (name === 'CallTimedOut' || name === 'TimeoutError' || name === 'AbortError') return timedOutRow
  if (networkCode !== undefined && certificateCode.test(networkCode)) return certificateRow
  const networkRow =
    networkCode !== undefined && Object.hasOwn(networkRows, networkCode)
      ? networkRows[networkCode]
      : undefined
  if (networkRow !== undefined) return networkRow
  if (error instanceof SyntaxError) return unreadableRow
  const byMessage = messageRows.find((row) => row.pattern.test(message))
  if (byMessage !== undefined) return byMessage.row
  const byName = Object.hasOwn(errorRows, withoutSuffix(name)) ? errorRows[withoutSuffix(name)] : undefined
  if (byName !== undefined) return byName
  if (status === 429 || status === 408) return throttled
  if (status !== undefined && status >= 500) return unavailable
  if (status !== undefined && status >= 400) return unknownRefusal
  return status === undefined ? unknownRow : unreadableRow
}

function sentence(row: ErrorRow, described: Described, context: ErrorContext, awsMessage: string): string {
  const shown = row.hideMessage === true || awsMessage === '' ? row.code : awsMessage
  const request = described.requestId === undefined ? '' : `, request ${described.requestId}`
  return `${context.operation} in ${context.region}: ${shown} (${described.networkCode ?? described.name}${request})`
}

function describe(error: unknown): Described {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Unknown', message: '', networkCode: undefined, status: undefined, requestId: undefined }
  }
  const metadata = member(error, '$metadata')
  const response = member(error, '$response')
  const status = member(metadata, 'httpStatusCode') ?? member(response, 'statusCode')
  return {
    name: text(member(error, 'name'))?.replace(/^.*#/, '') ?? 'Unknown',
    message: text(member(error, 'message')) ?? '',
    networkCode: networkCodeOf(error),
    status: typeof status === 'number' ? status : undefined,
    requestId: text(member(metadata, 'requestId')),
  }
}

function networkCodeOf(error: object): string | undefined {
  const own = text(member(error, 'code'))
  if (own !== undefined && (Object.hasOwn(networkRows, own) || certificateCode.test(own))) return own
  const errors = member(error, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const inner = text(member(first, 'code'))
  if (inner !== undefined) return inner
  return text(member(error, 'message')) === 'socket hang up' ? 'ECONNRESET' : undefined
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function withoutSuffix(name: string): string {
  return name.replace(/Exception$/, '')
}
