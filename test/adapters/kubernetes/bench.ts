import { randomUUID } from 'node:crypto'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { openKubeClient } from '../../../controller/adapters/kubernetes/client.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { KubeApi, KubeApiOptions } from '../../support/kube-api/kube-api.ts'
import { startKubeApi } from '../../support/kube-api/kube-api.ts'
import { openRealNamespace, realKubeconfig } from '../../support/real-cluster.ts'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'

export const clusterName = realKubeconfig === undefined ? 'the small API server' : 'a real cluster'

/** A namespace of its own in a cluster: of the small server, or of the real one that STEERSMAN_TEST_KUBECONFIG names. */
export interface ClusterBench {
  readonly namespace: string
  /** A new connection each time, as another process would have it. */
  client(): KubeClient
  close(): Promise<void>
}

/** What is opened before any other test of a file, and closed after the last one. */
export interface Cluster {
  bench(): Promise<ClusterBench>
  close(): Promise<void>
}

export async function openCluster(): Promise<Cluster> {
  const real = realKubeconfig
  if (real !== undefined) return { bench: () => realBench(real), close: async () => undefined }
  const { api, close } = await openSmallServer()
  const bench = async (): Promise<ClusterBench> => {
    const namespace = `test-${randomUUID().slice(0, 8)}`
    const KUBECONFIG = api.kubeconfig('admin', namespace)
    return {
      namespace,
      client: () => openKubeClient({ KUBECONFIG }, systemClock),
      close: async () => undefined,
    }
  }
  return { bench, close }
}

export async function openSmallServer(
  options: Partial<KubeApiOptions> = {},
): Promise<{ readonly api: KubeApi; close(): Promise<void> }> {
  const directory = await makeTemporaryDirectory('kube-api')
  const api = await startKubeApi({ directory: directory.path, crds: 'crds', ...options })
  return {
    api,
    async close() {
      await api.close()
      await directory.remove()
    },
  }
}

async function realBench(kubeconfig: string): Promise<ClusterBench> {
  const { namespace, kubeconfigs, close } = await openRealNamespace(kubeconfig, [])
  return { namespace, client: () => openKubeClient({ KUBECONFIG: kubeconfigs.admin }, systemClock), close }
}
