import { InvokeCommand } from '@aws-sdk/client-lambda'
import { INVOCATION_MS } from '../../../core/gate/timing.ts'
import type { Functions } from '../../../ports/functions.ts'
import type { AwsTools } from '../client/tools.ts'

/** The connection gives up a moment after the sender would. */
const GRACE_MS = 1_000

/** AWS Lambda behind the functions port. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function createFunctions({ clients, send }: AwsTools): Functions {
  return {
    async invoke({ function: name, payload }) {
      const command = new InvokeCommand({
        FunctionName: name,
        InvocationType: 'RequestResponse',
        Payload: new TextEncoder().encode(payload),
      })
      const answer = await send('lambda:Invoke', (options) =>
        clients.lambda.send(command, { ...options, requestTimeout: INVOCATION_MS + GRACE_MS }),
      )
      return {
        payload: answer.Payload === undefined ? '' : new TextDecoder().decode(answer.Payload),
        functionError: answer.FunctionError,
      }
    },
  }
}
