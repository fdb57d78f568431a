import type { ChangedBy, ReleaseStatus } from '../resources/types.ts'
import { pointerSegments } from './diff/change.ts'
import type { Place, ReleaseObservation } from './observation.ts'
import { otherSide, seenAt } from './observation.ts'
import { timestamp } from './time.ts'

/** What to ask a trail for who has changed a field: the resource that has the field, and the calls that may have changed it. */
export interface TrailQuestion {
  /** ARN, or the form of it that a call's request has. */
  readonly resource: string
  /** Names that a request may have for it. */
  readonly names: readonly string[]
  readonly events: readonly string[]
}

/** One call, as far as it says who. */
export interface KnownCall {
  readonly id: string
  readonly at: number
  readonly name: string
  readonly user: string
  readonly isOwn: boolean
  readonly invokedBy: string | undefined
  readonly failed: boolean
  readonly request: Readonly<Record<string, unknown>>
}

/** How long before a field was seen to differ the call may have been made, in milliseconds: looks can be far apart. */
export const TRAIL_LOOKBACK_MS = 6 * 3_600_000

const SERVICE_CALLS = ['UpdateService', 'CreateService', 'DeleteService']
const TAG_CALLS = ['TagResource', 'UntagResource']
const RULE_CALLS = ['ModifyRule', 'SetRulePriorities', 'DeleteRule']
const TRAFFIC_TAG_CALLS = ['AddTags', 'RemoveTags']
const LISTENER_CALLS = ['ModifyListener', 'DeleteListener']

/** The questions about a drifted field, by its path; none for what no call of ECS or load balancing changes. */
export function trailQuestions(
  path: string,
  { observation, live }: { readonly observation: ReleaseObservation; readonly live: Place },
): readonly TrailQuestion[] {
  const [root, first, part] = pointerSegments(path)
  const isTag = part === 'Tags'
  if (root === 'service' || root === 'idleService') {
    if (root === 'idleService' && live === 'only') return []
    const place = root === 'service' || live === 'only' ? live : otherSide(live)
    const { service } = seenAt(observation, place)
    if (service === null) return []
    const events = first === 'tags' ? [...TAG_CALLS, ...SERVICE_CALLS] : SERVICE_CALLS
    return [{ resource: service.arn, names: [service.arn, service.name], events }]
  }
  if (root === 'targetGroups' && isTag) return targetGroupQuestions(observation, first)
  const kind = root === 'rules' ? 'Rule' : root === 'listeners' ? 'ListenerDefault' : undefined
  if (kind === undefined) return []
  const rules = [...observation.production, observation.test].flatMap((rule) => rule ?? [])
  return rules
    .filter((rule) => rule.kind === kind && (kind === 'Rule' || String(rule.port) === first))
    .map(({ arn }) => ({
      resource: arn,
      names: [arn],
      events: isTag ? TRAFFIC_TAG_CALLS : kind === 'Rule' ? RULE_CALLS : LISTENER_CALLS,
    }))
}

const targetGroupQuestions = (
  { sides: { blue, green } }: ReleaseObservation,
  name: string | undefined,
): readonly TrailQuestion[] =>
  [blue, green].flatMap(({ targetGroup }) =>
    targetGroup?.name === name && targetGroup !== null
      ? [{ resource: targetGroup.arn, names: [targetGroup.arn], events: TRAFFIC_TAG_CALLS }]
      : [],
  )

/** Who made the newest of the calls that may have changed it; Steersman's own and those that failed are left out. */
export function attribute(
  calls: readonly KnownCall[],
  { names, events }: TrailQuestion,
): ChangedBy | undefined {
  const [newest] = calls
    .filter(({ isOwn, failed, name }) => !isOwn && !failed && events.includes(name))
    .filter(({ request }) => names.some((name) => speaksOf(request, name)))
    .toSorted((one, other) => other.at - one.at)
  if (newest === undefined) return undefined
  return {
    user: userOf(newest),
    event: newest.name,
    eventId: newest.id.slice(0, 64),
    at: timestamp(newest.at),
  }
}

/** The status with who has changed each drifted field, where that is known now or was before and the field is as it was. */
export function withAuthors(
  status: ReleaseStatus,
  previous: ReleaseStatus,
  found: (path: string) => ChangedBy | undefined,
): ReleaseStatus {
  if (status.drift === undefined) return status
  const drift = status.drift.map((field) => {
    const before = previous.drift?.find(({ path, live }) => path === field.path && live === field.live)
    const by = found(field.path) ?? before?.by
    return by === undefined ? field : { ...field, by }
  })
  return { ...status, drift }
}

const LONGEST_USER = 128

/** Autoscaling acts under the name of a session that says nothing to people. */
function userOf({ user, invokedBy }: KnownCall): string {
  if (invokedBy?.includes('autoscaling') === true || user.startsWith('AutoScaling-'))
    return 'Application Auto Scaling'
  const readable = user.replaceAll(/[^\w+=,.@:/ -]/g, '?').slice(0, LONGEST_USER)
  return readable === '' ? (invokedBy?.slice(0, LONGEST_USER) ?? 'unknown') : readable
}

const DEEPEST = 4

/** Whether a request names something, as a text of its own or the last part of an ARN. */
function speaksOf(value: unknown, name: string, depth = 0): boolean {
  if (typeof value === 'string') return value === name || value.endsWith(`/${name}`)
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) return false
  return Object.values(value).some((item) => speaksOf(item, name, depth + 1))
}
