import { PortError } from '../../ports/error.ts'

/** A repository at its forge. */
export interface Place {
  readonly kind: ForgeKind
  /** Base of the REST API, without a slash at its end. */
  readonly api: string
  /** Owner and name, with GitLab's groups in between: `acme/shop`. */
  readonly project: string
}

export type ForgeKind = 'github' | 'gitlab'

const KINDS: readonly string[] = ['github', 'gitlab'] satisfies readonly ForgeKind[]

/**
 * Finds the forge of a repository. `asked` is `github`, `gitlab`, or either with the address of its API (`github=https://git.example.com/api/v3`); left out, the
 * host's name says which it is. Addresses: https://docs.github.com/en/enterprise-server/rest/quickstart and https://docs.gitlab.com/api/rest/
 */
export function placeOf(repository: string, asked: string | undefined): Place {
  const { host, project } = partsOf(repository)
  const [given, ...rest] = (asked ?? kindOf(host) ?? '').split('=')
  if (given === undefined || !isKind(given)) throw unknownForge(asked ?? host)
  const api = rest.length === 0 ? apiOf(given, host) : checkedApi(rest.join('='))
  return { kind: given, api, project }
}

const isKind = (text: string): text is ForgeKind => KINDS.includes(text)

/** `https://host/owner/name.git`, `ssh://git@host:port/owner/name.git` or `git@host:owner/name.git`. */
function partsOf(repository: string): { readonly host: string; readonly project: string } {
  const url = URL.parse(repository)
  const isUrl = url !== null && /^(?:https?|ssh):$/.test(url.protocol)
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(repository)
  const host = isUrl ? url.hostname : short?.[1]
  const path = isUrl ? decodeURIComponent(url.pathname) : short?.[2]
  const project = path
    ?.replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
  if (host === undefined || project === undefined || !/^[^/]+(?:\/[^/]+)+$/.test(project))
    throw new PortError('the repository is at no forge that could take a pull request', {
      code: 'ForgeUnknown',
      handling: 'stall',
      remedy:
        'leave --pull-request out, or name the repository in spec.source as https://HOST/OWNER/NAME.git',
    })
  return { host, project }
}

const kindOf = (host: string): string | undefined =>
  KINDS.find((kind) => host === `${kind}.com` || host.startsWith(`${kind}.`))

function apiOf(kind: ForgeKind, host: string): string {
  if (kind === 'gitlab') return `https://${host}/api/v4`
  return host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`
}

/** The token goes there: over https, or to this machine itself. */
function checkedApi(text: string): string {
  const url = URL.parse(text)
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  const isPlain = url !== null && url.username === '' && url.password === '' && url.search === ''
  if (url !== null && isPlain && (url.protocol === 'https:' || isLocal)) return url.href.replace(/\/+$/, '')
  throw new PortError(`--forge names no address that a token may be sent to`, {
    code: 'ForgeUnknown',
    handling: 'stall',
    remedy:
      'give https, without a user name: --forge github=https://HOST/api/v3 or gitlab=https://HOST/api/v4',
  })
}

const unknownForge = (what: string): PortError =>
  new PortError(`${JSON.stringify(what)} does not say which forge it is`, {
    code: 'ForgeUnknown',
    handling: 'stall',
    remedy:
      'give --forge github or --forge gitlab, with =https://… for the address of its API where that is another one',
  })
