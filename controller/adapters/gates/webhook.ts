import { CALLBACK_PAUSE_MS, callbackPath, callbackToken } from '../../core/gate/callback.ts'
import { signed } from '../../core/webhook/signature.ts'
import type { GateAttempt, WebhookProbe } from '../../ports/gate.ts'
import { notRead } from './not-read.ts'
import type { PostOptions } from './post.ts'
import { post } from './post.ts'

/** Nothing of the answer but its status is looked at. */
const LIMIT_BYTES = 1

/** One POST of the rollout. 2xx passes but for 202, which says that it is not decided yet; 4xx and 5xx fail. */
export async function probeWebhook(
  probe: WebhookProbe,
  options: PostOptions & { readonly webhookSecret: () => string | undefined },
  signal: AbortSignal,
): Promise<GateAttempt> {
  const host = new URL(probe.url).hostname
  let secret: string | undefined
  try {
    secret = options.webhookSecret()
  } catch (error) {
    return notRead('the secret that signs webhooks', error)
  }
  const { callback } = probe
  if (callback !== undefined && secret === undefined)
    return {
      result: 'Inconclusive',
      message: `${host} could not be asked: a callback needs webhookSecretFrom of the environment`,
    }
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'steersman',
    'steersman-delivery': probe.id,
    ...(secret === undefined
      ? {}
      : { 'steersman-signature': signed(probe.body, secret, options.clock.now()) }),
    ...(callback === undefined || secret === undefined
      ? {}
      : {
          'steersman-callback': callbackPath(callback),
          'steersman-callback-token': callbackToken(callback, secret),
        }),
  }
  const { url, body, timeoutMs } = probe
  const answer = await post({ url, headers, body, timeoutMs, limitBytes: LIMIT_BYTES }, options, signal)
  if ('why' in answer) return { result: 'Inconclusive', message: `${host} could not be asked: ${answer.why}` }
  return judgeWebhook(host, answer.status, callback !== undefined)
}

/** What a status says; `callsBack`: whether a receiver that has not decided will say so by itself. */
export function judgeWebhook(host: string, status: number, callsBack: boolean): GateAttempt {
  if (status === 202 && callsBack)
    return {
      result: 'Inconclusive',
      message: `${host} answered 202: it is to call back`,
      pauseMs: CALLBACK_PAUSE_MS,
    }
  if (status === 202)
    return { result: 'Inconclusive', message: `${host} answered 202: it has not decided yet` }
  if (status >= 200 && status < 300) return { result: 'Success', message: `${host} answered ${status}` }
  if (status >= 300 && status < 400)
    return {
      result: 'Inconclusive',
      message: `${host} answered ${status}: redirects are not followed, name the address itself`,
    }
  return { result: 'Failure', message: `${host} answered ${status}, expected 2xx` }
}
