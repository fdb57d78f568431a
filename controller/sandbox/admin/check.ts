import type { FaultRule } from '../kernel/faults.ts'
import { HISTORY_MS } from '../kernel/table.ts'

/** Checks what `/_sandbox/*` is sent; each throws a RangeError whose sentence says how to mend it. */

const LONGEST_LATENCY_MS = 600_000

/** The body of `POST /_sandbox/images`; the behaviour itself is checked by the images. */
export function checkedImage(body: unknown): { image: string; behavior: unknown } {
  const members = membersOf(body, ['image', 'behavior'])
  const { image } = members
  if (typeof image !== 'string' || image === '') throw new RangeError("'image' must be a text like web:v1")
  return { image, behavior: members.behavior }
}

/** The body of `POST /_sandbox/scaling`: what the scaling policies of `cluster/name` want. */
export function checkedDemand(body: unknown): { service: string; wanted: number } {
  const members = membersOf(body, ['service', 'wanted'])
  const wanted = numberOf(members, 'wanted', { max: 5_000 })
  if (wanted === undefined || !Number.isInteger(wanted))
    throw new RangeError("'wanted' must be a whole number of tasks")
  return { service: textOf(members, 'service'), wanted }
}

/** The body of `POST /_sandbox/faults`. */
export function checkedFault(body: unknown): FaultRule {
  const names = ['service', 'operation', 'error', 'latencyMs', 'staleForMs', 'rate', 'count']
  const members = membersOf(body, names)
  const service = textOf(members, 'service')
  const operation = textOf(members, 'operation')
  const error = members.error === undefined ? undefined : textOf(members, 'error')
  const latencyMs = numberOf(members, 'latencyMs', { max: LONGEST_LATENCY_MS })
  const staleForMs = numberOf(members, 'staleForMs', { max: HISTORY_MS })
  const rate = numberOf(members, 'rate', { max: 1 })
  const count = numberOf(members, 'count', { max: 1_000_000_000 })
  if (error === undefined && latencyMs === undefined && staleForMs === undefined) {
    throw new RangeError("a fault needs at least one of 'error', 'latencyMs' and 'staleForMs'")
  }
  if (count !== undefined && (count === 0 || !Number.isInteger(count))) {
    throw new RangeError("'count' must be a whole number from 1 on")
  }
  return {
    service,
    operation,
    ...(error === undefined ? {} : { error }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(staleForMs === undefined ? {} : { staleForMs }),
    ...(rate === undefined ? {} : { rate }),
    ...(count === undefined ? {} : { count }),
  }
}

/** The body of `PUT /_sandbox/settings`: what it leaves out stays. */
export function checkedSettings(body: unknown): {
  throttling?: boolean
  speed?: number
  trailDelaySeconds?: number
} {
  const members = membersOf(body, ['throttling', 'speed', 'trailDelaySeconds'])
  const { throttling } = members
  if (throttling !== undefined && typeof throttling !== 'boolean') {
    throw new RangeError("'throttling' must be true or false")
  }
  const speed = numberOf(members, 'speed', { max: 10_000 })
  if (speed === 0) throw new RangeError("'speed' must be greater than 0; 1 is AWS's own pace")
  const trailDelaySeconds = numberOf(members, 'trailDelaySeconds', { max: 86_400 })
  return {
    ...(throttling === undefined ? {} : { throttling }),
    ...(speed === undefined ? {} : { speed }),
    ...(trailDelaySeconds === undefined ? {} : { trailDelaySeconds }),
  }
}

function membersOf(body: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RangeError(`the body must be a JSON object with ${known.join(', ')}`)
  }
  const members = Object.fromEntries(Object.entries(body))
  const unknown = Object.keys(members).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new RangeError(`'${unknown}' is not known here; use ${known.join(', ')}`)
  return members
}

function textOf(members: Record<string, unknown>, name: string): string {
  const value = members[name]
  if (typeof value !== 'string' || value === '')
    throw new RangeError(`'${name}' must be a text that is not empty`)
  return value
}

function numberOf(
  members: Record<string, unknown>,
  name: string,
  { max }: { max: number },
): number | undefined {
  const value = members[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value >= 0 && value <= max)) {
    throw new RangeError(`'${name}' must be a number from 0 to ${max}`)
  }
  return value
}
