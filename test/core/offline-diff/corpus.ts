import { readFileSync } from 'node:fs'

import { parse } from 'yaml'

import type { Change, ChangeClass, Owner } from '../../../controller/core/diff.ts'
import { offlineDiff } from '../../../controller/core/offline-diff.ts'
import type { ReleaseSpec } from '../../../controller/resources/generated/release.ts'

type Edits = Readonly<Record<string, unknown>>

/** One case of test/fixtures/drift: edits of the base pair, and what must come out. */
export interface DriftCase {
  readonly title: string
  /** Where it is written or was reported: `ecs/API_…`, `elb/API_…`, `autoscaling/API_…`, `owner/repository#number`, a page, or one of our own. */
  readonly source: string
  /** Null: none is named. */
  readonly environment?: string | null
  readonly commit?: string
  readonly release?: Edits
  readonly live?: Edits
  readonly changes: readonly {
    readonly path: string
    readonly owner: Owner
    readonly class: ChangeClass
    readonly wanted?: unknown
    readonly live?: unknown
  }[]
}

/** Each file is read once: to parse the base pair for every case would take longer than to compare it. */
const known = new Map<string, unknown>()

function read(name: string): unknown {
  const text = (): string =>
    readFileSync(new URL(`../../fixtures/drift/${name}.yaml`, import.meta.url), 'utf8')
  if (!known.has(name)) known.set(name, parse(text()))
  return known.get(name)
}

/** The files of cases in test/fixtures/drift. */
export const caseFiles = [
  'service',
  'task-definition',
  'traffic',
  'spellings',
  'reports',
  'ownership',
  'tags',
  'images',
  'scaling-policies',
] as const

export const readCases = (name: string): readonly DriftCase[] => read(name) as readonly DriftCase[]

/** The offline diff of a case. */
export function diffCase(driftCase: DriftCase): Change[] {
  const base = structuredClone(read('base')) as { release: unknown; live: unknown }
  for (const [path, value] of Object.entries(driftCase.live ?? {}).toReversed()) edit(base.live, path, value)
  for (const [path, value] of Object.entries(driftCase.release ?? {}).toReversed())
    edit(base.release, path, value)
  const { environment = 'prod' } = driftCase
  return offlineDiff({
    release: { name: 'web', spec: base.release as ReleaseSpec },
    environment: environment ?? undefined,
    commit: driftCase.commit,
    live: base.live,
  })
}

function edit(document: unknown, path: string, value: unknown): void {
  const segments = path.slice(1).split('/')
  let target = document as Record<string, unknown>
  for (const segment of segments.slice(0, -1)) target = target[segment] as Record<string, unknown>
  const last = segments.at(-1) ?? ''
  if (value === null && Array.isArray(target)) target.splice(Number(last), 1)
  else if (value === null) delete target[last]
  else if (isReversal(value)) target[last] = (target[last] as unknown[]).toReversed()
  else target[last] = value
}

const isReversal = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'reverse')
