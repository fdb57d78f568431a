import { isRecord } from './problem.ts'
import type { Problem } from './problem.ts'
import { select } from './select.ts'

interface UnsupportedRow {
  kind: 'Environment' | 'Release' | 'Configuration'
  /** A pointer in which `*` stands for every item of a list. */
  path: string
  /** Only these values are refused; without them the field itself is. */
  values?: readonly string[]
  expected: string
  /** Supported where the objects are in a Kubernetes cluster. */
  isOfCluster?: true
}

const ofCluster = (kind: UnsupportedRow['kind'], path: string): UnsupportedRow => ({
  kind,
  path,
  expected:
    'env or file: a Secret of Kubernetes is read with spec.store {type: kubernetes} of the Configuration',
  isOfCluster: true,
})

/** What the schemas have and the controller does not do yet. Work that brings a behaviour takes its row away. */
export const UNSUPPORTED: readonly UnsupportedRow[] = [
  ofCluster('Environment', '/spec/notify/*/slack/webhookFrom/secretRef'),
  ofCluster('Environment', '/spec/notify/*/webhook/urlFrom/secretRef'),
  ofCluster('Environment', '/spec/source/credentialsFrom/secretRef'),
  ofCluster('Environment', '/spec/source/signingKeyFrom/secretRef'),
  ofCluster('Environment', '/spec/webhookSecretFrom/secretRef'),
  {
    kind: 'Environment',
    path: '/spec/deletionPolicy',
    values: ['Drain'],
    expected:
      'Orphan; an Environment in files ends without Steersman: take its releases off the branch with spec.prune before',
    isOfCluster: true,
  },
  ofCluster('Configuration', '/spec/tokens/*/tokenFrom/secretRef'),
  ...['github', 'gitlab', 'generic'].map((sender) =>
    ofCluster('Configuration', `/spec/webhooks/${sender}/secretFrom/secretRef`),
  ),
]

/** Finds everything in a document whose behaviour comes later: it is refused, never passed over in silence. */
export function findUnsupported(
  document: unknown,
  { isInCluster = false }: { readonly isInCluster?: boolean } = {},
): Problem[] {
  const kind = isRecord(document) ? document['kind'] : undefined
  return UNSUPPORTED.filter((row) => row.kind === kind && !(row.isOfCluster === true && isInCluster)).flatMap(
    (row) => select(document, row.path).flatMap(({ path, value }) => refuse({ row, path, value })),
  )
}

function refuse({ row, path, value }: { row: UnsupportedRow; path: string; value: unknown }): Problem[] {
  const field = row.path.replace('/spec/', '').replaceAll('/*', '').replaceAll('/', '.')
  if (row.values === undefined) return [notSupported(path, `${field}; expected ${row.expected}`, 'key')]
  if (typeof value !== 'string' || !row.values.includes(value)) return []
  return [notSupported(path, `${field} ${value}; expected ${row.expected}`)]
}

function notSupported(path: string, what: string, at: Problem['at'] = 'value'): Problem {
  return { path, message: `not supported yet: ${what}`, code: 'NotSupportedYet', at }
}
