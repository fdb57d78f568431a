import { parse } from '@marcbachmann/cel-js'
import { isRecord, pointerTo } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { ClosedSchema } from './closed.ts'

interface CompiledRule {
  evaluate: (context: Record<string, unknown>) => unknown
  message: string
  /** Pointer from where the rule stands to what it is about. */
  at: string
  comparesWithOld: boolean
}

/** The CEL rules of a schema, laid out along its fields; parts without any rule are left out. */
export interface RuleTree {
  rules: CompiledRule[]
  properties: Map<string, RuleTree>
  each: RuleTree | undefined
}

/** Parses every rule of a schema once; fails at load when one is not CEL. */
export function compileRules(schema: ClosedSchema): RuleTree | undefined {
  const rules = (schema['x-kubernetes-validations'] ?? []).map(
    ({ rule, message, fieldPath }): CompiledRule => {
      const evaluate = parse(rule)
      return {
        evaluate: (context) => evaluate(context) as unknown,
        message,
        at: (fieldPath ?? '').replaceAll('.', '/'),
        comparesWithOld: /\boldSelf\b/.test(rule),
      }
    },
  )
  const properties = new Map<string, RuleTree>()
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const tree = compileRules(child)
    if (tree) properties.set(name, tree)
  }
  const element =
    schema.items ?? (schema.additionalProperties === false ? undefined : schema.additionalProperties)
  const each = element ? compileRules(element) : undefined
  return rules.length > 0 || properties.size > 0 || each ? { rules, properties, each } : undefined
}

interface RuleInput {
  rules: RuleTree | undefined
  value: unknown
  previous: unknown
  /** Problems found before: a rule about a value that is wrong in itself would only repeat them. */
  known: readonly Problem[]
  path?: string
}

/** Evaluates the rules, each on the value where it stands, as Kubernetes does. */
export function brokenRules({ rules, value, previous, known, path = '' }: RuleInput): Problem[] {
  if (!rules || value === undefined || value === null) return []
  const problems = isAlreadyWrong(path, known)
    ? []
    : rules.rules
        .filter((rule) => breaks({ rule, value, previous }))
        .map((rule) => problem(`${path}${rule.at}`, rule.message))
  for (const [key, child] of childrenOf(rules, value)) {
    const before = isRecord(previous) && Object.hasOwn(previous, key) ? previous[key] : undefined
    const inside = Reflect.get(Object(value), key) as unknown
    problems.push(
      ...brokenRules({ rules: child, value: inside, previous: before, known, path: pointerTo(path, key) }),
    )
  }
  return problems
}

function childrenOf(rules: RuleTree, value: unknown): [string, RuleTree][] {
  const { each } = rules
  if (Array.isArray(value)) return each ? value.map((_, index) => [String(index), each]) : []
  if (!isRecord(value)) return []
  if (each) return Object.keys(value).map((key) => [key, each])
  return [...rules.properties].filter(([name]) => Object.hasOwn(value, name))
}

function breaks({
  rule,
  value,
  previous,
}: {
  rule: CompiledRule
  value: unknown
  previous: unknown
}): boolean {
  if (rule.comparesWithOld && previous === undefined) return false
  try {
    return rule.evaluate({ self: value, oldSelf: previous }) !== true
  } catch {
    return true
  }
}

function isAlreadyWrong(path: string, known: readonly Problem[]): boolean {
  return known.some(({ path: wrong }) => {
    if (wrong === path) return true
    return wrong.startsWith(`${path}/`) && !wrong.slice(path.length + 1).includes('/')
  })
}

function problem(path: string, message: string): Problem {
  return { path, message, code: 'InvalidValue', at: 'value' }
}
