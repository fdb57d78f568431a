import { post } from '../adapters/gates/post.ts'
import { Notifier } from '../adapters/notify/notifier.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { Store } from '../ports/store.ts'
import type { Closers } from './closers.ts'
import type { Secrets } from './secrets.ts'
import { fetchSecret } from './secrets.ts'
import type { Telling } from './telemetry.ts'

/** Nothing of an answer but its status is looked at. */
const LIMIT_BYTES = 1

/** From now on people are told what the Environments in the store ask for, at addresses that only who runs the controller can give. */
export function tellPeople({
  store,
  secrets,
  telling,
  closers,
}: {
  readonly store: Store
  readonly secrets: Secrets
  readonly telling: Pick<Telling, 'telemetry' | 'redactor' | 'hear'>
  readonly closers: Closers
}): void {
  const clock = systemClock
  const notifier = new Notifier({
    clock,
    telemetry: telling.telemetry,
    redact: (text) => telling.redactor.text(text),
    specOf: async (name) => (await store.get('Environment', name))?.spec,
    secret: (source) => fetchSecret(secrets, source),
    post: (request, signal) => {
      const policy = { allowHosts: [new URL(request.url).hostname] }
      return post({ ...request, limitBytes: LIMIT_BYTES }, { clock, policy }, signal)
    },
  })
  telling.hear(notifier.telemetry)
  closers.add(() => notifier.close())
}
