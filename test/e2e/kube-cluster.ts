import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { KubeClient } from '../../controller/adapters/kubernetes/calls.ts'
import { openKubeClient } from '../../controller/adapters/kubernetes/client.ts'
import { openSmallServer } from '../adapters/kubernetes/bench.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { PolicyRule } from '../support/kube-api/access.ts'
import { controllerRules } from '../support/kube-api/access.ts'
import type { RealNamespace } from '../support/real-cluster.ts'
import { openRealNamespace, realKubeconfig } from '../support/real-cluster.ts'
import type { Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

export interface Cluster {
  readonly client: KubeClient
  readonly town: Town
  get(kind: string, name: string): Promise<Seen>
  /** Of the Events about an object. */
  reasonsOf(kind: string, name: string): Promise<readonly string[]>
  annotate(kind: string, name: string, annotations: Readonly<Record<string, string>>): Promise<void>
}

export interface Seen {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>> & {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason: string
    }[]
  }
}

/** An API server, a sandbox, and as many real controllers as a test starts, which may do in the cluster what the chart's Role says. */
export async function startCluster({
  secrets = {},
  configuration = {},
  spec = {},
  shards = 1,
}: {
  /** Leases over which the environments are spread. */
  readonly shards?: number
  /** From name to the value of the key `token`. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly configuration?: Readonly<Record<string, unknown>>
  /** Members of the Environment's spec. */
  readonly spec?: Readonly<Record<string, unknown>>
} = {}): Promise<Cluster> {
  const { namespace, kubeconfigs, close } = await openNamespace([
    ...controllerRules(shards),
    readingSecrets(Object.keys(secrets)),
  ])
  onTestFinished(close)
  const client = openKubeClient({ KUBECONFIG: kubeconfigs.admin }, systemClock)
  const KUBECONFIG = kubeconfigs.account
  const root = `/apis/steersman.dev/v1alpha1/namespaces/${namespace}`
  const apply = async (body: object): Promise<void> => {
    await client.request({ method: 'POST', path: `${root}/environments`, body })
  }
  for (const [name, token] of Object.entries(secrets)) {
    const data = { token: Buffer.from(token).toString('base64') }
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data }
    await client.request({ method: 'POST', path: `/api/v1/namespaces/${namespace}/secrets`, body })
  }
  const town = await startTown(
    { onTestFinished },
    {
      store: { type: 'kubernetes', namespace, apply, shards },
      variables: { KUBECONFIG },
      configuration,
      spec,
    },
  )
  return {
    client,
    town,
    get: async (kind, name) =>
      (await client.request({ method: 'GET', path: `${root}/${kind}/${name}` })) as Seen,
    async reasonsOf(kind, name) {
      const path = `/api/v1/namespaces/${namespace}/events`
      const query = { fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}` }
      const { items } = (await client.request({ method: 'GET', path, query })) as {
        readonly items: readonly { readonly reason: string }[]
      }
      return items.map(({ reason }) => reason)
    },
    async annotate(kind, name, annotations) {
      const body = { metadata: { annotations } }
      const contentType = 'application/merge-patch+json'
      await client.request({ method: 'PATCH', path: `${root}/${kind}/${name}`, body, contentType })
    },
  }
}

/** Of the small API server, or of the real cluster that `STEERSMAN_TEST_KUBECONFIG` names. */
async function openNamespace(rules: readonly PolicyRule[]): Promise<RealNamespace> {
  if (realKubeconfig !== undefined) return openRealNamespace(realKubeconfig, rules)
  const namespace = `town-${randomUUID().slice(0, 8)}`
  const { api, close } = await openSmallServer({
    users: [
      { name: 'admin', token: 'admin' },
      { name: 'controller', token: 'controller', rules, namespace },
    ],
  })
  const kubeconfigs = {
    admin: api.kubeconfig('admin', namespace),
    account: api.kubeconfig('controller', namespace),
  }
  return { namespace, kubeconfigs, close }
}

/** As the chart has it for `secretRefs`. */
const readingSecrets = (resourceNames: readonly string[]): PolicyRule => ({
  apiGroups: [''],
  resources: ['secrets'],
  resourceNames,
  verbs: ['get', 'watch'],
})
