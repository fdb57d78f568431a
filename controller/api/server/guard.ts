import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Role } from '../../resources/generated/configuration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reachable } from '../access/origin.ts'
import { assertHost, assertOrigin } from '../access/origin.ts'
import { createRateLimiter } from '../access/rate-limit.ts'
import type { Identity, TokenSettings } from '../access/tokens.ts'
import { createIdentifier, hasRole } from '../access/tokens.ts'
import { RequestError } from '../request-error.ts'

/** Plenty for a person, a page and a script that polls; little for somebody who guesses. */
const RATE = { burst: 400, perSecond: 100 }

/** Probes come from wherever the platform sends them from, and tell next to nothing. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

export interface Guard {
  /** Who calls; throws 401 for nobody and 403 for a role that is too small. */
  identify(request: FastifyRequest, role: Role): Identity
  /** Whether the caller may see what concerns the whole controller. */
  knows(request: FastifyRequest): boolean
}

/** Checks Host, Origin and rate of every request of the server; who calls is asked route by route. */
export function addGuard(
  app: FastifyInstance,
  {
    reachable,
    tokens,
    clock,
  }: { readonly reachable: Reachable; readonly tokens: readonly TokenSettings[]; readonly clock: Clock },
): Guard {
  const identityOf = createIdentifier(tokens)
  const take = createRateLimiter(RATE, clock)
  app.addHook('onRequest', async (request) => {
    if (PROBES.has(request.url)) return
    assertHost(request.headers.host, reachable)
    assertOrigin(request.headers.origin, request.headers.host)
    take(request.ip)
  })
  return {
    identify(request, role) {
      const identity = identityOf(request.headers.authorization)
      if (identity === undefined) throw unauthorized()
      if (!hasRole(identity, role)) throw forbidden(identity, role)
      return identity
    },
    knows(request) {
      const identity = identityOf(request.headers.authorization)
      return identity !== undefined && identity.environments === undefined
    },
  }
}

const unauthorized = (): RequestError =>
  new RequestError(401, {
    code: 'Unauthorized',
    message: 'no valid token came with the request',
    remedy: 'Send `Authorization: Bearer TOKEN`; the command line takes it from STEERSMAN_TOKEN.',
  })

const forbidden = ({ name, role }: Identity, needed: Role): RequestError =>
  new RequestError(403, {
    code: 'Forbidden',
    message: `${name} is ${role}, and this needs ${needed}`,
    remedy: 'Ask whoever keeps the configuration for a token with that role.',
  })
