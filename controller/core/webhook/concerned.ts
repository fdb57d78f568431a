import type { Push } from './delivery.ts'

/** What an Environment follows. */
export interface Followed {
  readonly name: string
  readonly repository: string
  readonly branch: string
}

/** Names of the environments that follow what was pushed: the branch, or one of their tags. */
export function concernedBy({ repositories, ref }: Push, environments: readonly Followed[]): string[] {
  const pushed = new Set(repositories.map(repositoryKey))
  return environments
    .filter(({ repository }) => pushed.has(repositoryKey(repository)))
    .filter(
      ({ name, branch }) => ref === `refs/heads/${branch}` || ref.startsWith(`refs/tags/deploy/${name}/`),
    )
    .map(({ name }) => name)
}

/**
 * The same for all addresses of one repository: `https://host/owner/name.git`, `ssh://git@host:22/owner/name` and `git@host:Owner/name.git`. User, port and case are
 * left out: at worst an environment is looked at for nothing. An address of this machine stays as it is.
 */
export function repositoryKey(repository: string): string {
  const url = URL.parse(repository)
  const isRemote = url !== null && /^(?:https?|ssh|git):$/.test(url.protocol)
  const short = isRemote ? undefined : /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(repository)
  const host = isRemote ? url.hostname : short?.[1]
  const path = isRemote ? url.pathname : short?.[2]
  if (host === undefined || path === undefined) return repository
  const project = path.replaceAll(/^\/+|\/+$/g, '').replace(/\.git$/i, '')
  return `${host}/${project}`.toLowerCase()
}
