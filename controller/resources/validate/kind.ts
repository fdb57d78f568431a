import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import type { Problem } from '../problem.ts'
import type { Schema } from '../schema.ts'
import { closeSchema, removeNulls } from './closed.ts'
import { duplicateListKeys } from './lists.ts'
import { brokenRules, compileRules } from './rules.ts'
import { problemOf } from './sentence.ts'

/** The result of a check: the value with its defaults, or everything that is wrong with it. */
export type Validated<T> = { ok: true; value: T } | { ok: false; problems: Problem[] }

/** More problems than this in one document are not told: nobody reads them. */
const MAX_PROBLEMS = 100

type Check = <T>(input: { document: unknown; previous?: unknown }) => Validated<T>

/** Makes the validator of one kind: the schema closed against unknown fields, its CEL rules, and unique list keys. */
export function compileKind(schema: Schema): Check {
  const closed = closeSchema(schema)
  const validate = createAjv().compile(closed)
  const rules = compileRules(closed)
  return <T>({ document, previous }: { document: unknown; previous?: unknown }): Validated<T> => {
    const value = removeNulls(structuredClone(document), closed)
    const problems = schemaProblems(validate, value)
    problems.push(...duplicateListKeys({ schema: closed, value }))
    const before = removeNulls(structuredClone(previous), closed)
    if (before !== undefined) validate(before) // fills in its defaults, so that like is compared with like
    problems.push(...brokenRules({ rules, value, previous: before, known: problems }))
    if (problems.length > 0) return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) }
    return { ok: true, value: value as T }
  }
}

function schemaProblems(validate: ValidateFunction, value: unknown): Problem[] {
  if (validate(value)) return []
  return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(problemOf)
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    strict: true,
    ownProperties: true,
  })
  for (const keyword of [
    'nullable',
    'x-kubernetes-list-type',
    'x-kubernetes-list-map-keys',
    'x-kubernetes-preserve-unknown-fields',
    'x-kubernetes-validations',
  ]) {
    if (!ajv.getKeyword(keyword)) ajv.addKeyword(keyword)
  }
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger })
  ajv.addFormat('date-time', isDateTime)
  return ajv
}

/** RFC 3339 as Kubernetes writes it. */
function isDateTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
}
