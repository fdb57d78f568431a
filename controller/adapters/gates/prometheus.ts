import { judgeValue } from '../../core/gate/judge-value.ts'
import type { GateAttempt, PrometheusProbe } from '../../ports/gate.ts'
import type { PostAnswer, PostOptions } from './post.ts'
import { post } from './post.ts'

/** One number with its envelope is far smaller. */
const LIMIT_BYTES = 262_144

/** One instant query by POST, since a query may be longer than a URL. https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
export async function probePrometheus(
  probe: PrometheusProbe,
  options: PostOptions,
  signal: AbortSignal,
): Promise<GateAttempt> {
  const form = new URLSearchParams({ query: probe.query, timeout: `${probe.timeoutMs}ms` })
  const answer = await post(
    {
      url: `${probe.server.replace(/\/+$/, '')}/api/v1/query`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      timeoutMs: probe.timeoutMs,
      limitBytes: LIMIT_BYTES,
    },
    options,
    signal,
  )
  const value = valueOf(answer)
  if (typeof value === 'string') return { result: 'Inconclusive', message: `Prometheus: ${value}` }
  return judgeValue(value, probe.bounds)
}

/** The one number that the answer holds, or in words why there is none. */
function valueOf(answer: PostAnswer): number | string {
  if ('why' in answer) return `it could not be asked: ${answer.why}`
  if (!answer.isWhole)
    return `the answer is larger than ${LIMIT_BYTES / 1024} KiB; let the query give one number`
  const body = parsed(answer.text)
  if (answer.status !== 200) return refused(answer.status, body)
  if (body?.['status'] !== 'success') return 'the answer is none of Prometheus; check the server’s address'
  const data = isObject(body['data']) ? body['data'] : {}
  const { resultType, result } = data
  if (resultType === 'scalar') return sample(result)
  if (resultType !== 'vector' || !Array.isArray(result))
    return `the query gives ${resultType === 'matrix' ? 'a matrix' : 'no number'}; let it give one number`
  const [first] = result as readonly unknown[]
  if (first === undefined)
    return 'the query finds no series; check its labels, or let it say what none counts for (or vector(0))'
  if (result.length > 1) return `the query gives ${result.length} series; let it give one, as sum() does`
  return sample(isObject(first) ? first['value'] : undefined)
}

function refused(status: number, body: Readonly<Record<string, unknown>> | undefined): string {
  if (status >= 300 && status < 400)
    return `it answered ${status}: redirects are not followed, name the address itself`
  const type = known(body?.['errorType'], [
    'bad_data',
    'execution',
    'timeout',
    'canceled',
    'unavailable',
    'internal',
    'not_found',
  ])
  return `it answered ${status} (${type})`
}

/** `[<time>, "<value>"]`, infinities as `+Inf` and `-Inf`. */
function sample(value: unknown): number | string {
  const text: unknown = Array.isArray(value) ? value[1] : undefined
  if (typeof text !== 'string' || text === '') return 'the answer holds no value'
  if (text === 'NaN') return Number.NaN
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  const number = Number(text)
  return Number.isNaN(number) ? 'the answer holds no number' : number
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const known = (value: unknown, words: readonly string[]): string =>
  words.find((word) => word === value) ?? 'unknown'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
