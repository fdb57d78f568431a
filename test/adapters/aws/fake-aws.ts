import { Readable } from 'node:stream'
import type { RequestHandler } from '../../../controller/adapters/aws/client/clients.ts'
import { createAws, type Aws, type AwsOptions } from '../../../controller/adapters/aws/create-aws.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'

const accountId = '123456789012'
const region = 'eu-west-1'

/** What a test says AWS answers: members of the answer, or an error by its code and HTTP status. */
export type Answer =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly message?: string; readonly status?: number }
  | { readonly html: string; readonly status: number }
  | { readonly network: string }

/** JSON members for ECS and ECR; flat parameters such as `Actions.member.1.Type` for the Query services. */
export type Input = Readonly<Record<string, unknown>>

interface SeenCall {
  readonly operation: string
  readonly input: Input
  readonly accessKeyId: string
}

type Answers = Readonly<Record<string, (input: Input, nth: number) => Answer | Promise<Answer>>>

interface Request {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** An AWS in the tests' own process, behind the real SDK clients: answers by operation, and remembers each call. */
function fakeAws(answers: Answers): { handler: RequestHandler; calls: SeenCall[] } {
  const calls: SeenCall[] = []
  const all: Answers = { GetCallerIdentity: () => ({ result: { Account: accountId } }), ...answers }

  async function handle(request: Request): Promise<{ response: ReturnType<typeof response> }> {
    const { operation, input, json } = read(request)
    const nth = calls.filter((call) => call.operation === operation).length
    const accessKeyId = /Credential=([^/]+)\//.exec(request.headers['authorization'] ?? '')?.[1] ?? ''
    calls.push({ operation, input, accessKeyId })
    const answer = all[operation]?.(input, nth)
    if (answer === undefined) throw new Error(`the test has no answer for ${operation}`)
    return { response: response(await answer, { operation, json, nth }) }
  }

  const handler = {
    handle,
    destroy() {},
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
  return { handler, calls }
}

const baseCredentials = async () => ({ accessKeyId: 'AKIDBASE', secretAccessKey: 'planted-secret' })

/** Leaves the credentials to AWS's own chain. */
export const defaultCredentialChain = { chain: true } as const

/** The adapter over a fake AWS, on the machine's clock unless the test gives another one. */
export function awsOver(
  answers: Answers,
  options: Partial<AwsOptions> & { readonly chain?: true } = {},
): { aws: Aws; calls: SeenCall[]; events: SteersmanEvent[]; of: (operation: string) => Input[] } {
  const { handler, calls } = fakeAws(answers)
  const events: SteersmanEvent[] = []
  const aws = createAws({
    region,
    accountId,
    environment: 'demo',
    clock: systemClock,
    random: { next: () => 0 },
    telemetry: { emit: (event) => events.push(event) },
    requestHandler: handler,
    ...('chain' in options ? {} : { credentials: baseCredentials }),
    ...options,
  })
  const of = (operation: string): Input[] =>
    calls.filter((call) => call.operation === operation).map(({ input }) => input)
  return { aws, calls, events, of }
}

function read({ headers, body }: Request): { operation: string; input: Input; json: boolean } {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const target = headers['x-amz-target']
  if (target !== undefined) {
    return { operation: target.split('.').at(-1) ?? '', input: JSON.parse(text) as Input, json: true }
  }
  const { Action: operation = '', Version: _, ...input } = Object.fromEntries(new URLSearchParams(text))
  return { operation, input, json: false }
}

interface Asked {
  readonly operation: string
  readonly json: boolean
  readonly nth: number
}

function response(answer: Answer, { operation, json, nth }: Asked) {
  const requestId = `request-${nth + 1}`
  if ('network' in answer) throw Object.assign(new Error(answer.network), { code: answer.network })
  const headers = { 'x-amzn-requestid': requestId }
  if ('html' in answer) return made(answer.status, { ...headers, 'content-type': 'text/html' }, answer.html)
  if ('error' in answer) {
    const { error, message = error, status = 400 } = answer
    const body = json
      ? JSON.stringify({ __type: error, message })
      : `<ErrorResponse><Error><Type>Sender</Type><Code>${error}</Code><Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
    return made(status, headers, body)
  }
  const result = xml(answer.result)
  const body = json
    ? JSON.stringify(answer.result)
    : `<${operation}Response><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  return made(200, headers, body)
}

function made(statusCode: number, headers: Record<string, string>, body: string) {
  return { statusCode, headers, body: Readable.from([Buffer.from(body)]) }
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, member]) => `<${key}>${xml(member)}</${key}>`)
    .join('')
}
