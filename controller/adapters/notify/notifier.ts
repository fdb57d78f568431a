import { noticeBody, slackBody } from '../../core/notice/bodies.ts'
import type { Notice } from '../../core/notice/notice.ts'
import { noticeOf } from '../../core/notice/notice.ts'
import { signed } from '../../core/webhook/signature.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import type { EnvironmentSpec, Notification } from '../../resources/generated/environment.ts'
import type { SecretSource } from '../../resources/types.ts'

/** Slack takes one message a second from a webhook; a burst of events is spread as well for any other. */
const PAUSE_MS = 1_000
/** Pauses before a receiver that did not answer, or asked for patience, is asked again. */
const AGAIN_MS = [2_000, 10_000, 60_000] as const
const TIMEOUT_MS = 10_000
/** Notices of one environment that wait; what comes on top of them is dropped. */
const MOST_WAITING = 100

/** What a receiver answered, or in words why it did not. */
export type Answer = { readonly status: number } | { readonly why: string }

export interface NotifierOptions {
  readonly clock: Clock
  /** The environment as it is now. */
  readonly specOf: (
    environment: string,
  ) => Promise<Pick<EnvironmentSpec, 'notify' | 'webhookSecretFrom'> | undefined>
  /** Reads a secret; rejects where it is missing. */
  readonly secret: (source: SecretSource) => Promise<string>
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string
  readonly post: (
    request: {
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      readonly timeoutMs: number
    },
    signal: AbortSignal,
  ) => Promise<Answer>
  /** Told of what was sent, and of what was not. */
  readonly telemetry: Telemetry
}

/** Tells people by Slack, or any receiver of JSON, what their environments ask for. It never keeps anything waiting, and what can't be sent is dropped and told. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #stopping = new AbortController()
  /** Of each environment the notices that are on their way, one after the other. */
  readonly #ways = new Map<string, { tail: Promise<void>; waiting: number }>()

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  readonly telemetry: Telemetry = {
    emit: (event) => {
      const notice = noticeOf(event)
      if (notice !== undefined && !this.#stopping.signal.aborted) this.#enqueue(this.#redacted(notice))
    },
  }

  /** Resolves when nothing is on its way; what waits for another try is given up. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(Array.from(this.#ways.values(), ({ tail }) => tail))
  }

  #redacted(notice: Notice): Notice {
    const { redact } = this.#options
    return { ...notice, title: redact(notice.title), message: redact(notice.message) }
  }

  #enqueue(notice: Notice): void {
    const { environment } = notice
    const way = this.#ways.get(environment) ?? { tail: Promise.resolve(), waiting: 0 }
    this.#ways.set(environment, way)
    if (way.waiting >= MOST_WAITING) {
      this.#tell(notice, {
        receiver: 'all',
        result: 'Dropped',
        message: `${MOST_WAITING} notices wait already`,
      })
      return
    }
    way.waiting += 1
    way.tail = way.tail
      .then(() => this.#sendToAll(notice))
      .then(() => {
        way.waiting -= 1
        if (way.waiting === 0) this.#ways.delete(environment)
      })
  }

  async #sendToAll(notice: Notice): Promise<void> {
    if (this.#stopping.signal.aborted) return
    try {
      const spec = await this.#options.specOf(notice.environment)
      const wanted = (spec?.notify ?? []).filter(({ on }) => notice.kinds.some((kind) => on.includes(kind)))
      if (wanted.length === 0) return
      await Promise.all(
        wanted.map(async (receiver) => {
          const name = receiver.slack === undefined ? 'webhook' : 'slack'
          const failed = await this.#send(notice, receiver, spec?.webhookSecretFrom)
          this.#tell(notice, {
            receiver: name,
            result: failed === undefined ? 'Sent' : 'Failed',
            message: failed ?? '',
          })
        }),
      )
      await this.#pause(PAUSE_MS)
    } catch (error) {
      this.#tell(notice, { receiver: 'all', result: 'Failed', message: wordsOf(error) })
    }
  }

  /** Undefined when it has arrived, else why it has not. */
  async #send(
    notice: Notice,
    { slack, webhook }: Notification,
    signedBy: SecretSource | undefined,
  ): Promise<string | undefined> {
    const { clock, secret, post } = this.#options
    const source = slack?.webhookFrom ?? webhook?.urlFrom
    if (source === undefined) return 'it names no receiver'
    const body =
      slack === undefined ? noticeBody(notice, new Date(clock.now()).toISOString()) : slackBody(notice)
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#post(
        { source, body, signedBy: slack === undefined ? signedBy : undefined },
        post,
        secret,
      )
      if ('status' in answer && answer.status < 300) return undefined
      const why = 'why' in answer ? answer.why : `it answered ${answer.status}`
      const pauseMs = AGAIN_MS[tries]
      const isWorthAnother = 'why' in answer || answer.status === 429 || answer.status >= 500
      if (pauseMs === undefined || !isWorthAnother) return why
      if (!(await this.#pause(pauseMs))) return `${why}; the controller ended before another try`
    }
  }

  async #post(
    {
      source,
      body,
      signedBy,
    }: { readonly source: SecretSource; readonly body: string; readonly signedBy: SecretSource | undefined },
    post: NotifierOptions['post'],
    secret: NotifierOptions['secret'],
  ): Promise<Answer> {
    try {
      const url = (await secret(source)).trim()
      if (!isWebAddress(url)) return { why: 'its address is no http or https URL' }
      const signature =
        signedBy === undefined
          ? {}
          : { 'steersman-signature': signed(body, await secret(signedBy), this.#options.clock.now()) }
      const headers = { 'content-type': 'application/json', 'user-agent': 'steersman', ...signature }
      return await post({ url, headers, body, timeoutMs: TIMEOUT_MS }, this.#stopping.signal)
    } catch (error) {
      return { why: wordsOf(error) }
    }
  }

  /** Whether the time passed before the controller ended. */
  #pause(durationMs: number): Promise<boolean> {
    return this.#options.clock.sleep(durationMs, this.#stopping.signal).then(
      () => true,
      () => false,
    )
  }

  #tell(
    { environment, kinds }: Notice,
    {
      receiver,
      result,
      message,
    }: {
      readonly receiver: 'slack' | 'webhook' | 'all'
      readonly result: 'Sent' | 'Failed' | 'Dropped'
      readonly message: string
    },
  ): void {
    const about = kinds[0] ?? 'Stalled'
    const said = this.#options.redact(message)
    this.#options.telemetry.emit({ type: 'Notified', environment, about, receiver, result, message: said })
  }
}

const isWebAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '')

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'it failed')
