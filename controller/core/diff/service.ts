import { serviceShape } from '../defaults.ts'
import type { Document } from '../defaults/shape.ts'
import type { LiveService, ScalableRange, WantedService } from './wanted.ts'
import type { Change } from './change.ts'
import { changeAt } from './change.ts'
import type { Difference } from './compare.ts'
import { compare, sameReference } from './compare.ts'

type ServiceRoot = 'service' | 'idleService'

const ours = { owner: 'Steersman', class: 'service' } as const
const shape = { owner: 'Terraform', class: 'infrastructure' } as const

/** One side's service against what the release wants of it. */
export function diffService(
  root: ServiceRoot,
  wanted: WantedService | undefined,
  live: LiveService | null | undefined,
  ranges: readonly ScalableRange[],
): Change[] {
  if (wanted === undefined || live === undefined) return []
  if (live === null) return [changeAt(root, [], { wanted: wanted.name, live: null, ...ours })]
  return [
    ...diffStatus(root, live),
    ...diffCount(root, wanted, live, ranges),
    ...diffRevision(root, wanted, live),
    ...diffSettings(root, wanted, live),
    ...diffBinding(root, wanted, live),
  ]
}

function diffStatus(root: ServiceRoot, live: LiveService): Change[] {
  return live.status === 'ACTIVE'
    ? []
    : [changeAt(root, ['status'], { wanted: 'ACTIVE', live: live.status, ...ours })]
}

/** Within its bounds autoscaling may set any count; outside of them somebody else did, and autoscaling will put it right. */
function diffCount(
  root: ServiceRoot,
  wanted: WantedService,
  live: LiveService,
  ranges: readonly ScalableRange[],
): Change[] {
  if (wanted.desiredCount === undefined || wanted.desiredCount === live.desiredCount) return []
  const counts = { wanted: wanted.desiredCount, live: live.desiredCount }
  const range = ranges.find((candidate) => candidate.service === live.name)
  if (range === undefined) return [changeAt(root, ['desiredCount'], { ...counts, ...ours })]
  const isWithin = live.desiredCount >= range.minimum && live.desiredCount <= range.maximum
  return isWithin
    ? []
    : [changeAt(root, ['desiredCount'], { ...counts, owner: 'Autoscaling', class: 'unmanaged' })]
}

function diffRevision(root: ServiceRoot, wanted: WantedService, live: LiveService): Change[] {
  if (wanted.taskDefinition === undefined || sameReference(wanted.taskDefinition, live.taskDefinition))
    return []
  const revisions = { wanted: wanted.taskDefinition, live: live.taskDefinition }
  return [changeAt(root, ['taskDefinition'], { ...revisions, ...ours })]
}

function diffSettings(root: ServiceRoot, wanted: WantedService, live: LiveService): Change[] {
  return settingsDifferences(wanted.settings ?? {}, live).map((difference) =>
    changeAt(root, difference.path, { wanted: difference.wanted, live: difference.live, ...ours }),
  )
}

interface Compared {
  /** The wanted settings as JSON. */
  readonly wanted: string
  readonly differences: readonly Difference[]
}

/** What came of the last comparison with a service as it was seen: one look is compared with the same settings several times. */
const compared = new WeakMap<LiveService, Compared>()

function settingsDifferences(settings: Document, live: LiveService): readonly Difference[] {
  const wanted = JSON.stringify(settings)
  const known = compared.get(live)
  if (known?.wanted === wanted) return known.differences
  const tags = Object.entries(live.tags).map(([key, value]) => ({ key, value }))
  const described: Document = { ...live.settings, tags }
  const differences = compare(serviceShape, settings, described)
  compared.set(live, { wanted, differences })
  return differences
}

/** Which target group a service fills is Terraform's, or was given when Steersman created the service: it can't be corrected by a count or a weight. */
function diffBinding(root: ServiceRoot, wanted: WantedService, live: LiveService): Change[] {
  if (wanted.targetGroupArn === undefined || live.targetGroupArns.includes(wanted.targetGroupArn)) return []
  const groups = { wanted: [wanted.targetGroupArn], live: live.targetGroupArns }
  return [changeAt(root, ['loadBalancers'], { ...groups, ...shape })]
}
