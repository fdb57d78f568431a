import { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import type { RestRequest, RestWire } from './rest-wire.ts'

/** Lambda speaks REST: the path says the operation, the body is the function's own. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const INVOCATION = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?.*)?$/

function lambdaOperation({ method, path }: RestRequest): string {
  return method === 'POST' && INVOCATION.test(path) ? 'Invoke' : `${method} ${path.split('?')[0] ?? ''}`
}

function readInvocation({ path, body }: RestRequest): Members {
  return { FunctionName: decodeURIComponent(INVOCATION.exec(path)?.[1] ?? ''), Payload: body }
}

const invocationBody = (output: Members): string => textIn(output['Payload'])

/** What an answer of Lambda says in headers: an error's name, or how the function did. */
function invocationHeaders(of: AwsError | Members): Readonly<Record<string, string>> {
  if (of instanceof AwsError) return { 'x-amzn-errortype': of.code }
  const { FunctionError, ExecutedVersion } = of
  return {
    'x-amz-executed-version': textIn(ExecutedVersion),
    ...(FunctionError === undefined ? {} : { 'x-amz-function-error': textIn(FunctionError) }),
  }
}

const lambdaError = ({ message, fault }: AwsError): string =>
  JSON.stringify({ Type: fault === 'client' ? 'User' : 'Service', message })

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

export const lambdaWire: RestWire = {
  service: 'lambda',
  operation: lambdaOperation,
  input: readInvocation,
  body: invocationBody,
  headers: invocationHeaders,
  error: lambdaError,
}
