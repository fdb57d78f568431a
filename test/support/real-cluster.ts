import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { openKubeClient } from '../../controller/adapters/kubernetes/client.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { PolicyRule } from './kube-api/access.ts'
import { makeTemporaryDirectory } from './temp-directory.ts'

/**
 * The kubeconfig of a real cluster that already has the CustomResourceDefinitions; its user may make and delete namespaces and what is in them, and certificates are in it or named by whole paths
 * (`kubectl config view --flatten --raw`). Undefined where
 * tests are to make do with the small API server.
 */
export const realKubeconfig = process.env['STEERSMAN_TEST_KUBECONFIG']

/** A namespace of a real cluster, and in it a ServiceAccount that may do what the rules say and nothing else. */
export interface RealNamespace {
  readonly namespace: string
  /** Paths of kubeconfigs whose namespace it is. */
  readonly kubeconfigs: { readonly admin: string; readonly account: string }
  close(): Promise<void>
}

export async function openRealNamespace(
  kubeconfig: string,
  rules: readonly PolicyRule[],
): Promise<RealNamespace> {
  const namespace = `steersman-test-${randomUUID().slice(0, 8)}`
  const directory = await makeTemporaryDirectory('real-cluster')
  const given = load(readFileSync(kubeconfig, 'utf8')) as Kubeconfig
  const write = (name: string, user: object): string => {
    const path = join(directory.path, name)
    writeFileSync(path, JSON.stringify(inNamespace(given, namespace, user)), { mode: 0o600 })
    return path
  }
  const admin = write('admin', contextOf(given).user)
  const client = openKubeClient({ KUBECONFIG: admin }, systemClock)
  const make = async (path: string, body: object): Promise<unknown> =>
    client.request({ method: 'POST', path, body })
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
  const metadata = { name: 'steersman' }
  await make('/api/v1/namespaces', { metadata: { name: namespace } })
  await make(accounts, { metadata })
  await make(`${rbac}/roles`, { metadata, rules })
  await make(`${rbac}/rolebindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name: metadata.name, namespace }],
  })
  const { status } = (await make(`${accounts}/${metadata.name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [], expirationSeconds: 3_600 },
  })) as { readonly status: { readonly token: string } }
  return {
    namespace,
    kubeconfigs: { admin, account: write('account', { token: status.token }) },
    async close() {
      await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` })
      await directory.remove()
    },
  }
}

interface Kubeconfig {
  readonly 'current-context': string
  readonly contexts: readonly {
    readonly name: string
    readonly context: { readonly cluster: string; readonly user: string }
  }[]
  readonly clusters: readonly { readonly name: string; readonly cluster: object }[]
  readonly users: readonly { readonly name: string; readonly user: object }[]
}

/** Cluster and user of the current context. */
function contextOf(config: Kubeconfig): { readonly cluster: object; readonly user: object } {
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster
  const user = config.users.find(({ name }) => name === context?.user)?.user
  if (cluster === undefined || user === undefined)
    throw new Error(
      'the kubeconfig of STEERSMAN_TEST_KUBECONFIG has no current context with a cluster and a user',
    )
  return { cluster, user }
}

function inNamespace(config: Kubeconfig, namespace: string, user: object): object {
  const { cluster } = contextOf(config)
  const name = 'test'
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
  }
}
