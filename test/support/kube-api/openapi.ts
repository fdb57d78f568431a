import type { KubeKind } from './model.ts'

/** The pages of `/openapi/v3`, by which kubectl validates and explains: of the custom resources; undefined for any other path. */
export function openApiPage(path: string, kinds: readonly KubeKind[]): object | undefined {
  const custom = kinds.filter(({ schema }) => schema !== undefined)
  if (path === '/openapi/v3')
    return {
      paths: Object.fromEntries(
        custom.map((kind) => [pathOf(kind), { serverRelativeURL: `/openapi/v3/${pathOf(kind)}?hash=1` }]),
      ),
    }
  const here = custom.filter((kind) => path === `/openapi/v3/${pathOf(kind)}`)
  if (here.length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.28.0' },
    paths: Object.fromEntries(here.flatMap(operationsOf)),
    components: { schemas: Object.fromEntries(here.map((kind) => [nameOf(kind), schemaOf(kind)])) },
  }
}

const pathOf = ({ group, version }: KubeKind): string => `apis/${group}/${version}`

const nameOf = ({ group, version, kind }: KubeKind): string =>
  `${group.split('.').toReversed().join('.')}.${version}.${kind}`

const gvkOf = ({ group, version, kind }: KubeKind): object => ({ group, version, kind })

function schemaOf(kind: KubeKind): object {
  return { ...kind.schema, 'x-kubernetes-group-version-kind': [gvkOf(kind)] }
}

function operationsOf(kind: KubeKind): readonly (readonly [string, object])[] {
  const one = `/${pathOf(kind)}/namespaces/{namespace}/${kind.plural}`
  const of = (action: string): object => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvkOf(kind),
    parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
    responses: {
      200: {
        description: 'OK',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${nameOf(kind)}` } } },
      },
    },
  })
  return [
    [one, { get: of('list'), post: of('post') }],
    [`${one}/{name}`, { get: of('get'), put: of('put'), patch: of('patch'), delete: of('delete') }],
  ]
}
