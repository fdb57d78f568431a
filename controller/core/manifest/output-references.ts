import { isRecord, pointerSegments } from '../../resources/problem.ts'
import { select } from '../../resources/select.ts'
import { sha256 } from '../canonical-json.ts'

/** A name of a release that an output of the environment's Terraform root holds. */
export interface OutputReference {
  /** Pointer to where the name belongs. */
  readonly path: string
  readonly output: string
}

/** Where `{terraform: NAME}` may stand for a text. */
const NAMES = [
  '/spec/service/cluster',
  '/spec/service/name',
  '/spec/service/names/blue',
  '/spec/service/names/green',
  '/spec/traffic/loadBalancer',
  '/spec/traffic/targetGroups/blue',
  '/spec/traffic/targetGroups/green',
]
const SCHEDULES = ['/spec/schedules/*/group', '/spec/schedules/*/name']
const RULES = ['/spec/traffic/rule/ruleArn', '/spec/traffic/rules/*/ruleArn', '/spec/traffic/test/ruleArn']

const OUTPUT_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,254}$/

/** Finds the references of a manifest; what has another form is left to the schema to refuse. */
export function findOutputReferences(document: unknown): OutputReference[] {
  return [...NAMES, ...SCHEDULES, ...RULES].flatMap((pattern) =>
    select(document, pattern).flatMap(({ path, value }) => {
      const output = outputOf(value)
      return output === undefined ? [] : [{ path, output }]
    }),
  )
}

function outputOf(value: unknown): string | undefined {
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined
  const { terraform } = value
  return typeof terraform === 'string' && OUTPUT_NAME.test(terraform) ? terraform : undefined
}

/** The document with a text in the place of each reference: nothing in AWS has that name, and the same output has always the same. */
export const withStandIns = <T>(document: T, references: readonly OutputReference[]): T =>
  putValues(
    document,
    references.map(({ path, output }) => ({ path, value: standIn(path, output) })),
  )

/** The document as it was written. */
export const withReferences = <T>(document: T, references: readonly OutputReference[]): T =>
  putValues(
    document,
    references.map(({ path, output }) => ({ path, value: { terraform: output } })),
  )

function standIn(path: string, output: string): string {
  const name = `output-${sha256(output).slice('sha256:'.length, 'sha256:'.length + 12)}`
  return path.endsWith('/ruleArn') ? `arn:aws:elasticloadbalancing:::listener-rule/app/${name}` : name
}

/** A copy of the document with the values at their pointers, all of which it has. */
export const putValues = <T>(
  document: T,
  values: readonly { readonly path: string; readonly value: unknown }[],
): T =>
  values.reduce(
    (changed: unknown, { path, value }) => putAt(changed, pointerSegments(path), value),
    document,
  ) as T

function putAt(parent: unknown, segments: readonly string[], value: unknown): unknown {
  const [first, ...rest] = segments
  if (first === undefined) return value
  if (Array.isArray(parent))
    return parent.map((item: unknown, index) => (String(index) === first ? putAt(item, rest, value) : item))
  return isRecord(parent) ? { ...parent, [first]: putAt(parent[first], rest, value) } : parent
}
