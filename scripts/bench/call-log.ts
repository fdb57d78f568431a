import type { Sandbox } from '../../controller/sandbox/server.ts'

/** One call to the sandbox's AWS. */
export interface Call {
  readonly at: number
  readonly operation: string
  /** The same for calls that ask the same of the same object. */
  readonly key: string
  readonly writes: boolean
  readonly input: Readonly<Record<string, unknown>>
}

export interface CallLog {
  readonly calls: Call[]
  /** Moments at which a request reached a listener, by the listener's ARN. */
  readonly requests: { readonly listenerArn: string; readonly at: number }[]
}

/** Writes down every call and every request of a sandbox from now on, each at the moment when it was handled there. */
export function logCalls({ world }: Sandbox): CallLog {
  const log: CallLog = { calls: [], requests: [] }
  const attempt = world.attempt.bind(world)
  const route = world.route.bind(world)
  Object.assign(world, {
    attempt(request: Parameters<typeof attempt>[0]) {
      const reply = attempt(request)
      const { service, operation, input } = request
      const writes = world.models.get(service)?.operations[operation]?.writes ?? false
      const key = `${service} ${operation} ${JSON.stringify(input)}`
      log.calls.push({ at: performance.now(), operation, key, writes, input })
      return reply
    },
    route(request: Parameters<typeof route>[0]) {
      log.requests.push({ listenerArn: request.listenerArn, at: performance.now() })
      return route(request)
    },
  })
  return log
}

export interface Classified {
  /** Calls that are not polls. */
  readonly counted: readonly Call[]
  readonly polls: readonly Call[]
  /** Milliseconds between a read and its repetition, the median; 0 without polls. */
  readonly pollIntervalMs: number
}

/**
 * Tells polls from the rest: a poll repeats, within one wait, a read already made of the same object; all else counts. A wait ends with everything that is
 * done: a write to AWS, or a gate's request; and with the rollout.
 */
export function classify(calls: readonly Call[], ends: readonly number[]): Classified {
  const counted: Call[] = []
  const polls: Call[] = []
  const intervals: number[] = []
  let seen = new Map<string, number>()
  let before = -Infinity
  for (const call of calls) {
    const entered = ends.some((at) => at > before && at <= call.at)
    if (entered || call.writes) seen = new Map()
    before = call.at
    const last = seen.get(call.key)
    if (last === undefined) counted.push(call)
    else {
      polls.push(call)
      intervals.push(call.at - last)
    }
    seen.set(call.key, call.at)
  }
  return { counted, polls, pollIntervalMs: median(intervals) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
