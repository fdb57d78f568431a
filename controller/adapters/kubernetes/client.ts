import { delimiter } from 'node:path'
import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node'
import { fetch } from 'undici'
import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { KubeClient, Send } from './calls.ts'
import { kubeClientOver } from './calls.ts'
import { KeptConnections } from './kept-connections.ts'

/**
 * Connects as KUBECONFIG says, else as the pod's service account, else as the kubeconfig in the home directory. Tokens are read anew when they expire.
 * Throws a PortError `NoCluster` (stall) where none of them leads to a cluster.
 */
export function openKubeClient(
  variables: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): KubeClient {
  const config = configOf(variables)
  const server = config.getCurrentCluster()?.server
  if (server === undefined || isFallback(config)) throw noCluster()
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default'

  return kubeClientOver({ namespace, send: senderOf(config, server), clock })
}

/** Sends with what the configuration says of address, certificates and identity, which it may read anew each time. */
const senderOf =
  (config: KubeConfig, server: string): Send =>
  async ({ method, path, query = {}, body, contentType = 'application/json' }, signal) => {
    const url = new URL(`${server}${path}`)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value)
    const context = new RequestContext(url.toString(), HttpMethod.GET)
    await config.applySecurityAuthentication(context)
    const dispatcher = context.getDispatcher()
    return fetch(url, {
      method,
      headers: {
        ...context.getHeaders(),
        accept: 'application/json',
        'user-agent': 'steersman',
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

function configOf({
  KUBECONFIG,
  KUBERNETES_SERVICE_HOST,
}: Readonly<Record<string, string | undefined>>): KubeConfig {
  const config = new KeptConnections()
  const [first, ...more] = (KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  if (first === undefined) {
    if (KUBERNETES_SERVICE_HOST === undefined) config.loadFromDefault()
    else config.loadFromCluster()
    return config
  }
  config.loadFromFile(first)
  for (const path of more) {
    const other = new KeptConnections()
    other.loadFromFile(path)
    config.mergeConfig(other, true)
  }
  return config
}

/** The library falls back to an address of its own invention, which leads nowhere. */
const isFallback = (config: KubeConfig): boolean =>
  config.getCurrentContext() === 'loaded-context' &&
  config.getCurrentCluster()?.server === 'http://localhost:8080'

const noCluster = (): PortError =>
  new PortError('there is no Kubernetes cluster to work with', {
    code: 'NoCluster',
    handling: 'stall',
    remedy: 'Set KUBECONFIG, or run the controller in a pod with a service account.',
  })
