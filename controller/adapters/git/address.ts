import { createHash } from 'node:crypto'
import { isAbsolute, join, resolve } from 'node:path'

import { PortError } from '../../ports/error.ts'
import type { Repository } from '../../ports/source.ts'

/** Where a repository is, without any secret: what may stand in an argument, a message and a file name. */
export interface Address {
  readonly protocol: 'https' | 'http' | 'ssh' | 'file'
  /** Never holds userinfo for http(s). */
  readonly url: string
  /** `https://host:port`, to which alone the credentials may go; undefined for ssh and local paths. */
  readonly origin: string | undefined
  readonly username: string | undefined
  readonly token: string | undefined
  /** Everything that no message may repeat, also a password in the URL that a token took the place of. */
  readonly secrets: readonly string[]
}

const DEFAULT_USERNAME = 'x-access-token'

/** Takes a repository's URL apart, and refuses every transport but https, ssh and a local path (http for loopback only). */
export function parseAddress(repository: Repository): Address {
  const { url } = repository
  if (
    url === '' ||
    url.startsWith('-') ||
    /[\u0000-\u001f\u007f]/.test(url) ||
    /^[A-Za-z0-9+.-]*::/.test(url)
  )
    throw refused()
  if (/^https?:\/\//i.test(url)) return webAddress(repository)
  if (/^ssh:\/\//i.test(url)) return sshAddress(url)
  if (url.includes('://')) throw refused()
  if (isAbsolute(url) || url.startsWith('./') || url.startsWith('../')) return localAddress(url)
  return sshShorthand(url)
}

/** The directory of the one mirror of a repository below the data directory: equal for equal URLs, whatever credentials they carry. */
export function mirrorPath(dataDir: string, url: string): string {
  const { url: address } = parseAddress({ url, credentials: undefined })
  return join(dataDir, 'git', createHash('sha256').update(address).digest('hex').slice(0, 32))
}

function webAddress({ url, credentials }: Repository): Address {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.hostname === '') throw refused()
  const protocol = parsed.protocol === 'https:' ? 'https' : 'http'
  if (protocol === 'http' && !isLoopback(parsed.hostname)) {
    throw refused('plain http is only allowed to this machine itself, because it carries tokens in the clear')
  }
  const password = decoded(parsed.password) || undefined
  const token = credentials?.token ?? password
  const username = credentials?.username ?? (decoded(parsed.username) || undefined)
  if (/[\r\n\0]/.test(`${token ?? ''}${username ?? ''}`))
    throw refused('the token or user name holds a line break')
  const user = token === undefined ? username : (username ?? DEFAULT_USERNAME)
  parsed.username = ''
  parsed.password = ''
  parsed.hash = ''
  return {
    protocol,
    url: parsed.href,
    origin: parsed.origin,
    username: user,
    token,
    secrets: token === undefined ? [] : secretsOf({ user, token, password }),
  }
}

/** Servers and proxies like to repeat the Authorization header (RFC 7617) that they refuse. */
function secretsOf({
  user = '',
  token,
  password,
}: {
  readonly user: string | undefined
  readonly token: string
  readonly password: string | undefined
}): readonly string[] {
  const basic = Buffer.from(`${user}:${token}`).toString('base64')
  return [basic, token, ...(password === undefined ? [] : [password])]
}

function sshAddress(url: string): Address {
  const parsed = URL.parse(url)
  const parts = [parsed?.hostname ?? '', decoded(parsed?.username ?? ''), (parsed?.pathname ?? '').slice(1)]
  if (parsed === null || parsed.hostname === '' || parts.some((part) => part.startsWith('-'))) throw refused()
  if (parsed.password !== '') throw refused('a password in an ssh URL is not used; give an ssh key')
  return { protocol: 'ssh', url, ...withoutCredentials }
}

function sshShorthand(url: string): Address {
  const match = /^(?:([\w.][\w.-]*)@)?([A-Za-z0-9][A-Za-z0-9.-]*):([^-:].*)$/.exec(url)
  if (match === null) throw refused()
  return { protocol: 'ssh', url, ...withoutCredentials }
}

const withoutCredentials = { origin: undefined, username: undefined, token: undefined, secrets: [] } as const

function localAddress(path: string): Address {
  return { protocol: 'file', url: resolve(path), ...withoutCredentials }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function refused(why = 'only https, ssh and local paths are allowed'): PortError {
  return new PortError(`the repository's address is refused: ${why}`, {
    code: 'SourceRefused',
    handling: 'stall',
    remedy:
      'Set spec.source.repository to an https or ssh URL or to the absolute path of a local repository.',
  })
}
