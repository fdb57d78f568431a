import { AwsError } from '../kernel/error.ts'
import { Timestamp, type Members } from '../kernel/operation.ts'

/** Reads a request body of the AWS JSON protocols; an empty body is an empty request. */
export function readJson(body: string): Members {
  if (body.trim() === '') return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch (cause) {
    throw Object.assign(new AwsError('SerializationException', 'The request body is not JSON'), { cause })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AwsError('SerializationException', 'The request body must be a JSON object')
  }
  return Object.fromEntries(Object.entries(parsed))
}

/** Writes an answer of the AWS JSON protocols: times are epoch seconds, absent members are left out. */
export function writeJson(output: Members): string {
  return JSON.stringify(output, (_key, value: unknown) => {
    if (value instanceof Timestamp) return value.epochMs / 1000
    return value instanceof Map ? asMembers(value) : value
  })
}

function asMembers(map: ReadonlyMap<unknown, unknown>): Members {
  return Object.fromEntries([...map].map(([key, value]) => [String(key), value]))
}

/** Writes an error of the AWS JSON protocols. */
export function jsonError(error: AwsError): string {
  return writeJson({ __type: error.code, message: error.message, ...error.members })
}
