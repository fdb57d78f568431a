import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery, Sender } from './delivery.ts'

/** How long ago a generic sender may have signed, or how far its clock may be ahead, in milliseconds: what somebody recorded is worth nothing afterwards. */
const SIGNED_WITHIN_MS = 300_000

/**
 * Whether who sent it knows the secret, compared in constant time. GitHub signs the body (`X-Hub-Signature-256`,
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries), GitLab sends the secret itself (`X-Gitlab-Token`,
 * https://docs.gitlab.com/user/project/integrations/webhooks/), and others sign the time and the body as Steersman's own webhook gates do. An empty secret
 * is nobody's.
 */
export function isSigned(
  { sender, headers, body }: Delivery,
  { secret, nowMs }: { readonly secret: string; readonly nowMs: number },
): boolean {
  if (secret === '') return false
  return SIGNATURES[sender]({ headers, body, secret, nowMs })
}

interface Signed extends Pick<Delivery, 'headers' | 'body'> {
  readonly secret: string
  readonly nowMs: number
}

const SIGNATURES: Readonly<Record<Sender, (signed: Signed) => boolean>> = {
  github: ({ headers, body, secret }) =>
    isSame(headers['x-hub-signature-256'], `sha256=${hmac(secret, body)}`),
  gitlab: ({ headers, secret }) => isSame(headers['x-gitlab-token'], secret),
  generic: isSignedWithTime,
}

/**
 * `t=<seconds since the epoch>,v1=<hex>`: HMAC-SHA256 (RFC 2104) over the time, a dot and the body. With the time signed too, a receiver can refuse
 * what somebody recorded and sends again.
 */
export function signed(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
  return `t=${seconds},v1=${hmac(secret, Buffer.from(`${seconds}.${body}`))}`
}

function isSignedWithTime({ headers, body, secret, nowMs }: Signed): boolean {
  const [, seconds = '', digest] =
    /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(headers['steersman-signature'] ?? '') ?? []
  if (Math.abs(nowMs - Number(seconds) * 1_000) > SIGNED_WITHIN_MS) return false
  return isSame(digest, hmac(secret, Buffer.concat([Buffer.from(`${seconds}.`), body])))
}

const hmac = (secret: string, content: Uint8Array): string =>
  createHmac('sha256', secret).update(content).digest('hex')

/** Digests have one length, so that not even that of a secret is told. */
const isSame = (given: string | undefined, expected: string): boolean =>
  given !== undefined && timingSafeEqual(digestOf(given), digestOf(expected))

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()
