import type { Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import { PortError } from '../../../ports/error.ts'
import { objectsIn, textsIn } from '../client/members.ts'

/** What a release asks of a rule, at least one of the two. */
export interface RuleWish {
  readonly host?: string
  readonly path?: string
}

const everyPath = '/*'

/**
 * The one rule whose conditions are exactly the asked host and path; undefined when there is none, `RuleAmbiguous` (stall)
 * when there are several. Hosts compare without case, paths with it, as AWS matches them. The path `/*` covers every
 * request, so where no rule has it written out, a rule without a path condition will do, and the other way round.
 */
export function matchRule(rules: readonly Rule[], wish: RuleWish): Rule | undefined {
  const candidates = rules.filter(({ IsDefault }) => IsDefault !== true)
  const literal = candidates.filter((rule) => sameConditions(conditionsOf(rule), wishedConditions(wish)))
  if (literal.length > 0) return onlyOne(literal, wish)
  const meant = withoutEveryPath(wishedConditions(wish))
  if (meant.size === 0) return undefined
  return onlyOne(
    candidates.filter((rule) => sameConditions(withoutEveryPath(conditionsOf(rule)), meant)),
    wish,
  )
}

type Conditions = ReadonlyMap<string, string>

function onlyOne(matches: readonly Rule[], wish: RuleWish): Rule | undefined {
  if (matches.length <= 1) return matches[0]
  const arns = matches.map(({ RuleArn }) => RuleArn ?? '').join(', ')
  throw new PortError(`${matches.length} rules match ${describeWish(wish)}: ${arns}`, {
    code: 'RuleAmbiguous',
    handling: 'stall',
    remedy: "Name the release's rule by traffic.rule.ruleArn, or remove the other one.",
  })
}

function describeWish({ host, path }: RuleWish): string {
  return [host === undefined ? [] : `host ${host}`, path === undefined ? [] : `path ${path}`]
    .flat()
    .join(' and ')
}

function wishedConditions({ host, path }: RuleWish): Conditions {
  const conditions = new Map<string, string>()
  if (host !== undefined) conditions.set('host-header', host.toLowerCase())
  if (path !== undefined) conditions.set('path-pattern', path)
  return conditions
}

/** Undefined for a rule that asks for more than one host and one path. */
function conditionsOf(rule: Rule): Conditions | undefined {
  const conditions = new Map<string, string>()
  for (const condition of objectsIn(rule.Conditions, "a rule's conditions")) {
    const value = onlyValue(condition)
    if (condition.Field === undefined || value === undefined || conditions.has(condition.Field))
      return undefined
    conditions.set(condition.Field, condition.Field === 'host-header' ? value.toLowerCase() : value)
  }
  return conditions
}

function onlyValue(condition: RuleCondition): string | undefined {
  if (condition.Field !== 'host-header' && condition.Field !== 'path-pattern') return undefined
  const config = condition.Field === 'host-header' ? condition.HostHeaderConfig : condition.PathPatternConfig
  if (textsIn(config?.RegexValues ?? condition.RegexValues, "a condition's expressions").length > 0)
    return undefined
  const values = textsIn(config?.Values ?? condition.Values, "a condition's values")
  return values.length === 1 ? values[0] : undefined
}

function withoutEveryPath(conditions: Conditions): Conditions
function withoutEveryPath(conditions: Conditions | undefined): Conditions | undefined
function withoutEveryPath(conditions: Conditions | undefined): Conditions | undefined {
  if (conditions?.get('path-pattern') !== everyPath) return conditions
  return new Map([...conditions].filter(([field]) => field !== 'path-pattern'))
}

function sameConditions(left: Conditions | undefined, right: Conditions): boolean {
  if (left === undefined || left.size !== right.size) return false
  return [...right].every(([field, value]) => left.get(field) === value)
}
