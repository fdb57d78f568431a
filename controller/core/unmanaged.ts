import type { Unmanaged } from '../resources/types.ts'
import type { Claimant } from './claims.ts'
import { nameOf } from './claims.ts'
import { productionRules } from './manifest/consistency.ts'
import { namesOf } from './places.ts'

/** A listener's rule, as lists show it; default actions are none. */
export interface ListedRule {
  readonly arn: string
  readonly port: number
  readonly conditions: readonly { readonly field: string; readonly values: readonly string[] }[]
}

export interface BalancerContents {
  readonly rules: readonly ListedRule[]
  readonly targetGroups: readonly { readonly arn: string; readonly name: string }[]
}

/** Where releases of an environment run: clusters, and load balancers by name or ARN. */
export interface ManagedPlaces {
  readonly clusters: readonly string[]
  readonly loadBalancers: readonly string[]
}

/** What is there: by cluster the services' names, by load balancer what is behind it; one that does not exist is left out. */
export interface Inventory {
  readonly services: ReadonlyMap<string, readonly string[]>
  readonly balancers: ReadonlyMap<string, BalancerContents>
}

type Releases = readonly Claimant['release'][]

/** The places that releases name, each once, in order. */
export function managedPlaces(releases: Releases): ManagedPlaces {
  const loadBalancers = releases.flatMap(({ spec }) =>
    spec.traffic === undefined ? [] : [spec.traffic.loadBalancer],
  )
  return {
    clusters: [...new Set(releases.map(({ spec }) => spec.service.cluster))].toSorted(),
    loadBalancers: [...new Set(loadBalancers)].toSorted(),
  }
}

/** Services, rules and target groups of managed places that no release names, sorted. `releases` are those of every environment of the same account and region. */
export function unmanagedIn(inventory: Inventory, releases: Releases): readonly Unmanaged[] {
  const services = new Set(
    releases.flatMap(({ metadata, spec }) =>
      Object.values(namesOf({ name: metadata.name, spec })).map(
        (name) => `${clusterName(spec.service.cluster)}/${name}`,
      ),
    ),
  )
  const targetGroups = new Set(
    releases.flatMap(({ spec }) => Object.values(spec.traffic?.targetGroups ?? {}).map(nameOf)),
  )
  const rules = rulesByBalancer(releases)
  const found = [
    ...[...inventory.services].flatMap(([cluster, names]) =>
      names
        .filter((name) => !services.has(`${clusterName(cluster)}/${name}`))
        .map((name): Unmanaged => ({ kind: 'Service', name, in: clusterName(cluster) })),
    ),
    ...[...inventory.balancers].flatMap(([balancer, contents]) =>
      behind(nameOf(balancer), contents, { targetGroups, rules: rules.get(nameOf(balancer)) }),
    ),
  ]
  return found.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)))
}

const keyOf = ({ kind, in: place, name }: Unmanaged): string => `${kind} ${place} ${name}`

/** The name inside an ARN of a cluster; a name as it is. */
const clusterName = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)

/** What releases name of a load balancer: names of target groups, and rules by {@link referenceKey} or ARN. */
interface Named {
  readonly targetGroups: ReadonlySet<string>
  readonly rules: ReadonlySet<string> | undefined
}

function behind(balancer: string, { rules, targetGroups }: BalancerContents, named: Named): Unmanaged[] {
  const isNamed = (rule: ListedRule): boolean => {
    const meant = meantBy(rule)
    const keys = meant === undefined ? [rule.arn] : [rule.arn, referenceKey(rule.port, meant)]
    return keys.some((key) => named.rules?.has(key) === true)
  }
  return [
    ...targetGroups
      .filter(({ name }) => !named.targetGroups.has(name))
      .map(({ name }): Unmanaged => ({ kind: 'TargetGroup', name, in: balancer })),
    ...rules
      .filter((rule) => !isNamed(rule))
      .map((rule): Unmanaged => ({ kind: 'Rule', name: textOf(rule), in: balancer })),
  ]
}

function rulesByBalancer(releases: Releases): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const release of releases) {
    if (release.spec.traffic === undefined) continue
    const balancer = nameOf(release.spec.traffic.loadBalancer)
    const keys = found.get(balancer) ?? new Set()
    found.set(balancer, keys)
    for (const reference of [...productionRules(release), ...testRules(release)])
      keys.add(reference.ruleArn ?? referenceKey(reference.port, reference))
  }
  return found
}

type Reference = ReturnType<typeof productionRules>[number]

const testRules = ({ spec }: Releases[number]): Reference[] =>
  spec.traffic?.test === undefined ? [] : [spec.traffic.test]

interface Meant {
  readonly host?: string
  readonly path?: string
}

/** What a rule asks for, where that is one host and one path at most: others can only be named by their ARNs. */
function meantBy({ conditions }: ListedRule): Meant | undefined {
  const meant: { host?: string; path?: string } = {}
  for (const { field, values } of conditions) {
    const [value] = values
    const member = field === 'host-header' ? 'host' : field === 'path-pattern' ? 'path' : undefined
    if (member === undefined || value === undefined || values.length > 1 || meant[member] !== undefined)
      return undefined
    meant[member] = value
  }
  return meant
}

/** Hosts compare without case, and `/*` is every path, as AWS matches them. */
function referenceKey(port: number | undefined, { host, path }: Meant): string {
  return JSON.stringify([port, (host ?? '').toLowerCase(), path === undefined || path === '/*' ? '' : path])
}

/** `80 shop.example.com /api/*`, for people. */
const textOf = ({ port, conditions }: ListedRule): string =>
  [String(port), ...conditions.map(({ field, values }) => (values.length === 0 ? field : values.join('|')))]
    .join(' ')
    .slice(0, 300)

/** Entries that a status keeps. */
export const MAXIMUM_UNMANAGED = 50

/** What was told before keeps the time since when it is known. */
export function toldUnmanaged(
  found: readonly Unmanaged[],
  before: readonly Unmanaged[] | undefined,
  since: string,
): readonly Unmanaged[] {
  const known = new Map((before ?? []).map((each) => [keyOf(each), each.since]))
  return found
    .slice(0, MAXIMUM_UNMANAGED)
    .map((each) => ({ ...each, since: known.get(keyOf(each)) ?? since }))
}
