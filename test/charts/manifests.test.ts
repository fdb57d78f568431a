import { describe, expect, it } from 'vitest'
import { load } from 'js-yaml'
import { requires } from '../support/requires.ts'
import { findingsOf, type KubernetesObject } from './kubernetes-model.ts'
import { renderChart, renderDirectory } from './render.ts'

const programs = requires('helm', 'kubectl')

/** An object without what Helm alone writes: who manages it, by which chart, and the digest that restarts the pod. */
function withoutHelm(object: KubernetesObject): unknown {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) => {
    if (['app.kubernetes.io/managed-by', 'helm.sh/chart', 'checksum/configuration'].includes(key))
      return undefined
    // Read as YAML: comments and the order of keys do not count.
    if (key === 'configuration.yaml') return load(value as string)
    if (key === 'annotations' && Object.keys(value as object).length === 0) return undefined
    return value
  })
}

const byKind = (objects: readonly KubernetesObject[]): Record<string, unknown> =>
  Object.fromEntries(objects.map((object) => [object.kind, withoutHelm(object)]))

describe.skipIf(programs.missing !== undefined)(programs.title('manifests/kubernetes'), () => {
  const made = () => renderDirectory('manifests/kubernetes')

  it('says what the chart says by default', () => {
    const withoutNamespace = made().filter(({ kind }) => kind !== 'Namespace')
    expect(byKind(withoutNamespace)).toEqual(byKind(renderChart()))
  })

  it('says what the chart says of objects in the cluster, in the directory beside', () => {
    const inCluster = { replicas: 2, configuration: { store: { type: 'kubernetes' } } }
    const withoutNamespace = renderDirectory('manifests/kubernetes-in-cluster').filter(
      ({ kind }) => kind !== 'Namespace',
    )
    expect(byKind(withoutNamespace)).toEqual(byKind(renderChart(inCluster)))
    expect(withoutNamespace.flatMap(findingsOf)).toEqual([])
  })

  it('begins with a namespace that takes no pod with privileges', () => {
    expect(made()[0]).toMatchObject({
      metadata: { name: 'steersman', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    })
  })

  it('has only fields of Kubernetes, of their types', () => {
    expect(made().flatMap(findingsOf)).toEqual([])
  })
})

describe('the check of fields', () => {
  it('finds an unknown field and a value of another type, wherever they stand', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 'one', template: { spec: { containers: [{ name: 'web', images: 'web' }] } } },
    }
    expect(findingsOf(deployment)).toEqual([
      'Deployment.spec.replicas is no number',
      'Deployment.spec.template.spec.containers[0].images is no field of V1Container',
    ])
  })
})
