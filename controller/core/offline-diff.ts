import type { Change, LiveRelease, LiveService, LiveTargetGroup, WantedRelease } from './diff.ts'
import { diffRelease, redactChange } from './diff.ts'
import { changeAt, sortChanges } from './diff/change.ts'
import { lastSegment, sameReference } from './diff/compare.ts'
import { placeOf } from './diff/rule.ts'
import { diffScalingPolicies } from './diff/scaling-policies.ts'
import { withoutIgnored } from './ignore.ts'
import { findRule } from './offline-diff/find-rule.ts'
import type { OfflineDiffInput } from './offline-diff/input.ts'
import type { LiveState } from './offline-diff/live-state.ts'
import {
  meaningsOf,
  readLiveState,
  runningImages,
  scalableRanges,
  serviceFacts,
  tagsByArn,
  targetGroupFacts,
  textOf,
} from './offline-diff/live-state.ts'
import { isUnresolved } from './offline-diff/placeholders.ts'
import { wantedRelease } from './offline-diff/wanted.ts'
import { runningImageChanges, tagIn } from './running-images.ts'
import type { TrafficPlace } from './traffic-tags.ts'
import { trafficTagChanges } from './traffic-tags.ts'

export type { OfflineDiffInput } from './offline-diff/input.ts'
export { LiveStateError } from './offline-diff/live-state.ts'

/**
 * What would change against a saved live state, secrets hidden. `service` counts as the side that should serve: the file holds no rollout, so
 * what weights are wanted follows from it. Throws {@link LiveStateError} or TaskDefinitionError for input that can't be read.
 */
export function offlineDiff(input: OfflineDiffInput): Change[] {
  const state = readLiveState(input.live)
  const service = state.service && serviceFacts(state.service)
  const idleService = state.idleService && serviceFacts(state.idleService)
  const wanted = wantedRelease(input, { state, service })
  const rules = wanted.rules?.map(({ rule }) => findRule(state, rule))
  const targetGroups = wanted.targetGroups?.map(({ name }) => findTargetGroup(state, name))
  const changes = diffRelease(wanted, {
    service,
    idleService,
    taskDefinition: state.taskDefinition,
    rules,
    targetGroups,
    scalableRanges: scalableRanges(state.scalableTargets ?? [], clusterOf(input, state)),
  })
  const real = [
    ...changes,
    ...tagChanges(input, state, { wanted, rules, targetGroups }),
    ...imageChanges(input, state),
    ...policyChanges(input, state, [service, idleService]),
  ].filter((change) => !isUnresolved(change))
  const all = [...real, ...otherRevision(wanted, state, { service, changes: real })]
  return sortChanges(withoutIgnored(all, input.release.spec.ignore)).map(redactChange)
}

/** What AWS says, since the release's own name of it may hold a placeholder. */
function clusterOf({ release }: OfflineDiffInput, { service, idleService }: LiveState): string {
  const arn = textOf((service ?? idleService)?.['clusterArn'])
  return arn === '' ? release.spec.service.cluster : lastSegment(arn)
}

function findTargetGroup(state: LiveState, name: string): LiveTargetGroup | null | undefined {
  if (state.targetGroups === undefined) return undefined
  const found = state.targetGroups.find((group) => group['TargetGroupName'] === name)
  return found === undefined ? null : targetGroupFacts(found, state.targetGroupAttributes)
}

/** Of the services that were saved, where the policies were. */
function policyChanges(
  input: OfflineDiffInput,
  state: LiveState,
  services: readonly (LiveService | undefined)[],
): Change[] {
  const { scalingPolicies } = state
  if (scalingPolicies === undefined) return []
  const cluster = clusterOf(input, state)
  return services.flatMap((service) => {
    if (service === undefined) return []
    const own = scalingPolicies.filter(
      (policy) => policy['ResourceId'] === `service/${cluster}/${service.name}`,
    )
    return diffScalingPolicies(service.name, input.release.spec.service.scalingPolicies, own)
  })
}

/** Tags that were pushed again since what serves was started; of a pin, which says exactly what shall serve, none. */
function imageChanges({ release: { spec } }: OfflineDiffInput, state: LiveState): Change[] {
  if (state.serviceRevision === undefined || (spec.pin ?? null) !== null) return []
  const running = runningImages(state.serviceRevision)
  const tags = running.flatMap(({ image }) => tagIn(image) ?? [])
  return runningImageChanges(running, meaningsOf(tags, state.imageDetails ?? []))
}

/** Tags of what was saved with its tags; whether somebody changed them, or nobody gave them yet, is in no file. */
function tagChanges(
  { release: { spec } }: OfflineDiffInput,
  { tagDescriptions }: LiveState,
  {
    wanted,
    rules = [],
    targetGroups = [],
  }: Pick<LiveRelease, 'rules' | 'targetGroups'> & { readonly wanted: WantedRelease },
): Change[] {
  if (tagDescriptions === undefined) return []
  const saved = tagsByArn(tagDescriptions)
  const places: readonly TrafficPlace[] = [
    ...targetGroups.flatMap((group) => (group ? [{ ...group, root: 'targetGroups' as const }] : [])),
    ...(wanted.rules ?? []).flatMap(({ rule }, index) => {
      const { root, name } = placeOf(rule)
      return [{ arn: rules[index]?.arn ?? '', root, name }]
    }),
  ]
  const tagged = places.flatMap((place) => {
    const tags = saved.get(place.arn)
    return tags === undefined ? [] : [{ ...place, tags }]
  })
  return trafficTagChanges(spec, tagged)
}

/** The saved revision holds what git wants, but the service runs another one. */
function otherRevision(
  wanted: WantedRelease,
  state: LiveState,
  seen: { readonly service: LiveService | undefined; readonly changes: readonly Change[] },
): Change[] {
  const described = textOf(state.taskDefinition?.['taskDefinitionArn'])
  const running = seen.service?.taskDefinition ?? ''
  const isKnown = wanted.taskDefinition !== undefined && described !== '' && running !== ''
  if (!isKnown || sameReference(described, running)) return []
  if (seen.changes.some(({ path }) => path.startsWith('/taskDefinition'))) return []
  const revisions = { wanted: described, live: running }
  return [changeAt('service', ['taskDefinition'], { ...revisions, owner: 'Steersman', class: 'service' })]
}
