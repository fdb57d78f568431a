import { KubeFailure } from './failure.ts'
import type { KubeKind } from './model.ts'

/** What a path of the API names. */
export interface KubePath {
  readonly kind: KubeKind
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: 'status' | undefined
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/

/** Takes a path apart; throws 404 for what the server does not have. */
export function parsePath(path: string, kinds: readonly KubeKind[]): KubePath {
  const { group = '', version, namespace, plural, name, subresource } = PATH.exec(path)?.groups ?? {}
  const kind = kinds.find(
    (candidate) => candidate.group === group && candidate.version === version && candidate.plural === plural,
  )
  const known = subresource === undefined || (subresource === 'status' && kind?.hasStatus === true)
  if (kind === undefined || !known)
    throw new KubeFailure(404, 'NotFound', 'the server could not find the requested resource')
  return {
    kind,
    namespace,
    name: name === undefined ? undefined : decodeURIComponent(name),
    subresource: subresource === undefined ? undefined : 'status',
  }
}
