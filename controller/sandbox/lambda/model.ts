import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, ServiceModel } from '../kernel/operation.ts'
import { optionalText } from '../members.ts'
import type { Functions } from './functions.ts'

/** AWS Lambda, as much of it as Invoke needs (API version 2015-03-31): functions answer as `/_sandbox/functions` says. */
export function createLambdaModel(functions: Functions): ServiceModel {
  return {
    service: 'lambda',
    operations: {
      Invoke: {
        writes: false,
        bucket: 'other',
        handle: (input, context) => invoke(functions, input, context),
      },
    },
    dump: () => functions.dump(),
    load: (state) => functions.load(state),
  }
}

function invoke(functions: Functions, input: Members, context: CallContext): Members {
  const { name, qualifier } = named(optionalText(input, 'FunctionName') ?? '')
  const reply = functions.invoke(name, parsed(optionalText(input, 'Payload') ?? ''))
  if (reply === undefined) {
    const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404)
  }
  return {
    StatusCode: 200,
    ExecutedVersion: qualifier ?? '$LATEST',
    Payload: JSON.stringify(reply.payload ?? { errorMessage: 'the function failed' }),
    ...('functionError' in reply ? { FunctionError: reply.functionError } : {}),
  }
}

/** A function by name, by ARN or by a part of it, each with or without a version or an alias. */
function named(text: string): { readonly name: string; readonly qualifier: string | undefined } {
  const found =
    /^(?:arn:aws[a-z-]*:lambda:[^:]+:\d{12}:function:|\d{12}:function:)?([\w-]+)(?::([\w$-]+))?$/.exec(text)
  if (found === null)
    throw new AwsError('InvalidParameterValueException', `Value '${text}' at 'functionName' is not valid`)
  return { name: found[1] ?? '', qualifier: found[2] }
}

function parsed(payload: string): unknown {
  if (payload === '') return {}
  try {
    return JSON.parse(payload)
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json')
  }
}
