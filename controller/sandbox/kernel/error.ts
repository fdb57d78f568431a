/** A refusal in AWS's terms; the wire layer writes it in the service's protocol. */
export class AwsError extends Error {
  /** The service's own code, such as `TargetGroupNotFound` or `ClusterNotFoundException`. */
  readonly code: string
  /** The HTTP status. */
  readonly status: number
  readonly fault: 'client' | 'server'
  /** What the answer carries beside code and message, in the JSON protocols. */
  members: Readonly<Record<string, unknown>> = {}

  constructor(code: string, message: string, status = 400, fault: 'client' | 'server' = 'client') {
    // It is an answer and no defect: where it was made helps nobody, and walking the stack costs more than the call.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'AwsError'
    this.code = code
    this.status = status
    this.fault = fault
  }
}

/** A refusal with more in it than code and message. */
export function refusalWith(
  code: string,
  message: string,
  members: Readonly<Record<string, unknown>>,
): AwsError {
  return Object.assign(new AwsError(code, message), { members })
}

/** Refusals by code and message: the same one again is the same error, for making one costs more than the rest of its call. */
const refusals = new Map<string, Map<string, AwsError>>()
/** Messages that are kept of each code. */
const MOST_MESSAGES = 500

function refusal(code: string, message: string): AwsError {
  const ofCode = refusals.get(code) ?? new Map<string, AwsError>()
  const known = ofCode.get(message)
  if (known !== undefined) return known
  const fresh = new AwsError(code, message)
  if (ofCode.size >= MOST_MESSAGES) ofCode.clear()
  refusals.set(code, ofCode.set(message, fresh))
  return fresh
}

/** Something named does not exist; `code` is the service's own (ECS and ELBv2 answer 400). */
export function notFound(code: string, message: string): AwsError {
  return refusal(code, message)
}

/** ECS's answer to a value it does not accept. */
export function invalidParameter(message: string): AwsError {
  return refusal('InvalidParameterException', message)
}

/** ELBv2's, EC2's and IAM's answer to a value that breaks the request's own schema. */
export function validationError(message: string): AwsError {
  return refusal('ValidationError', message)
}

/** ECS's answer to a request that makes no sense in the present state. */
export function clientException(message: string): AwsError {
  return refusal('ClientException', message)
}

/** A full token bucket: ELBv2 and the other Query services say `Throttling`, the JSON ones `ThrottlingException`. */
export function throttled(protocol: 'query' | 'json'): AwsError {
  return refusal(protocol === 'query' ? 'Throttling' : 'ThrottlingException', 'Rate exceeded')
}

/** An operation that the sandbox does not have, in the words of its protocol. */
export function unknownOperation(protocol: 'query' | 'json', operation: string): AwsError {
  return protocol === 'query'
    ? new AwsError('InvalidAction', `The action ${operation} is not valid for this web service.`)
    : new AwsError('UnknownOperationException', `The sandbox has no operation ${operation}.`)
}
