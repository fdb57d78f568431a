import type { KubeKind } from './model.ts'
import { openApiPage } from './openapi.ts'

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']

/** The pages by which a client finds out what there is; undefined for any other path. */
export function discover(path: string, kinds: readonly KubeKind[]): object | undefined {
  if (path === '/version') return { major: '1', minor: '28', gitVersion: 'v1.28.0', platform: 'linux/amd64' }
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds) }
  const page = openApiPage(path, kinds)
  if (page !== undefined) return page
  const [, group = '', version] = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? []
  const here = kinds.filter((kind) => kind.group === group && kind.version === version)
  if (here.length === 0) return undefined
  const groupVersion = group === '' ? version : `${group}/${version}`
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: here.flatMap(resourcesOf) }
}

function groupsOf(kinds: readonly KubeKind[]): readonly object[] {
  const names = [...new Set(kinds.map(({ group }) => group))].filter((group) => group !== '')
  return names.map((name) => {
    const versions = kinds
      .filter(({ group }) => group === name)
      .map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
    return { name, versions: versions.slice(0, 1), preferredVersion: versions[0] }
  })
}

function resourcesOf({
  plural,
  singular,
  kind,
  shortNames,
  categories,
  hasStatus,
}: KubeKind): readonly object[] {
  const whole = {
    name: plural,
    singularName: singular,
    namespaced: true,
    kind,
    verbs,
    shortNames,
    categories,
  }
  if (!hasStatus) return [whole]
  return [
    whole,
    { name: `${plural}/status`, singularName: '', namespaced: true, kind, verbs: ['get', 'patch', 'update'] },
  ]
}
