import { PortError } from '../ports/error.ts'
import type { EventMessage, Events } from '../ports/events.ts'
import { readNews } from '../core/events/read.ts'
import type { ManagedEnvironment, Woken } from '../core/events/woken.ts'
import { wokenBy } from '../core/events/woken.ts'
import type { Engine, EnvironmentState } from './engine.ts'
import { lookAt, passOn, storedReleases } from './pass-on.ts'

/** How long a queue that does not answer is left alone, longer from time to time. */
const RETRY = { firstMs: 1_000, maximumMs: 60_000 }
/** How soon it is seen that the lease is ours again. */
const NO_LEASE_MS = 1_000
/** A release that many messages are about, as all its tasks' are, is looked at once in this time. */
const SETTLE_MS = 1_000
/** No message waits longer in SQS. */
const OLDEST_MS = 14 * 86_400_000

/**
 * Hears in the queues of the environments that something may have changed, and has just that looked at. It is never needed: a message that is lost, late, doubled or
 * made up costs a look at most, and everything is looked at from time to time anyway.
 */
export class Listeners {
  readonly #engine: Engine
  readonly #queues = new Set<string>()
  /** By release, while what was asked for within the last second waits. */
  readonly #settling = new Map<string, { again: boolean }>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Listens to every queue that an environment names by now; called again whenever the configuration has changed. */
  follow(): void {
    for (const { environment, connections } of this.#engine.environments.values()) {
      const url = environment.spec.aws.events?.queueUrl
      if (url === undefined || connections.events === undefined || this.#queues.has(url)) continue
      this.#queues.add(url)
      this.#listen(url).then(
        () => this.#queues.delete(url),
        () => this.#queues.delete(url),
      )
    }
  }

  /** Until no environment names the queue any more. */
  async #listen(url: string): Promise<void> {
    const { ports, stopping } = this.#engine
    let failures = 0
    while (!stopping.aborted) {
      const events = this.#membersOf(url).find(({ connections }) => connections.events)?.connections.events
      if (events === undefined) return
      if (!this.#leadsOneOf(url)) {
        await ports.clock.sleep(NO_LEASE_MS, stopping)
        continue
      }
      try {
        await this.#hear(url, events)
        failures = 0
        this.#note(url, LISTENS)
      } catch (error) {
        if (stopping.aborted || isClosed(error)) continue
        this.#note(url, silence(error))
        await ports.clock.sleep(this.#retryMs(failures), stopping)
        failures++
      }
    }
  }

  /** What was heard is put away only after whoever it concerns waits to be looked at; a crash in between makes it come again. */
  async #hear(url: string, events: Events): Promise<void> {
    const messages = await events.receive()
    if (messages.length === 0) return
    events.outdate()
    const managed = await Promise.all(this.#membersOf(url).map((state) => this.#managed(state)))
    const woken = messages.flatMap((message) => this.#take(message, managed))
    await Promise.all(woken.map((one) => this.#wake(one)))
    await events.remove(messages)
  }

  /** What another controller leads is only known by what it has stored. */
  async #managed(state: EnvironmentState): Promise<ManagedEnvironment> {
    const { name } = state.environment.metadata
    if (this.#leads(name)) return managedOf(state)
    return { ...placeOf(state), releases: await storedReleases(this.#engine.shared, name) }
  }

  /** Whom a message is about. */
  #take({ body }: EventMessage, managed: readonly ManagedEnvironment[]): readonly Woken[] {
    const { telemetry, clock } = this.#engine.ports
    const read = readNews(body)
    if (read.kind === 'Dropped') {
      telemetry.emit({ type: 'NewsDropped', why: read.why })
      return []
    }
    const { news } = read
    const woken = wokenBy(news, managed)
    const ageMs = news.at === undefined ? 0 : Math.min(OLDEST_MS, Math.max(0, clock.now() - news.at))
    telemetry.emit({ type: 'NewsHeard', kind: news.kind, ageSeconds: ageMs / 1000, woken: woken.length })
    return woken
  }

  /** At once, and once more after a second where more was heard meanwhile. Rejects where whoever leads could not be told. */
  async #wake(woken: Woken): Promise<void> {
    const key = `${woken.environment}/${woken.release ?? ''}`
    const settling = this.#settling.get(key)
    if (settling !== undefined) {
      settling.again = true
      return
    }
    this.#settling.set(key, { again: false })
    this.#engine.ports.clock.setTimer(SETTLE_MS, () => {
      const again = this.#settling.get(key)?.again === true
      this.#settling.delete(key)
      // Whoever leads was told a second ago: what this one can't tell is found at the usual intervals.
      if (again && !this.#engine.stopping.aborted) this.#wake(woken).catch(() => undefined)
    })
    if (this.#leads(woken.environment)) lookAt(this.#engine, woken)
    else await passOn({ store: this.#engine.shared, clock: this.#engine.ports.clock }, woken)
  }

  #leads(environment: string): boolean {
    return this.#engine.leads.of(environment).holds()
  }

  /** Of a queue that environments share which different controllers lead, each controller hears a part, and passes on what is not its own. */
  #leadsOneOf(url: string): boolean {
    return this.#membersOf(url).some(({ environment }) => this.#leads(environment.metadata.name))
  }

  #membersOf(url: string): readonly EnvironmentState[] {
    return [...this.#engine.environments.values()].filter(
      ({ environment }) => environment.spec.aws.events?.queueUrl === url,
    )
  }

  /** Tells it, and has it written down, where it has changed. */
  #note(url: string, heard: NonNullable<EnvironmentState['listening']>): void {
    for (const state of this.#membersOf(url)) {
      const before = state.listening
      state.listening = heard
      if (before?.reason === heard.reason) continue
      const environment = state.environment.metadata.name
      this.#engine.ports.telemetry.emit({ type: 'ListeningChanged', environment, ...heard })
      this.#engine.enqueueRecord(environment)
    }
  }

  #retryMs(failures: number): number {
    const steadyMs = Math.min(RETRY.maximumMs, RETRY.firstMs * 2 ** Math.min(failures, 10))
    return Math.round(steadyMs * (0.9 + this.#engine.ports.random.next() * 0.2))
  }
}

const LISTENS = { listens: true, reason: 'Listening', message: 'the queue tells what changes' } as const

/** A queue that is away slows nothing but the wake-up. */
function silence(error: unknown): NonNullable<EnvironmentState['listening']> {
  const reason = error instanceof PortError ? error.code : 'Unknown'
  const remedy = error instanceof PortError && error.remedy !== undefined ? `; ${error.remedy}` : ''
  const what = error instanceof Error ? error.message : String(error)
  const message = `the queue can't be heard, so changes are found at the usual intervals only: ${what}${remedy}`
  return { listens: false, reason, message }
}

/** The environment that the queue was asked through has been taken away or changed; another one, or the new one, is asked then. */
const isClosed = (error: unknown): boolean => error instanceof PortError && error.code === 'ShuttingDown'

function placeOf({ environment }: EnvironmentState): Omit<ManagedEnvironment, 'releases'> {
  const { region, accountId, roleArn } = environment.spec.aws
  return {
    name: environment.metadata.name,
    region,
    accountId: accountId ?? /^arn:[^:]+:iam::(\d{12}):/.exec(roleArn ?? '')?.[1],
  }
}

function managedOf(state: EnvironmentState): ManagedEnvironment {
  const { desires, releases, lastSeen } = state
  return {
    ...placeOf(state),
    releases: releases.map(({ metadata: { name }, spec }) => {
      const seen = lastSeen.get(name)
      const rules = [...(seen?.production ?? []), seen?.test].flatMap((rule) => rule?.arn ?? [])
      return { name, spec, rules, waits: desires?.get(name)?.kind !== 'Ready' }
    }),
  }
}
