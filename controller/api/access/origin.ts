import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { RequestError } from '../request-error.ts'

/** Where the server listens, and by which further names it is reached. */
export interface Reachable {
  readonly host: string
  readonly hosts: readonly string[]
}

/**
 * Throws unless the Host header names this server. A page of a stranger whose name was made to resolve to a loopback address (DNS
 * rebinding) still sends the stranger's name; a literal address can't be rebound.
 */
export function assertHost(header: string | undefined, { host, hosts }: Reachable): void {
  const name = hostname(header)
  const isKnown =
    name !== undefined &&
    (isLoopback(name) ||
      name === host.toLowerCase() ||
      hosts.some((other) => other.toLowerCase() === name) ||
      (isWildcard(host) && isIP(name) !== 0))
  if (isKnown) return
  throw new RequestError(421, {
    code: 'UnknownHost',
    message: 'the Host header does not name this controller',
    remedy:
      'Use the address that it listens on, or localhost; a name by which it is reached otherwise belongs into spec.hosts of the Configuration.',
  })
}

/** Throws when a browser says that a page of another origin made the call (RFC 6454, section 7). */
export function assertOrigin(origin: string | undefined, hostHeader: string | undefined): void {
  if (origin === undefined) return
  const host = URL.canParse(origin) ? new URL(origin).host : undefined
  const own = URL.canParse(`http://${hostHeader}`) ? new URL(`http://${hostHeader}`).host : undefined
  if (host !== undefined && (host === own || host === hostHeader?.toLowerCase())) return
  throw new RequestError(403, {
    code: 'CrossOrigin',
    message: 'the call was made by a page of another origin',
    remedy: "Call from the controller's own page, or from a program.",
  })
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback'
}

const isWildcard = (host: string): boolean =>
  isIP(host) !== 0 && ipaddr.process(host).range() === 'unspecified'

/** The name of a Host header in lower case, without port and brackets; undefined when it is no host. */
function hostname(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 255 || !/^[\w.:[\]-]+$/.test(header)) return undefined
  const url = URL.canParse(`http://${header}`) ? new URL(`http://${header}`) : undefined
  return url?.hostname.replaceAll(/^\[|\]$/g, '')
}
