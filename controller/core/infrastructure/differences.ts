import { isRecord } from '../../resources/problem.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { PlannedChange } from './plan-json.ts'
import { isSecretName, SENSITIVE, shownValue } from './shown-value.ts'

/** One attribute, or a member of it, that differs before and after. */
export interface Difference {
  /** The attribute's own name, without what lies below it. */
  readonly attribute: string
  /** As people write it: `action[0].forward[0].target_group`. */
  readonly path: string
  /** Fit to be shown: sensitive values are masked, long ones counted. */
  readonly before: string
  readonly after: string
  /** One side has nothing and the other an empty list, map or text. */
  readonly isEmptiness: boolean
}

interface Compared {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
  readonly unknown: unknown
  readonly beforeSensitive: unknown
  readonly afterSensitive: unknown
  readonly isSecret: boolean
}

/** Bounds what one resource may cost and say. */
const MOST_DIFFERENCES = 200
const DEEPEST = 12

const UNKNOWN = '(known after apply)'

/** The names of the attributes that an update or a replace changes, or may change; of a create or delete, none. */
export function changedAttributes({ before, after, afterUnknown }: PlannedChange): readonly string[] {
  if (before === null || after === null) return []
  return attributeNames({ before, after, afterUnknown }).filter(
    (name) =>
      holdsTrue(member(afterUnknown, name)) ||
      canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null),
  )
}

/** What an update or a replace changes, attribute by attribute; of a create or delete, nothing. */
export function differences(change: PlannedChange): readonly Difference[] {
  const { before, after, afterUnknown } = change
  if (before === null || after === null) return []
  return attributeNames({ before, after, afterUnknown })
    .flatMap((attribute) =>
      compare(
        {
          path: attribute,
          before: before[attribute],
          after: after[attribute],
          unknown: member(afterUnknown, attribute),
          beforeSensitive: member(change.beforeSensitive, attribute),
          afterSensitive: member(change.afterSensitive, attribute),
          isSecret: isSecretName(attribute),
        },
        0,
      ).map((difference) => ({ attribute, ...difference })),
    )
    .slice(0, MOST_DIFFERENCES)
}

function attributeNames({
  before,
  after,
  afterUnknown,
}: {
  readonly before: Readonly<Record<string, unknown>>
  readonly after: Readonly<Record<string, unknown>>
  readonly afterUnknown: unknown
}): readonly string[] {
  const unknown = isRecord(afterUnknown) ? Object.keys(afterUnknown) : []
  return [...new Set([...Object.keys(before), ...Object.keys(after), ...unknown])].toSorted()
}

/** `after_unknown` has empty lists and maps for what is known. */
function holdsTrue(unknown: unknown): boolean {
  if (unknown === true) return true
  if (Array.isArray(unknown)) return unknown.some(holdsTrue)
  return isRecord(unknown) && Object.values(unknown).some(holdsTrue)
}

function compare(compared: Compared, depth: number): Omit<Difference, 'attribute'>[] {
  const { path, before, after, unknown, beforeSensitive, afterSensitive, isSecret } = compared
  const isHidden = isSecret || beforeSensitive === true || afterSensitive === true
  if (unknown === true)
    return [
      {
        path,
        before: shown(before, { isHidden, mask: beforeSensitive }),
        after: UNKNOWN,
        isEmptiness: false,
      },
    ]
  const inner = isHidden || depth >= DEEPEST ? undefined : members(compared)
  if (inner !== undefined) return inner.flatMap((each) => compare(each, depth + 1))
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
  return [
    {
      path,
      before: shown(before, { isHidden, mask: beforeSensitive }),
      after: shown(after, { isHidden, mask: afterSensitive }),
      isEmptiness: isEmpty(before) && isEmpty(after),
    },
  ]
}

/** The members to compare one by one; undefined where the values have to be compared as wholes. */
function members(compared: Compared): Compared[] | undefined {
  const { before, after, unknown } = compared
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.map((_, index) => below(compared, index, `${compared.path}[${index}]`))
  if (!isRecord(before) || !isRecord(after)) return undefined
  const names = new Set([
    ...Object.keys(before),
    ...Object.keys(after),
    ...(isRecord(unknown) ? Object.keys(unknown) : []),
  ])
  return [...names].toSorted().map((name) => below(compared, name, `${compared.path}.${name}`))
}

function below(compared: Compared, key: string | number, path: string): Compared {
  return {
    path,
    before: member(compared.before, key),
    after: member(compared.after, key),
    unknown: member(compared.unknown, key),
    beforeSensitive: member(compared.beforeSensitive, key),
    afterSensitive: member(compared.afterSensitive, key),
    isSecret: compared.isSecret || (typeof key === 'string' && isSecretName(key)),
  }
}

/** `true` for all of something is `true` for each member of it. */
function member(value: unknown, key: string | number): unknown {
  if (value === true) return true
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function shown(
  value: unknown,
  { isHidden, mask }: { readonly isHidden: boolean; readonly mask: unknown },
): string {
  return isHidden ? SENSITIVE : shownValue(value, mask)
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && Object.keys(value).length === 0
}
