import type { Listener } from '../elb/state.ts'
import type { RouteRequest } from './match.ts'
import type { Routed } from './routed.ts'

/** The answer of a redirect action, with `#{host}`, `#{port}`, `#{path}`, `#{protocol}` and `#{query}` filled in. */
export function redirect(
  config: Readonly<Record<string, string>>,
  request: RouteRequest,
  listener: Listener,
): Routed {
  const words: Record<string, string> = {
    host: request.host.replace(/:\d+$/, ''),
    port: String(listener.port),
    path: request.path.replace(/^\//, ''),
    protocol: listener.protocol,
    query: request.query
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
      .join('&'),
  }
  const fill = (template: string) =>
    template.replaceAll(/#\{(\w+)\}/g, (_found, word: string) => words[word] ?? '')
  const protocol = fill(config.Protocol ?? '#{protocol}').toLowerCase()
  const port = fill(config.Port ?? '#{port}')
  const query = fill(config.Query ?? '#{query}')
  const location = `${protocol}://${fill(config.Host ?? '#{host}')}:${port}${fill(config.Path ?? '/#{path}')}`
  return {
    kind: 'redirect',
    status: config.StatusCode === 'HTTP_301' ? 301 : 302,
    location: query === '' ? location : `${location}?${query}`,
  }
}
