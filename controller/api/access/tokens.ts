import { createHash, timingSafeEqual } from 'node:crypto'
import type { Role } from '../../resources/generated/configuration.ts'

/** A token as it is configured, its secret already read. */
export interface TokenSettings {
  readonly name: string
  readonly role: Role
  /** Left out, all. */
  readonly environments?: readonly string[]
  readonly token: string
}

/** Who calls, and what he may. */
export interface Identity {
  readonly name: string
  readonly role: Role
  /** Undefined: all. */
  readonly environments: ReadonlySet<string> | undefined
}

/** Whoever reaches a loopback address of a controller without tokens. */
const LOCAL: Identity = { name: 'local', role: 'admin', environments: undefined }

/** Longer headers are no token of ours and are not hashed. */
const LONGEST_HEADER = 4_096

/**
 * Tells whose token an Authorization header carries (RFC 6750, section 2.1); undefined for none. Only SHA-256 digests are kept, and every
 * one is compared in constant time.
 */
export function createIdentifier(
  tokens: readonly TokenSettings[],
): (authorization: string | undefined) => Identity | undefined {
  if (tokens.length === 0) return () => LOCAL
  const known = tokens.map(({ name, role, environments, token }) => ({
    digest: digestOf(token),
    identity: { name, role, environments: environments === undefined ? undefined : new Set(environments) },
  }))
  return (authorization) => {
    const token = bearerOf(authorization)
    if (token === undefined) return undefined
    const digest = digestOf(token)
    return known.reduce<Identity | undefined>(
      (found, { digest: other, identity }) => (timingSafeEqual(other, digest) ? identity : found),
      undefined,
    )
  }
}

/** The token of an Authorization header (RFC 6750, section 2.1). */
export function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > LONGEST_HEADER) return undefined
  return /^bearer +([!-~]+) *$/i.exec(authorization)?.[1]
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, approver: 2, admin: 3 }

/** Each role may what the ones before it may. */
export const hasRole = (identity: Identity, role: Role): boolean => ranks[identity.role] >= ranks[role]

export const maySee = (identity: Identity, environment: string | undefined): boolean =>
  identity.environments === undefined || (environment !== undefined && identity.environments.has(environment))
