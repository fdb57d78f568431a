import type { DefaultedReleaseSpec } from '../resources/types.ts'
import type { Change } from './diff/change.ts'
import { changeAt, pointer } from './diff/change.ts'
import { lastSegment } from './diff/compare.ts'
import { placeOf } from './diff/rule.ts'
import { isIgnored } from './ignore.ts'
import type { ReleaseObservation, TargetGroupFacts } from './observation.ts'

/** Something of a release's traffic that can have tags. */
export interface TrafficPlace {
  readonly arn: string
  readonly root: 'targetGroups' | 'rules' | 'listeners'
  /** As paths of changes name it. */
  readonly name: string
}

export type TaggedPlace = TrafficPlace & { readonly tags: Readonly<Record<string, string>> }

type Traffic = DefaultedReleaseSpec['traffic']

/** The tags that a release's target groups and rules shall have; empty where git names none. */
export const trafficTags = (traffic: Traffic): Readonly<Record<string, string>> =>
  Object.fromEntries((traffic?.tags ?? []).map(({ key, value }) => [key, value ?? '']))

/** The places that get tags, of those that exist. */
export function trafficPlaces(
  traffic: Traffic,
  {
    targetGroups,
    production,
    test,
  }: Pick<ReleaseObservation, 'production' | 'test'> & {
    readonly targetGroups: readonly (Pick<TargetGroupFacts, 'arn' | 'name'> | null)[]
  },
): readonly TrafficPlace[] {
  const named = traffic?.rules ?? (traffic?.rule === undefined ? [] : [traffic.rule])
  const rules = [
    ...named.map((rule, index) => [rule, production[index]] as const),
    ...(traffic?.test === undefined ? [] : [[traffic.test, test] as const]),
  ]
  const places: readonly TrafficPlace[] = [
    ...targetGroups.flatMap((group) =>
      group === null ? [] : [{ arn: group.arn, root: 'targetGroups' as const, name: group.name }],
    ),
    ...rules.flatMap(([name, rule]) => {
      if (rule === null || rule === undefined) return []
      const place = placeOf(name)
      return [{ arn: rule.arn, root: place.root, name: place.name }]
    }),
  ]
  return [...new Map(places.map((place) => [place.arn, place])).values()]
}

/** The tags that git names and a place lacks, or has with another value; all others are somebody's. */
export function trafficTagChanges(
  spec: Pick<DefaultedReleaseSpec, 'traffic' | 'ignore'>,
  tagged: readonly TaggedPlace[],
): Change[] {
  return tagged.flatMap((place) =>
    Object.entries(missingTags(spec, place)).map(([key, wanted]) =>
      changeAt(place.root, [place.name, 'Tags', key], {
        wanted,
        live: Object.hasOwn(place.tags, key) ? place.tags[key] : null,
        owner: 'Steersman',
        class: 'traffic',
      }),
    ),
  )
}

/** Those of the wanted tags that are not as wanted, but for what is left to others. */
export function missingTags(
  { traffic, ignore }: Pick<DefaultedReleaseSpec, 'traffic' | 'ignore'>,
  { root, name, tags }: TaggedPlace,
): Readonly<Record<string, string>> {
  const isLeft = (key: string): boolean => isIgnored(pointer([root, name, 'Tags', key]), ignore)
  return Object.fromEntries(
    Object.entries(trafficTags(traffic)).filter(
      ([key, wanted]) => !(Object.hasOwn(tags, key) && tags[key] === wanted) && !isLeft(key),
    ),
  )
}

/** What was seen, once the place was given tags. */
export const withTagsAt = (
  tagged: readonly TaggedPlace[],
  given: { readonly arn: string; readonly tags: Readonly<Record<string, string>> },
): readonly TaggedPlace[] =>
  tagged.map((place) =>
    place.arn === given.arn ? { ...place, tags: { ...place.tags, ...given.tags } } : place,
  )

const KINDS = { targetGroups: 'target group', rules: 'rule', listeners: 'listener' } as const

/** A place in words. */
export const placeText = ({ root, name }: Pick<TrafficPlace, 'root' | 'name'>): string =>
  `${KINDS[root]} ${lastSegment(name)}`
