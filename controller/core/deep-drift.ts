import type { DefaultedDriftPolicy, DefaultedReleaseSpec } from '../resources/types.ts'
import type { DesiredRelease } from './desired.ts'
import type { Change, LiveTargetGroup } from './diff.ts'
import { diffRelease } from './diff.ts'
import { pointerSegments, sortChanges } from './diff/change.ts'
import type { Document } from './defaults/shape.ts'
import { lastSegment } from './diff/compare.ts'
import { diffScalingPolicies } from './diff/scaling-policies.ts'
import { withoutIgnored } from './ignore.ts'
import type { RunningImage, TaggedImage } from './running-images.ts'
import { pushedAgain, runningImageChanges, tagName } from './running-images.ts'
import type { TaggedPlace } from './traffic-tags.ts'
import { trafficTagChanges, trafficTags } from './traffic-tags.ts'
import type { DeepDrift } from './drifted-fields.ts'
import type { Side } from './observation.ts'
import { sides } from './observation.ts'

/** What a deep look showed of a release. */
export interface DeepFacts {
  /** What was asked for: another question needs another look. */
  readonly asked: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Null for a group that does not exist. */
  readonly targetGroups: Readonly<Record<Side, LiveTargetGroup | null>> | undefined
  /** The digests that the tags mean in the registry by now, by `repository:tag`; undefined for one that is gone. */
  readonly digests: Readonly<Record<string, string | undefined>>
  /** What the service revisions run that were there, by their ARNs. */
  readonly running?: Readonly<Record<string, readonly RunningImage[]>>
  /** What the tags among them mean in the registry by now, by `repository:tag`. */
  readonly meanings?: Readonly<Record<string, readonly string[] | undefined>>
  /** Policies of autoscaling, by the names of the services that are there. */
  readonly policies?: Readonly<Record<string, readonly Document[]>>
  /** Target groups, rules and listeners with their tags; those that are gone are left out. */
  readonly tagged?: readonly TaggedPlace[]
}

/** What a deep look at a release is to read: only what git says something of. */
export interface DeepQuestion {
  readonly asked: string
  /** Names of the target groups whose attributes git names. */
  readonly targetGroups: Readonly<Record<Side, string>> | undefined
  /** Images that git names by their tags. */
  readonly tags: readonly TaggedImage[]
  /** Whether what runs may be named by tags. */
  readonly asksRunning?: true
  /** Whether git names policies of autoscaling. */
  readonly asksPolicies?: true
  /** Whether git names tags of the target groups and rules. */
  readonly asksTags?: true
}

/** What of a release says what a deep look is about. */
export type DeepSubject = Pick<
  DesiredRelease,
  'spec' | 'image' | 'sidecars' | 'container' | 'goesBack' | 'runsTags'
>

/** Undefined where git says nothing that only a deep look shows. */
export function deepQuestion(release: DeepSubject): DeepQuestion | undefined {
  const { targetGroupAttributes, targetGroups: groups } = release.spec.traffic ?? {}
  const targetGroups = Object.keys(targetGroupAttributes ?? {}).length === 0 ? undefined : groups
  const tagged = taggedImages(release)
  const wantedTags = trafficTags(release.spec.traffic)
  const asksTags = Object.keys(wantedTags).length > 0
  const asksRunning = release.runsTags === true
  const { scalingPolicies = [] } = release.spec.service
  const asksPolicies = scalingPolicies.length > 0
  const asksMore = asksTags || asksRunning || asksPolicies
  if (targetGroups === undefined && tagged.length === 0 && !asksMore) return undefined
  const attributes = targetGroups && targetGroupAttributes
  const about = [targetGroups, attributes, tagged, asksRunning, scalingPolicies]
  const asked = JSON.stringify(asksTags ? [...about, wantedTags, groups, ruleNames(release)] : about)
  return {
    asked,
    targetGroups,
    tags: tagged.map(({ repository, tag }) => ({ repository, tag })),
    ...(asksTags ? { asksTags } : {}),
    ...(asksRunning ? { asksRunning } : {}),
    ...(asksPolicies ? { asksPolicies } : {}),
  }
}

function ruleNames({ spec: { traffic } }: DeepSubject): readonly unknown[] {
  const { loadBalancer, rule, rules, test } = traffic ?? {}
  return [loadBalancer, rule, rules, test]
}

/** Those that were resolved from a tag for this commit: what is named by its digest, by a pin or by a way back can't become something else. */
function taggedImages(release: DeepSubject): readonly ResolvedTag[] {
  const { image, sidecars = [], container, spec, goesBack } = release
  if ((spec.pin ?? null) !== null || goesBack === true) return []
  const images = [...(image === undefined ? [] : [image]), ...sidecars]
  return images.flatMap(({ container: own, repository, tag, digest }) =>
    tag === undefined ? [] : [{ container: own ?? container ?? 'image', repository, tag, digest }],
  )
}

interface ResolvedTag extends TaggedImage {
  readonly container: string
  readonly digest: string
}

/** What a deep look showed to be otherwise than git says; undefined where it was not asked yet. */
export function deepDrift(
  release: DeepSubject,
  {
    facts,
    policy,
    now,
    known = {},
    revision,
  }: {
    readonly facts: DeepFacts | undefined
    readonly policy: DefaultedDriftPolicy
    readonly now: number
    /** The tags that all had when they were seen last: what they never had is nobody's change. */
    readonly known?: Readonly<Record<string, string>> | undefined
    /** ARN of the service revision that serves. */
    readonly revision?: string | undefined
  },
): DeepDrift | undefined {
  const question = deepQuestion(release)
  if (question === undefined) return { changes: [], at: now, tags: {} }
  if (facts?.asked !== question.asked) return undefined
  const { spec } = release
  const missing = trafficTagChanges(spec, facts.tagged ?? [])
  const changes = sortChanges([
    ...targetGroupChanges(spec, facts),
    ...withoutIgnored(policyChanges(spec, facts), spec.ignore),
    ...missing.filter((change) => known[keyIn(change)] === change.wanted),
    ...withoutIgnored(imageChanges(release, facts, revision), spec.ignore),
  ])
  return {
    changes: changes.filter((change) => policy[change.class] !== 'Ignore'),
    at: facts.at,
    ...(missing.length === 0 ? { tags: trafficTags(spec.traffic) } : {}),
  }
}

const policyChanges = ({ service }: DefaultedReleaseSpec, { policies }: DeepFacts): Change[] =>
  Object.entries(policies ?? {}).flatMap(([name, live]) =>
    diffScalingPolicies(name, service.scalingPolicies, live),
  )

const keyIn = ({ path }: Change): string => pointerSegments(path).at(-1) ?? ''

function targetGroupChanges(spec: DefaultedReleaseSpec, { targetGroups: live }: DeepFacts): Change[] {
  const { traffic, ignore } = spec
  if (traffic === undefined || live === undefined) return []
  const named = sides.map((side) => ({
    name: lastSegment(traffic.targetGroups[side]),
    attributes: traffic.targetGroupAttributes,
  }))
  return diffRelease({ targetGroups: named, ignore }, { targetGroups: sides.map((side) => live[side]) })
}

/** Of a container whose running image was seen, that counts. */
function imageChanges(release: DeepSubject, facts: DeepFacts, revision: string | undefined): Change[] {
  const running = revision === undefined ? undefined : facts.running?.[revision]
  const seen = runningImageChanges(running ?? [], facts.meanings ?? {})
  const others = tagChanges(release, facts).filter(({ path }) => !seen.some((change) => change.path === path))
  return [...seen, ...others]
}

/** A tag that was pushed again: what serves stays what was verified, and git does not say any more what it is. */
const tagChanges = (release: DeepSubject, { digests }: DeepFacts): Change[] =>
  taggedImages(release).flatMap((image) => {
    const now = digests[tagName(image)]
    if (now === undefined || now === image.digest) return []
    return [pushedAgain({ container: image.container, image, now, before: image.digest })]
  })

/**
 * Whether a release is to be looked at deeply now: when nobody has yet, when another question is asked, and once within each interval at a moment of its own, so
 * that many releases are spread evenly. Times are milliseconds of one clock that only goes forward.
 */
export function isDeepLookDue({
  release,
  question,
  last,
  intervalMs,
  now,
}: {
  readonly release: string
  readonly question: DeepQuestion
  readonly last: { readonly asked: string; readonly monotonic: number } | undefined
  readonly intervalMs: number
  readonly now: number
}): boolean {
  if (last?.asked !== question.asked) return true
  const phase = phaseOf(release) * intervalMs
  const turnAt = (time: number): number => Math.floor((time - phase) / intervalMs)
  return turnAt(now) > turnAt(last.monotonic)
}

/** From 0 to 1, the same for a name in every process. FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
export function phaseOf(name: string): number {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  // The last letters move the low bits most: they are mixed into the high ones.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}
