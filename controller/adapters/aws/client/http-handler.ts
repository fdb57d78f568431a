import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { PortError } from '../../../ports/error.ts'

const maxSockets = 50
const connectTimeoutMs = 3_000
const graceMs = 1_000

/**
 * Keeps connections open, bounds them, and gives up on its own a moment after the sender would. `caBundle` is the path that
 * AWS_CA_BUNDLE names: as in the AWS CLI its authorities take the place of the machine's.
 */
export function createHttpHandler(options: {
  readonly callTimeoutMs: number
  readonly caBundle: string | undefined
}): NodeHttpHandler {
  const { callTimeoutMs, caBundle } = options
  const agent = { keepAlive: true, maxSockets }
  return new NodeHttpHandler({
    connectionTimeout: Math.min(connectTimeoutMs, callTimeoutMs),
    requestTimeout: callTimeoutMs + graceMs,
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({ ...agent, ...authorities(caBundle) }),
  })
}

function authorities(caBundle: string | undefined): { readonly ca?: Buffer } {
  if (caBundle === undefined || caBundle === '') return {}
  try {
    return { ca: readFileSync(caBundle) }
  } catch (cause) {
    throw new PortError(`the certificate bundle ${caBundle} cannot be read`, {
      code: 'CertificateNotTrusted',
      handling: 'stall',
      remedy: 'Let AWS_CA_BUNDLE name a readable PEM file, or unset it.',
      cause,
    })
  }
}
