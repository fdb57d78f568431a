import type { Clock } from '../../../ports/clock.ts'
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

/** Base credentials and those of a role, each with the ones before. */
const credentialsKept = 4

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
const pauseAfterFailureMs = 10_000
const sourcesOwnPaceMs = 60_000
const sourceTimeoutMs = 30_000

/**
 * Asks the source again five minutes before the credentials expire, by the given clock. While they are still good, a
 * failing source is only asked every ten seconds and the old ones serve on. Credentials without an expiry are looked up
 * again every minute: the source keeps its own.
 */
export function refreshAhead(source: CredentialsSource, clock: Clock): RefreshingCredentials {
  let held: { readonly credentials: AwsCredentials; readonly staleAt: number } | undefined
  let refreshing: Promise<AwsCredentials> | undefined

  async function refresh(): Promise<AwsCredentials> {
    const before = held
    try {
      const credentials = await withinTime(source, clock)
      held = { credentials, staleAt: staleAt(credentials, clock) }
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
      return refreshing
    },
    invalidate() {
      held = undefined
    },
  }
}

function staleAt({ expiration }: AwsCredentials, clock: Clock): number {
  if (expiration === undefined) return clock.now() + sourcesOwnPaceMs
  return Math.max(expiration.getTime() - refreshAheadMs, clock.now() + pauseAfterFailureMs)
}

function withinTime(source: CredentialsSource, clock: Clock): Promise<AwsCredentials> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(sourceTimeoutMs, () => reject(new CallTimedOut(sourceTimeoutMs)))
    source().then(resolve, reject).finally(cancel)
  })
}
