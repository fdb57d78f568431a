import { serviceShape } from '../defaults.ts'
import type { Document } from '../defaults/shape.ts'
import type { LiveService, ScalableRange, WantedService } from './wanted.ts'
import type { Change } from './change.ts'
import { changeAt } from './change.ts'
import type { Difference } from './compare.ts'
import { compare, sameReference } from './compare.ts'
import { pruned } from './prune.ts'

type ServiceRoot = 'service' | 'idleService'

const ours = { owner: 'Steersman', class: 'service' } as const
const shape = { owner: 'Terraform', class: 'infrastructure' } as const

/** One side's service against what the release wants of it. */
export function diffService(
  root: ServiceRoot,
  wanted: WantedService | undefined,
  live: LiveService | null | undefined,
  {
    ranges,
    ignore,
  }: { readonly ranges: readonly ScalableRange[]; readonly ignore?: readonly string[] | undefined },
): Change[] {
  if (wanted === undefined || live === undefined) return []
  if (live === null) return [changeAt(root, [], { wanted: wanted.name, live: null, ...ours })]
  return [
    ...diffStatus(root, live),
    ...diffCount(root, wanted, live, ranges),
    ...diffRevision(root, wanted, live),
    ...diffSettings(root, wanted, live, ignore),
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

function diffSettings(
  root: ServiceRoot,
  wanted: WantedService,
  live: LiveService,
  ignore: readonly string[] | undefined,
): Change[] {
  const pruning = { roots: root === 'service' ? ['service'] : ['service', 'idleService'], ignore }
  return settingsDifferences(wanted.settings ?? {}, live, pruning).map((difference) =>
    changeAt(root, difference.path, { wanted: difference.wanted, live: difference.live, ...ours }),
  )
}

/** What came of comparisons, by both sides as JSON: from look to look settings are nearly always the same. */
const compared = new Map<string, readonly Difference[]>()
const MOST_COMPARED = 500

function settingsDifferences(
  settings: Document,
  live: LiveService,
  pruning: Parameters<typeof pruned>[2],
): readonly Difference[] {
  const both = JSON.stringify([settings, live.settings, live.tags, pruning.ignore && pruning])
  const known = compared.get(both)
  if (known !== undefined) return known
  const tags = Object.entries(live.tags).map(([key, value]) => ({ key, value }))
  const described: Document = { ...live.settings, tags }
  const shown = (document: Document): Document => pruned(serviceShape, document, pruning)
  const differences = compare(serviceShape, shown(settings), shown(described))
  if (compared.size >= MOST_COMPARED) compared.clear()
  compared.set(both, differences)
  return differences
}

/** Which target group a service fills is Terraform's, or was given when Steersman created the service: it can't be corrected by a count or a weight. */
function diffBinding(root: ServiceRoot, wanted: WantedService, live: LiveService): Change[] {
  if (wanted.targetGroupArn === undefined || live.targetGroupArns.includes(wanted.targetGroupArn)) return []
  const groups = { wanted: [wanted.targetGroupArn], live: live.targetGroupArns }
  return [changeAt(root, ['loadBalancers'], { ...groups, ...shape })]
}
