import type { Clock } from '../../../ports/clock.ts'
import type { Random } from '../../../ports/random.ts'
import { CallTimedOut } from './errors.ts'

/** AWS credentials; never logged, never part of an error. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

export type CredentialsSource = () => Promise<AwsCredentials>

export interface RefreshingCredentials {
  /** Credentials good for at least the next minutes; one refresh at a time. */
  current(): Promise<AwsCredentials>
  /** The next `current` asks the source again: AWS said that these are expired. */
  invalidate(): void
}

/** Keeps in mind what must never be repeated to anybody. */
export interface CredentialSecrets {
  /** The same source, its answers remembered. */
  remembering(source: CredentialsSource): CredentialsSource
  /** The secret parts of the newest credentials. */
  known(): readonly string[]
}

/** Base credentials and those of the roles of a chain, each with the ones before. */
const credentialsKept = 12

/** A memory for the sources of one account. */
export function credentialSecrets(): CredentialSecrets {
  let kept: readonly AwsCredentials[] = []
  return {
    remembering: (source) => async () => {
      const credentials = await source()
      const others = kept.filter(({ secretAccessKey }) => secretAccessKey !== credentials.secretAccessKey)
      kept = [credentials, ...others].slice(0, credentialsKept)
      return credentials
    },
    known: () =>
      kept.flatMap(({ secretAccessKey, sessionToken }) =>
        sessionToken === undefined ? [secretAccessKey] : [secretAccessKey, sessionToken],
      ),
  }
}

const refreshAheadMs = 5 * 60_000
/** Environments that began together do not ask together. */
const jitterMs = 5 * 60_000
/** So long before their end the old ones are not used any more while new ones are asked for. */
const lastResortMs = 60_000
const pauseAfterFailureMs = 10_000
const sourcesOwnPaceMs = 60_000
const sourceTimeoutMs = 30_000

/**
 * Asks the source again five to ten minutes before the credentials expire, by the given clock, and nobody waits for it: the old ones serve on, but for their last minute.
 * While they are still good, a failing source is only asked every ten seconds. Credentials without an expiry are looked up
 * again every minute: the source keeps its own.
 */
export function refreshAhead(source: CredentialsSource, clock: Clock, random: Random): RefreshingCredentials {
  let held: { readonly credentials: AwsCredentials; readonly staleAt: number } | undefined
  let refreshing: Promise<AwsCredentials> | undefined

  async function refresh(): Promise<AwsCredentials> {
    const before = held
    try {
      const credentials = await withinTime(source, clock)
      held = { credentials, staleAt: staleAt(credentials, clock, random) }
      return credentials
    } catch (error) {
      const expiresAt = before?.credentials.expiration?.getTime() ?? 0
      if (before === undefined || expiresAt <= clock.now()) throw error
      held = { ...before, staleAt: clock.now() + pauseAfterFailureMs }
      return before.credentials
    } finally {
      refreshing = undefined
    }
  }

  return {
    async current() {
      if (held !== undefined && clock.now() < held.staleAt) return held.credentials
      refreshing ??= refresh()
      if (held === undefined || !isGoodEnough(held.credentials, clock)) return refreshing
      // Whoever can't do without new ones hears of it.
      refreshing.catch(() => undefined)
      return held.credentials
    },
    invalidate() {
      held = undefined
    },
  }
}

function staleAt({ expiration }: AwsCredentials, clock: Clock, random: Random): number {
  if (expiration === undefined) return clock.now() + sourcesOwnPaceMs
  const aheadMs = refreshAheadMs + random.next() * jitterMs
  return Math.max(expiration.getTime() - aheadMs, clock.now() + pauseAfterFailureMs)
}

const isGoodEnough = ({ expiration }: AwsCredentials, clock: Clock): boolean =>
  expiration !== undefined && expiration.getTime() - lastResortMs > clock.now()

function withinTime(source: CredentialsSource, clock: Clock): Promise<AwsCredentials> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(sourceTimeoutMs, () => reject(new CallTimedOut(sourceTimeoutMs)))
    source().then(resolve, reject).finally(cancel)
  })
}
