import type { Clock } from '../../../ports/clock.ts'
import type { Random } from '../../../ports/random.ts'
import { assumeRole } from './account.ts'
import { createBaseSts, type ClientSettings } from './clients.ts'
import {
  refreshAhead,
  type CredentialSecrets,
  type CredentialsSource,
  type RefreshingCredentials,
} from './credentials.ts'
import type { Sender } from './sender.ts'

/** A role on the way to the one that acts. */
export interface RoleStep {
  readonly roleArn: string
  readonly externalId?: string
}

export interface RoleChain {
  /** Names the sessions. */
  readonly environment: string
  /** Roles that are taken on first, each with the credentials of the one before. */
  readonly via?: readonly RoleStep[]
  /** The role that acts; without it the base credentials do. */
  readonly roleArn?: string
  /** Given along when `roleArn` is assumed. */
  readonly externalId?: string
  /** Tags of the session in `roleArn`. */
  readonly sessionTags?: Readonly<Record<string, string>>
}

/**
 * The credentials at the end of a chain of roles. Each role's are kept while they last and asked for anew ahead of their end, so that a renewal of the last one
 * is one call. AWS gives a session of a role that was taken on from another role's an hour at most.
 */
export function credentialsOf(
  { environment, via = [], roleArn, externalId, sessionTags }: RoleChain,
  {
    base,
    settings,
    send,
    secrets,
    clock,
    random,
  }: {
    readonly base: CredentialsSource
    readonly settings: ClientSettings
    readonly send: Sender
    readonly secrets: CredentialSecrets
    readonly clock: Clock
    readonly random: Random
  },
): RefreshingCredentials {
  if (roleArn === undefined) return refreshAhead(base, clock, random)
  const sessionName = `steersman-${environment}`
  const last = { roleArn, tags: sessionTags, ...(externalId === undefined ? {} : { externalId }) }
  const links: RefreshingCredentials[] = []
  let before = base
  for (const step of [...via, last]) {
    const sts = createBaseSts(settings, before)
    const source = secrets.remembering(assumeRole({ ...step, sts, send, sessionName }))
    const link = refreshAhead(source, clock, random)
    links.push(link)
    before = () => link.current()
  }
  return {
    current: before,
    // AWS does not say whose end it was: every link's is asked for again.
    invalidate: () => links.forEach((link) => link.invalidate()),
  }
}
