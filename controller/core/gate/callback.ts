import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RolloutSpec } from '../../resources/generated/rollout.ts'

/** What a receiver's token is good for: one gate of one rollout. */
export interface Callback {
  readonly rollout: string
  readonly gate: string
  /** Tells rollouts of one name apart, as there are after a store was lost. */
  readonly digest: string
}

/** How long a receiver that calls back is left in peace, in milliseconds: after it the request is sent again, in case it was forgotten. */
export const CALLBACK_PAUSE_MS = 600_000

export const callbackOf = (
  rollout: { readonly name: string; readonly spec: Pick<RolloutSpec, 'digest'> },
  gate: string,
): Callback => ({ rollout: rollout.name, gate, digest: rollout.spec.digest })

/** Below the address at which Steersman's API is reached. */
export const callbackPath = ({ rollout, gate }: Pick<Callback, 'rollout' | 'gate'>): string =>
  `/api/v1/rollouts/${rollout}/gates/${gate}`

/** HMAC-SHA256 (RFC 2104) of what it is good for, as base64url. Only who knows the secret can make one, so none has to be kept. */
export const callbackToken = ({ rollout, gate, digest }: Callback, secret: string): string =>
  createHmac('sha256', secret).update(`callback\n${rollout}\n${gate}\n${digest}`).digest('base64url')

/** Compares in constant time. */
export function isCallbackToken(token: string, callback: Callback, secret: string): boolean {
  const expected = Buffer.from(callbackToken(callback, secret))
  const given = Buffer.from(token)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
