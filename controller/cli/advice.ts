import type { EnvironmentView, ReleaseView } from '../api/client.ts'
import { findCondition, isConditionTrue } from '../resources/conditions.ts'
import type { Condition } from '../resources/types.ts'
import { keyOf } from './rows/releases.ts'
import { counted } from './words.ts'

/** Something that a person should know, and what to do about it. */
export interface Advice {
  readonly level: 'bad' | 'attention'
  readonly what: string
  readonly next?: string
}

/** More issues or drifted fields than this are counted, not told. */
const TOLD_LIMIT = 5

/** What is wrong with an environment, the worst first. */
export function adviceForEnvironment({ metadata, status = {} }: EnvironmentView): readonly Advice[] {
  const { name } = metadata
  const conditions = status.conditions ?? []
  const resume = `\`steersman resume ${name}\` ends it`
  return [
    ...sourceAdvice(conditions),
    ...issueAdvice(status.issues ?? []),
    ...stalledAdvice(conditions),
    ...(status.paused === undefined
      ? []
      : [attention(`paused by ${status.paused.by} at ${status.paused.at}: nothing is written`, resume)]),
    ...infrastructureAdvice(conditions),
    ...told(conditions, 'Held', resume),
    ...told(
      conditions,
      'TagMissing',
      'nothing to do: the tag is written again with the next verified commit',
    ),
    ...frozenAdvice(name, status),
  ]
}

/** What is wrong with a release, the worst first. */
export function adviceForRelease(view: ReleaseView): readonly Advice[] {
  const { status = {} } = view
  const { environment, release } = keyOf(view)
  const name = `${environment}/${release}`
  const conditions = status.conditions ?? []
  const failed = (status.failed ?? []).length > 0
  const stalled = findCondition(conditions, 'Stalled')
  const { waiting, pinned } = status
  return [
    ...(stalled?.status === 'True'
      ? [bad(`${stalled.reason}: ${stalled.message}`, failed ? retryAdvice(name) : undefined)]
      : []),
    ...(waiting === undefined
      ? []
      : [attention(`waits: ${waiting.message}`, waitingAdvice(waiting, environment))]),
    ...driftAdvice(status.drift ?? [], name),
    ...(pinned === undefined
      ? []
      : [attention(`pinned: ${pinned.reason}`, `\`steersman unpin ${name}\` follows the branch again`)]),
    ...told(conditions, 'Held', `\`steersman resume ${environment}\` ends it`),
    ...told(
      conditions,
      'UnsafeVersion',
      'see that it works with what was changed, or bring a version that does',
    ),
  ]
}

const bad = (what: string, next?: string): Advice => ({
  level: 'bad',
  what,
  ...(next !== undefined && { next }),
})
const attention = (what: string, next?: string): Advice => ({ ...bad(what, next), level: 'attention' })

const retryAdvice = (name: string): string =>
  `push a version that works, or \`steersman retry ${name}\` when the cause is gone; \`steersman history ${name}\` shows what was tried`

function sourceAdvice(conditions: readonly Condition[]): readonly Advice[] {
  const source = findCondition(conditions, 'SourceReady')
  if (source?.status !== 'False') return []
  const next =
    source.reason === 'SourceMissing'
      ? 'push the branch, or correct spec.source of the Environment'
      : undefined
  return [bad(`${source.reason}: ${source.message}`, next)]
}

function issueAdvice(issues: readonly string[]): readonly Advice[] {
  const shown = issues.slice(0, TOLD_LIMIT).map((issue) => bad(issue))
  const more = issues.length - shown.length
  if (shown.length === 0) return []
  const next = 'correct the manifests and push; `steersman validate` finds the same issues before a push'
  return [
    ...shown,
    bad(more === 0 ? counted(issues.length, 'issue') : `and ${counted(more, 'more issue')}`, next),
  ]
}

/** The message says what to do next. */
function infrastructureAdvice(conditions: readonly Condition[]): readonly Advice[] {
  const ready = findCondition(conditions, 'InfrastructureReady')
  const lock = told(conditions, 'StateLocked')
  if (ready?.status !== 'False' || ready.reason === 'StateLocked') return lock
  const isOnItsWay = ready.reason === 'Planning' || ready.reason === 'Applying'
  const what = `infrastructure ${ready.reason}: ${ready.message}`
  return [isOnItsWay ? attention(what) : bad(what), ...lock]
}

/** The same trouble is told once: issues and a failing source have said it better. */
function stalledAdvice(conditions: readonly Condition[]): readonly Advice[] {
  const stalled = findCondition(conditions, 'Stalled')
  if (stalled?.status !== 'True' || stalled.reason === 'ManifestInvalid') return []
  if (findCondition(conditions, 'SourceReady')?.status === 'False') return []
  return [bad(`${stalled.reason}: ${stalled.message}`)]
}

/** The freeze, and who set one aside. */
function frozenAdvice(
  name: string,
  { conditions = [], freeze, freezeOverride }: NonNullable<EnvironmentView['status']>,
): readonly Advice[] {
  const next =
    freeze?.until === undefined
      ? 'correct spec.freeze of the Environment'
      : `wait, or an admin: \`steersman override-freeze ${name} --reason …\``
  const overridden =
    freezeOverride === undefined
      ? []
      : [
          attention(
            `a freeze was set aside by ${freezeOverride.by} at ${freezeOverride.at}: ${freezeOverride.reason}`,
          ),
        ]
  return [...told(conditions, 'Frozen', next), ...overridden]
}

function waitingAdvice(
  { reason, until }: { readonly reason: string; readonly until?: string },
  environment: string,
): string | undefined {
  if (reason === 'Frozen')
    return `${until === undefined ? '' : `it goes on at ${until}; `}an admin may \`steersman override-freeze ${environment} --reason …\``
  return until === undefined ? undefined : `it is given up at ${until}`
}

function driftAdvice(
  drift: NonNullable<ReleaseView['status']>['drift'] & object,
  name: string,
): readonly Advice[] {
  const fields = drift.slice(0, TOLD_LIMIT)
  const more = drift.length - fields.length
  const lines = fields.map(({ path, wanted, live, owner }) =>
    attention(
      `drift at ${path}: wanted ${wanted ?? 'nothing'}, live ${live ?? 'nothing'} (${owner ?? 'unknown owner'})`,
    ),
  )
  if (lines.length === 0) return []
  const end = more === 0 ? [] : [attention(`and ${counted(more, 'more drifted field')}`)]
  return [
    ...lines,
    ...end,
    attention(counted(drift.length, 'drifted field'), `\`steersman diff ${name}\` shows what would be done`),
  ]
}

function told(conditions: readonly Condition[], type: string, next?: string): readonly Advice[] {
  if (!isConditionTrue(conditions, type)) return []
  return [attention(`${type}: ${findCondition(conditions, type)?.message ?? ''}`, next)]
}
