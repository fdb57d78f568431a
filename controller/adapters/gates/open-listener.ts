import type { Client } from 'undici'

import type { ListenerProbe } from '../../ports/gate.ts'
import { isAllowedHost } from './allowed-host.ts'
import type { AllAddressesLookup } from './connect.ts'
import { connectTo } from './connect.ts'
import { listenerOrigin } from './listeners.ts'

export interface ListenerOptions {
  /** `STEERSMAN_LISTENERS_URL`: where to ask for a listener's real address; unset, the load balancer's DNS name and port are asked. */
  readonly listenersUrl?: string | undefined
  readonly policy: {
    /** `allow.gateHosts`: hosts besides the release's own listener; `*` stands for any run of characters. */
    readonly allowHosts: readonly string[]
    readonly isListenerOfRelease: (probe: ListenerProbe) => boolean
  }
  /** The system's resolver unless given. */
  readonly lookup?: AllAddressesLookup | undefined
}

/** That the environment does not let its gates ask a host. */
export class HostNotAllowed extends Error {
  override readonly name = 'HostNotAllowed'
  readonly code = 'HostNotAllowed'
}

/** Connections to the probe's listener, as many as wanted, one request at a time on each. Throws ListenerUnknown and {@link HostNotAllowed}. */
export async function openListener(
  probe: ListenerProbe,
  { policy, listenersUrl, lookup }: ListenerOptions,
  signal: AbortSignal,
): Promise<() => Client> {
  const { dnsName } = probe.loadBalancer
  if (!policy.isListenerOfRelease(probe) && !isAllowedHost(dnsName, policy.allowHosts))
    throw new HostNotAllowed(`the host ${dnsName} is not in allow.gateHosts`)
  const origin = await listenerOrigin(probe, listenersUrl, signal)
  const serverName = origin.startsWith('https:') ? (probe.host ?? new URL(origin).hostname) : undefined
  return () => connectTo({ origin, serverName: serverName?.replace(/:\d+$/, ''), lookup })
}
