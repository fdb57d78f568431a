import type { TrafficRule } from '../../resources/types.ts'
import { hostsOf } from '../observation.ts'
import type { RuleFacts } from '../observation.ts'
import type { AdoptedListener } from './facts.ts'

/** What a Release may write of a condition, by its schema. */
const HOST = /^[-A-Za-z0-9_.*?]{1,128}$/
const PATH = /^[/*?][!-~]{0,127}$/

/** How a Release names a rule: by its conditions where they are one host, one path or both and no other rule of the listener has them, else by its ARN. */
export function ruleName(rule: RuleFacts, listeners: readonly AdoptedListener[]): TrafficRule {
  const name = nameByConditions(rule)
  if (name === undefined) return { ruleArn: rule.arn }
  const others = listeners
    .flatMap(({ rules }) => rules)
    .filter((other) => other.rule.arn !== rule.arn && other.rule.listenerArn === rule.listenerArn)
  const isAlone = !others.some((other) => sameName(nameByConditions(other.rule), name))
  return isAlone ? name : { ruleArn: rule.arn }
}

/** The rule of the listener that has this very name. */
export const ruleNamed = (listener: AdoptedListener, name: TrafficRule): RuleFacts | undefined =>
  listener.rules.find(({ rule }) => sameName(nameByConditions(rule), name))?.rule

/** Port, host and path; undefined where a rule asks for anything else. */
export function nameByConditions(rule: RuleFacts): TrafficRule | undefined {
  if (rule.kind === 'ListenerDefault') return { port: rule.port }
  const fields = rule.conditions.map((condition) => condition['Field'])
  const hosts = hostsOf(rule)
  const paths = rule.conditions.flatMap(pathsOf)
  const [host] = hosts
  const [path] = paths
  const isSimple =
    fields.every((field) => field === 'host-header' || field === 'path-pattern') &&
    new Set(fields).size === fields.length &&
    hosts.length <= 1 &&
    paths.length <= 1 &&
    hosts.length + paths.length === fields.length &&
    (host === undefined || HOST.test(host)) &&
    (path === undefined || PATH.test(path))
  if (!isSimple) return undefined
  return {
    port: rule.port,
    ...(host === undefined ? {} : { host }),
    ...(path === undefined ? {} : { path }),
  }
}

function pathsOf(condition: Readonly<Record<string, unknown>>): readonly string[] {
  if (condition['Field'] !== 'path-pattern') return []
  const config = condition['PathPatternConfig'] as { readonly Values?: readonly string[] } | undefined
  return config?.Values ?? (condition['Values'] as readonly string[] | undefined) ?? []
}

const sameName = (one: TrafficRule | undefined, other: TrafficRule): boolean =>
  one !== undefined &&
  one.port === other.port &&
  one.host?.toLowerCase() === other.host?.toLowerCase() &&
  one.path === other.path
