import type { MirrorOptions } from '../adapters/git/mirror.ts'
import { createGitSource } from '../adapters/git/source.ts'
import type { Repository, Source } from '../ports/source.ts'
import type { DefaultedSource } from '../resources/types.ts'
import type { Secrets } from './secrets.ts'

/** An environment's repository; its credentials are read again for each call, so that a rotated token works without a restart. */
export function sourceOf(
  source: DefaultedSource,
  secrets: Secrets,
  options: Omit<MirrorOptions, 'repository'>,
): Source {
  const open = (): Source =>
    createGitSource({
      ...options,
      repository: { url: source.repository, credentials: credentialsOf(source, secrets) },
    })
  return {
    references: async (request) => open().references(request),
    fetch: async (request) => open().fetch(request),
    hasCommit: async (commit) => open().hasCommit(commit),
    isAncestor: async (ancestor, descendant) => open().isAncestor(ancestor, descendant),
    countAhead: async (request) => open().countAhead(request),
    files: async (request) => open().files(request),
    commit: async (id) => open().commit(id),
    commitsBetween: async (request) => open().commitsBetween(request),
    newestTouching: async (request) => open().newestTouching(request),
    tag: async (name) => open().tag(name),
    verify: async (request) => open().verify(request),
    prepareTags: async (request) => open().prepareTags(request),
    hasObject: async (object) => open().hasObject(object),
    pushTags: async (request) => open().pushTags(request),
    commitFiles: async (request) => open().commitFiles(request),
  }
}

function credentialsOf(source: DefaultedSource, secrets: Secrets): Repository['credentials'] {
  const { credentialsFrom, knownHosts, repository, username } = source
  const hosts = knownHosts === undefined ? {} : { knownHostsFile: knownHosts }
  if (credentialsFrom === undefined) return knownHosts === undefined ? undefined : hosts
  if (/^https?:/i.test(repository)) return { username, token: secrets.read(credentialsFrom) }
  return { sshKeyFile: secrets.file(credentialsFrom), ...hosts }
}
