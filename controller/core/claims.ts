import { releaseObjectName } from '../resources/names.ts'
import type { Problem } from '../resources/problem.ts'
import type { DefaultedRelease } from '../resources/types.ts'
import { scheduleText } from './action.ts'
import { productionRules, ruleKey } from './manifest/consistency.ts'
import { namesOf } from './places.ts'

/** A release with the place where it runs. */
export interface Claimant {
  environment: string
  release: DefaultedRelease
  region: string
  /** The account's id, or what else tells accounts apart (a role) where the id is not known. */
  account: string
}

/** A release's claim that another release makes as well. */
export interface ClaimConflict {
  environment: string
  release: string
  problem: Problem
}

/**
 * Finds releases, in whichever environments, that claim the same rule, target group, service, schedule or stored name. Each of them
 * gets its own conflict. Names and ARNs of the same target group or load balancer count as the same.
 */
export function findClaims(claimants: readonly Claimant[]): ClaimConflict[] {
  const byKey = new Map<string, Claim[]>()
  for (const claim of claimants.flatMap(claimsOf)) {
    const alike = byKey.get(claim.key)
    if (alike) alike.push(claim)
    else byKey.set(claim.key, [claim])
  }
  return [...byKey.values()].flatMap(conflictsAmong)
}

interface Claim {
  key: string
  what: string
  path: string
  claimant: Claimant
}

function conflictsAmong(claims: readonly Claim[]): ClaimConflict[] {
  return claims.flatMap((claim) => {
    const other = claims.find(({ claimant }) => claimant !== claim.claimant)
    if (!other) return []
    const { environment, release } = claim.claimant
    const rival = `${other.claimant.environment}/${other.claimant.release.metadata.name}`
    const message = `${claim.what} is also claimed by ${rival}; expected each to belong to one release`
    const problem: Problem = { path: claim.path, message, code: 'ClaimedTwice', at: 'value' }
    return [{ environment, release: release.metadata.name, problem }]
  })
}

function claimsOf(claimant: Claimant): Claim[] {
  const { environment, release } = claimant
  const name = releaseObjectName({ environment, release: release.metadata.name })
  const stored = { key: `name ${name}`, what: `the name ${name}`, path: '/metadata/name', claimant }
  return [stored, ...serviceClaims(claimant), ...trafficClaims(claimant), ...scheduleClaims(claimant)]
}

function serviceClaims(claimant: Claimant): Claim[] {
  const { service } = claimant.release.spec
  const { metadata, spec } = claimant.release
  return Object.entries(namesOf({ name: metadata.name, spec })).map(([at, name]) => ({
    key: `service ${place(claimant)} ${service.cluster} ${name}`,
    what: `the service ${name} in cluster ${service.cluster}`,
    path: service.names ? `/spec/service/names/${at}` : service.name ? '/spec/service/name' : '/spec/service',
    claimant,
  }))
}

function trafficClaims(claimant: Claimant): Claim[] {
  const { traffic } = claimant.release.spec
  if (!traffic) return []
  const loadBalancer = nameOf(traffic.loadBalancer)
  const production = productionRules(claimant.release).map((rule, index) => ({
    rule,
    path: traffic.rules ? `/spec/traffic/rules/${index}` : '/spec/traffic/rule',
  }))
  const test = traffic.test ? [{ rule: traffic.test, path: '/spec/traffic/test' }] : []
  const rules = [...production, ...test].map(({ rule, path }) => ({
    key:
      rule.ruleArn === undefined
        ? `rule ${place(claimant)} ${loadBalancer} ${ruleKey(rule)}`
        : `rule ${rule.ruleArn}`,
    what: 'the rule',
    path,
    claimant,
  }))
  const targetGroups = (['blue', 'green'] as const).map((side) => ({
    key: `target group ${place(claimant)} ${nameOf(traffic.targetGroups[side])}`,
    what: `the target group ${nameOf(traffic.targetGroups[side])}`,
    path: `/spec/traffic/targetGroups/${side}`,
    claimant,
  }))
  return [...rules, ...targetGroups]
}

function scheduleClaims(claimant: Claimant): Claim[] {
  return (claimant.release.spec.schedules ?? []).map(({ group, name }, index) => ({
    key: `schedule ${place(claimant)} ${group}/${name}`,
    what: `the schedule ${scheduleText({ group, name })}`,
    path: `/spec/schedules/${index}`,
    claimant,
  }))
}

/** The name inside an ARN of a load balancer or a target group; a name as it is. */
export function nameOf(nameOrArn: string): string {
  return /:(?:loadbalancer\/app|targetgroup)\/([^/]+)/.exec(nameOrArn)?.[1] ?? nameOrArn
}

function place({ account, region }: Claimant): string {
  return `${account} ${region}`
}
