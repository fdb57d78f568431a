const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Whether a request may administrate: an image's `command` runs a process, so a web page in the user's browser must not
 * reach it, neither from another origin nor by a name that was re-bound to loopback.
 */
export function mayAdministrate(headers: {
  host?: string | undefined
  origin?: string | undefined
}): boolean {
  const isLoopback = (host: string | undefined) =>
    host !== undefined && LOOPBACK.has(host.replace(/:\d+$/, ''))
  const origin = headers.origin
  return (
    isLoopback(headers.host) && (origin === undefined || isLoopback(/^https?:\/\/(.+)$/.exec(origin)?.[1]))
  )
}
