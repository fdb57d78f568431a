import { arnParts } from './arn.ts'
import { hiddenNameOf, importRuleOf, importRules, isHarmlessTwice } from './import-rules.ts'
import type { ImportRule } from './import-rules.ts'
import type { Plan, PlannedChange } from './plan-json.ts'
import { hasTags, plannedTags } from './planned-tags.ts'
import type { Tags } from './planned-tags.ts'

/** A resource as the account has it. */
export interface TaggedResource {
  readonly arn: string
  readonly tags: Tags
}

/** What an interrupted apply may have made, and a plan would make again. */
export interface Leftover {
  /** Undefined for a type that tags don't show: whether it is there is not known. */
  readonly arn: string | undefined
  /** Undefined for a type whose import ID is not known. */
  readonly importId: string | undefined
  /** The planned resources that it may be. */
  readonly addresses: readonly string[]
  /** By its name: AWS takes no second one, or the second would be the first. */
  readonly isCertain: boolean
}

/**
 * What is there and the state lacks, although the plan would create it. A resource is one that is planned if it is of its type, has its name where ARNs tell names, lies in the same parent
 * where that is known, and has all of its tags; where some of those have exactly its tags, they alone.
 */
export function leftoversOf(plan: Plan, found: readonly TaggedResource[]): readonly Leftover[] {
  const planned = plan.changes.filter(({ action, type }) => action === 'create' && !isHarmlessTwice(type))
  const isKnown = knownTo(plan)
  const seen = found
    .filter((resource) => !isKnown(resource))
    .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
    .flatMap((resource) => leftoverOf(resource, planned) ?? [])
  return [...seen, ...planned.flatMap((change) => hiddenOf(change) ?? [])]
}

function leftoverOf(resource: TaggedResource, planned: readonly PlannedChange[]): Leftover | undefined {
  const { arn } = resource
  const place = placeOf(arn)
  if (place === undefined) return strangerOf(resource, planned)
  const { rule, rest } = place
  const fitting = closest(
    planned.filter((change) => fits(change, place, resource)),
    resource,
  )
  if (fitting.length === 0) return undefined
  return {
    arn,
    importId: rule.importId === 'Arn' ? arn : rest,
    addresses: addressesOf(fitting),
    isCertain: fitting.length === 1 && fitting.every((change) => nameOf(change, rule) !== undefined),
  }
}

/** A resource of a type that is not known can be any planned one of such types. */
function strangerOf({ arn, tags }: TaggedResource, planned: readonly PlannedChange[]): Leftover | undefined {
  const fitting = planned.filter((change) => {
    const wanted = plannedTags(change)
    return importRuleOf(change.type) === undefined && wanted !== undefined && hasTags(tags, wanted)
  })
  if (fitting.length === 0 || IS_NO_RESOURCE_OF_TERRAFORM.test(arn)) return undefined
  return { arn, importId: undefined, addresses: addressesOf(fitting), isCertain: false }
}

/** Tasks and revisions carry the tags of their service; target registrations have no ARN that tells their name. */
const IS_NO_RESOURCE_OF_TERRAFORM = /:(?:ecs:[^:]*:\d*:(?:task|task-definition)\/|application-autoscaling:)/

function hiddenOf({ address, type, after }: PlannedChange): Leftover | undefined {
  const attribute = hiddenNameOf(type)
  const name = attribute === undefined ? undefined : after?.[attribute]
  if (typeof name !== 'string') return undefined
  return { arn: undefined, importId: name, addresses: [address], isCertain: false }
}

interface Place {
  readonly rule: ImportRule
  readonly rest: string
}

function placeOf(arn: string): Place | undefined {
  const parts = arnParts(arn)
  const rule = importRules.find(
    ({ service, prefix }) => parts?.service === service && parts.resource.startsWith(prefix),
  )
  return rule === undefined || parts === undefined
    ? undefined
    : { rule, rest: parts.resource.slice(rule.prefix.length) }
}

function fits(change: PlannedChange, { rule, rest }: Place, { tags }: TaggedResource): boolean {
  const own = importRuleOf(change.type)
  if (own?.service !== rule.service || own.prefix !== rule.prefix) return false
  if (!liesIn(change, own, rest)) return false
  const name = nameOf(change, own)
  return name === undefined ? hasTags(tags, plannedTags(change) ?? NO_TAGS) : own.name?.in(rest) === name
}

const NO_TAGS: Tags = {}

/** Those that will have exactly the resource's tags, where there are some: a `Name` tells subnets and security groups apart. */
function closest(fitting: readonly PlannedChange[], { tags }: TaggedResource): readonly PlannedChange[] {
  const exact = fitting.filter((change) => hasTags(plannedTags(change) ?? NO_TAGS, tags))
  return exact.length > 0 ? exact : fitting
}

/** The name that it will have, where ARNs tell names and it is known before the apply. */
function nameOf({ after }: PlannedChange, { name }: ImportRule): string | undefined {
  const value = name === undefined ? undefined : after?.[name.attribute]
  return typeof value === 'string' ? value : undefined
}

/** A parent is named by its ARN or its name, and is not known where it is created itself. */
function liesIn({ after }: PlannedChange, { parent }: ImportRule, rest: string): boolean {
  const value = parent === undefined ? undefined : after?.[parent]
  if (typeof value !== 'string') return true
  const path = arnParts(value)?.resource.replace(/^[^/]*\//, '') ?? value
  return rest.slice(0, rest.lastIndexOf('/')) === path
}

/** By ARN, or by the import ID of its type: some resources have no ARN in the state. */
function knownTo({ changes }: Plan): (resource: TaggedResource) => boolean {
  const arns = new Set(changes.flatMap(({ before }) => [before?.['arn'], before?.['id']]))
  const ids = new Set(
    changes.flatMap(({ type, before }) => {
      const rule = importRuleOf(type)
      return rule === undefined ? [] : [keyOf(rule, String(before?.['id']))]
    }),
  )
  return ({ arn }) => {
    const place = placeOf(arn)
    return arns.has(arn) || (place !== undefined && ids.has(keyOf(place.rule, place.rest)))
  }
}

const keyOf = ({ service, prefix }: ImportRule, id: string): string => `${service} ${prefix} ${id}`

const addressesOf = (changes: readonly PlannedChange[]): readonly string[] =>
  changes.map(({ address }) => address).toSorted()
