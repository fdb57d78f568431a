import { BlockList, isIP } from 'node:net'
import type { Condition } from '../elb/conditions.ts'

/** A request as the load balancer sees it. */
export interface RouteRequest {
  readonly listenerArn: string
  readonly method: string
  /** The Host header, with or without a port. */
  readonly host: string
  /** Without the query string. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Decoded pairs in the order of the URL. */
  readonly query: readonly (readonly [string, string])[]
  readonly sourceIp: string
  readonly cookies: Readonly<Record<string, string>>
}

/**
 * Whether a rule's condition holds. `*` stands for any characters and `?` for one; only paths care about upper and lower
 * case (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html).
 */
export function holds(condition: Condition, request: RouteRequest): boolean {
  switch (condition.field) {
    case 'host-header': {
      const host = request.host.replace(/:\d+$/, '')
      return anyOf(condition, host, { ignoreCase: true })
    }
    case 'path-pattern':
      return anyOf(condition, request.path, { ignoreCase: false })
    case 'http-header': {
      const value = request.headers[(condition.headerName ?? '').toLowerCase()]
      return value !== undefined && anyOf(condition, value, { ignoreCase: true })
    }
    case 'http-request-method':
      return condition.values.includes(request.method)
    case 'query-string':
      return (condition.pairs ?? []).some((pair) =>
        request.query.some(
          ([key, value]) =>
            (pair.Key === undefined || wildcard(pair.Key, true).test(key)) &&
            wildcard(pair.Value, true).test(value),
        ),
      )
    case 'source-ip':
      return condition.values.some((range) => inRange(request.sourceIp, range))
  }
}

function anyOf(condition: Condition, subject: string, { ignoreCase }: { ignoreCase: boolean }): boolean {
  return (
    condition.values.some((pattern) => wildcard(pattern, ignoreCase).test(subject)) ||
    condition.regexValues.some((expression) => regular(expression).test(subject))
  )
}

/** Compiled patterns; dropped altogether when there are very many, since rules change rarely. */
const compiled = new Map<string, RegExp>()
const MOST_COMPILED = 5000

function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  return remembered(`${ignoreCase ? 'i' : 'c'}${pattern}`, () => {
    const source = pattern
      .replaceAll(/\\([*?\\])|[.+^${}()|[\]\\]|[*?]/g, (found: string, escaped: string | undefined) => {
        if (escaped !== undefined) return `\\${escaped}`
        return found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`
      })
      .replaceAll(/(\.\*)+/g, '.*')
    return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's')
  })
}

function regular(expression: string): RegExp {
  return remembered(`r${expression}`, () => new RegExp(expression))
}

function remembered(key: string, compile: () => RegExp): RegExp {
  const known = compiled.get(key)
  if (known !== undefined) return known
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  const expression = compile()
  compiled.set(key, expression)
  return expression
}

function inRange(address: string, range: string): boolean {
  const plain = address.replace(/^::ffff:/, '')
  const [network = '', bits = ''] = range.split('/')
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(network) === 0 || isIP(plain) !== isIP(network)) return false
  const list = new BlockList()
  list.addSubnet(network, bits === '' ? (family === 'ipv4' ? 32 : 128) : Number(bits), family)
  return list.check(plain, family)
}
