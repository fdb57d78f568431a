import { isRecord } from '../../resources/problem.ts'
import { canonicalJson } from '../canonical-json.ts'

/** Stands for a value that nobody may read. */
export const SENSITIVE = '(sensitive)'

/** Longer values are counted instead: nobody reads them in a line, and documents of that size hold secrets that no provider marked. */
const LONGEST = 200

/** Names that providers do not always mark, and that hold secrets as a rule. */
const SECRET_NAME =
  /password|passwd|secret|token|private_key|api_key|access_key|credential|user_data|container_definitions|^environment$/i
/** Such a name that only tells where the secret lies. */
const HARMLESS_NAME = /(?:_arn|_arns|_name|_names|_version|_type|_enabled|_wo_version)$/i

/** Whether whatever stands under an attribute of this name is hidden, marked or not. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name)
}

/** A value as one line: JSON, its sensitive members masked as the plan marks them, a long one counted. */
export function shownValue(value: unknown, sensitive: unknown): string {
  const text = canonicalJson(masked(value, sensitive) ?? null)
  return text.length > LONGEST ? `(${text.length} characters)` : text
}

/** A copy in which every member is masked that `sensitive` (`before_sensitive`, `after_sensitive`, `sensitive_values`) marks or its name betrays. */
function masked(value: unknown, sensitive: unknown): unknown {
  if (sensitive === true) return SENSITIVE
  if (Array.isArray(value)) {
    const marks: readonly unknown[] = Array.isArray(sensitive) ? sensitive : []
    return value.map((item, index) => masked(item, marks[index]))
  }
  if (!isRecord(value)) return value
  const marks = isRecord(sensitive) ? sensitive : {}
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isSecretName(name) && item !== null
        ? SENSITIVE
        : masked(item, Object.hasOwn(marks, name) ? marks[name] : undefined),
    ]),
  )
}
