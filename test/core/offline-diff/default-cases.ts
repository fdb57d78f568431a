import { readFileSync } from 'node:fs'

import { parse } from 'yaml'

import {
  actionsShape,
  serviceShape,
  targetGroupAttributesShape,
  targetGroupShape,
  taskDefinitionShape,
  trackedTargetShape,
} from '../../../controller/core/defaults.ts'
import type { Shape } from '../../../controller/core/defaults/shape.ts'
import { pointer, pointerSegments } from '../../../controller/core/diff/change.ts'
import { compare } from '../../../controller/core/diff/compare.ts'
import { applied } from '../diff/arbitrary.ts'

/** The tables, by the names that test/fixtures/drift/defaults.yaml and the rows' keys use. */
export const tables = {
  service: serviceShape,
  taskDefinition: taskDefinitionShape,
  actions: actionsShape,
  targetGroup: targetGroupShape,
  attributes: targetGroupAttributesShape,
  scalingPolicy: trackedTargetShape,
} satisfies Record<string, Shape>

/** One pair of documents, whose difference the row of a table decides about. */
export interface DefaultCase {
  readonly title: string
  /** `part/member/…`, as {@link defaultRows} names rows. */
  readonly row: string
  readonly kind: 'left out' | 'spelled out' | 'changed'
  readonly source: string
  readonly part: keyof typeof tables
  readonly git: unknown
  readonly live: unknown
  /** The paths that have to come out. */
  readonly paths: readonly string[]
}

interface Group {
  readonly part: keyof typeof tables
  readonly source: string
  readonly git?: unknown
  readonly under?: string
  readonly named?: boolean
  readonly rows: Readonly<Record<string, readonly [filled: unknown, changed: unknown]>>
}

/** Three cases for each row: git leaves it out and AWS shows it, git spells it out and AWS does not show it, and somebody changed it. */
export function defaultCases(): readonly DefaultCase[] {
  const file = new URL('../../fixtures/drift/defaults.yaml', import.meta.url)
  const groups = parse(readFileSync(file, 'utf8')) as readonly Group[]
  return groups.flatMap((group) =>
    Object.entries(group.rows).flatMap(([name, values]) => casesOf(group, name, values)),
  )
}

function casesOf(group: Group, name: string, [filled, changed]: readonly unknown[]): readonly DefaultCase[] {
  const shape = tables[group.part]
  const [member = ''] = name.split('#')
  const path = [...pointerSegments(group.under ?? ''), member]
  const git = group.git ?? {}
  const shown = applied(shape, git, path, filled)
  const { part, source } = group
  const shared = { part, source, row: rowKey(shape, path, name) }
  const at = pointer(path)
  const alike = [
    { ...shared, kind: 'left out', title: `${part}${at} left out`, git, live: shown, paths: [] },
    { ...shared, kind: 'spelled out', title: `${part}${at} spelled out`, git: shown, live: git, paths: [] },
  ] as const
  if (changed === null) return alike
  const wanted = group.named === true ? shown : git
  const live = applied(shape, git, path, changed)
  return [
    ...alike,
    { ...shared, kind: 'changed', title: `${part}${at} changed`, git: wanted, live, paths: [at] },
  ]
}

/** The members on the way to the row, without the names of a set's objects. */
function rowKey(root: Shape, path: readonly string[], name: string): string {
  let shape: Shape | undefined = root
  const members: string[] = []
  for (const segment of path.slice(0, -1)) {
    if (shape?.kind === 'set') {
      shape = shape.of
      continue
    }
    members.push(segment)
    shape = shape?.kind === 'object' ? shape.members[segment] : undefined
  }
  const [part] = Object.entries(tables).find(([, table]) => table === root) ?? ['']
  return [part, ...members, name].join('/')
}

/** Where a case's documents differ. */
export function pathsOf(
  { part, git, live }: Pick<DefaultCase, 'part' | 'git' | 'live'>,
  shape?: Shape,
): string[] {
  return compare(shape ?? tables[part], git, live).map(({ path }) => pointer(path))
}

/** Every row of the tables by its key, `#n` where a member has several. */
export function defaultRows(): readonly string[] {
  return Object.entries(tables).flatMap(([part, shape]) => rowsOf(shape, part))
}

function rowsOf(shape: Shape, key: string): readonly string[] {
  const rows = shape.defaults ?? []
  const own = rows.map((_, index) => (rows.length === 1 ? key : `${key}#${index}`))
  if (shape.kind === 'object')
    return [
      ...own,
      ...Object.entries(shape.members).flatMap(([name, member]) => rowsOf(member, `${key}/${name}`)),
    ]
  return shape.kind === 'set' || shape.kind === 'list' ? [...own, ...rowsOf(shape.of, key)] : own
}

/** The table without one row. */
export function withoutRow(part: keyof typeof tables, row: string): Shape {
  return without(tables[part], part, row)
}

function without(shape: Shape, key: string, row: string): Shape {
  const rows = shape.defaults
  const kept = rows?.filter((_, index) => (rows.length === 1 ? key : `${key}#${index}`) !== row)
  const rest: Shape = kept === undefined ? shape : { ...shape, defaults: kept }
  if (rest.kind === 'object') {
    const members = Object.entries(rest.members).map(
      ([name, member]) => [name, without(member, `${key}/${name}`, row)] as const,
    )
    return { ...rest, members: Object.fromEntries(members) }
  }
  return rest.kind === 'set' || rest.kind === 'list' ? { ...rest, of: without(rest.of, key, row) } : rest
}
