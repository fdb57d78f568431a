import { KubeConfig, type RequestContext } from '@kubernetes/client-node'

/**
 * A configuration whose requests share their connections. The library makes a dispatcher for each request, and with it a connection and its handshake; this
 * one keeps a dispatcher until certificates, keys or addresses, which are read anew each time, are others.
 */
export class KeptConnections extends KubeConfig {
  #key: string | undefined
  #dispatcher: ReturnType<RequestContext['getDispatcher']>

  /** What a dispatcher is made of; where nothing has changed, none is made. */
  override createDispatcherOptions(
    ...given: Parameters<KubeConfig['createDispatcherOptions']>
  ): ReturnType<KubeConfig['createDispatcherOptions']> {
    const options = super.createDispatcherOptions(...given)
    const key = JSON.stringify(options)
    if (key === this.#key) return { type: 'none' }
    this.#key = key
    return options
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    const made = context.getDispatcher()
    // The old one's requests come to their end, and its connections close when they idle.
    if (made !== undefined) this.#dispatcher = made
    else if (this.#dispatcher !== undefined) context.setDispatcher(this.#dispatcher)
  }
}
