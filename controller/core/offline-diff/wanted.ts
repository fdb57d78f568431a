import type { ContainerImage, ReleaseSpec } from '../../resources/generated/release.ts'
import { imagesOf } from '../../resources/images.ts'
import type { Document } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import type { LiveService, RuleName, WantedRelease, WantedRule, WantedService } from '../diff.ts'
import { lastSegment } from '../diff/compare.ts'
import type { Side } from '../observation.ts'
import { otherSide, sides } from '../observation.ts'
import { ownEngineOf } from '../places.ts'
import type { OfflineDiffInput } from './input.ts'
import { imageContainer } from '../task-definition.ts'
import { findRule } from './find-rule.ts'
import type { LiveState } from './live-state.ts'
import { objectsOf, textOf } from './live-state.ts'

interface Seen {
  readonly state: LiveState
  readonly service: LiveService | undefined
}

/** What the release wants of a saved state, as far as it follows from the two files alone. */
export function wantedRelease(input: OfflineDiffInput, seen: Seen): WantedRelease {
  const { spec } = input.release
  if (spec.strategy?.type === 'Rolling' || ownEngineOf(spec) !== undefined)
    return wantedWorker(input, seen.state)
  const side = liveSide(input, seen)
  const idle = side === undefined ? undefined : otherSide(side)
  return {
    service: {
      ...wantedService(input, seen.state, side),
      desiredCount: spec.service.desiredCount,
      taskDefinition: spec.pin?.taskDefinition,
    },
    // Whether the idle side still keeps the previous version warm is in no file, so neither its count nor its revision is judged.
    idleService: wantedService(input, seen.state, idle),
    taskDefinition: wantedDocument(input, seen.state.taskDefinition),
    ignore: spec.ignore,
    rules: wantedRules(spec, seen.state, side),
    targetGroups: sides.flatMap((each) =>
      targetGroupNames(spec, each).map((name) => ({
        name,
        attributes: spec.traffic?.targetGroupAttributes,
      })),
    ),
  }
}

/** A release that is one service has no other one, and weights of its rules are none of Steersman's. */
function wantedWorker(input: OfflineDiffInput, state: LiveState): WantedRelease {
  const { name, spec } = input.release
  return {
    service: {
      ...wantedService(input, state, undefined),
      name: spec.service.name ?? name,
      desiredCount: spec.service.desiredCount,
      taskDefinition: spec.pin?.taskDefinition,
    },
    taskDefinition: wantedDocument(input, state.taskDefinition),
  }
}

/** The side of the saved service, by its name or its target group; without one, the side with more weight. */
function liveSide(input: OfflineDiffInput, { state, service }: Seen): Side | undefined {
  const { spec } = input.release
  if (service === undefined) return heavierSide(spec, state)
  return (
    sides.find((side) => service.name === serviceName(input, side)) ??
    sides.find((side) =>
      service.targetGroupArns.some((arn) => targetGroupNames(spec, side).includes(lastSegment(arn))),
    )
  )
}

function heavierSide(spec: ReleaseSpec, state: LiveState): Side | undefined {
  const weights = productionRules(spec).flatMap((rule) => findRule(state, rule)?.weights ?? [])
  const sum = (side: Side): number =>
    weights
      .filter(({ targetGroupArn }) => targetGroupNames(spec, side).includes(lastSegment(targetGroupArn)))
      .reduce((total, { weight }) => total + weight, 0)
  const difference = sum('blue') - sum('green')
  return difference === 0 ? undefined : difference > 0 ? 'blue' : 'green'
}

function wantedService(input: OfflineDiffInput, state: LiveState, side: Side | undefined): WantedService {
  const { spec } = input.release
  const settings = spec.service.settings === undefined ? undefined : { ...spec.service.settings }
  if (side === undefined) return { name: input.release.name, settings }
  const [groupName] = targetGroupNames(spec, side)
  return {
    name: serviceName(input, side),
    settings,
    targetGroupArn: groupName === undefined ? undefined : knownTargetGroupArn(state, groupName),
  }
}

function serviceName({ release }: OfflineDiffInput, side: Side): string {
  return release.spec.service.names?.[side] ?? `${release.name}-${side}`
}

/** One name, also where the release gives an ARN, or none for a release without traffic. */
function targetGroupNames(spec: ReleaseSpec, side: Side): readonly string[] {
  return spec.traffic === undefined ? [] : [lastSegment(spec.traffic.targetGroups[side])]
}

function productionRules(spec: ReleaseSpec): readonly RuleName[] {
  return spec.traffic?.rules ?? (spec.traffic?.rule === undefined ? [] : [spec.traffic.rule])
}

/** The live side takes all production traffic, and the test rule reaches only the idle side. */
function wantedRules(spec: ReleaseSpec, state: LiveState, side: Side | undefined): readonly WantedRule[] {
  if (spec.traffic === undefined || side === undefined) return []
  const { targetGroups, test } = spec.traffic
  const arnOf = (each: Side): string =>
    knownTargetGroupArn(state, lastSegment(targetGroups[each])) ?? targetGroups[each]
  const allTo = (each: Side): WantedRule['weights'] => [
    { targetGroupArn: arnOf(each), weight: 100 },
    { targetGroupArn: arnOf(otherSide(each)), weight: 0 },
  ]
  const production = productionRules(spec).map((rule) => ({ rule, weights: allTo(side) }))
  return test === undefined ? production : [...production, { rule: test, weights: allTo(otherSide(side)) }]
}

/** From the saved target groups, or from wherever else the saved state names the group. */
function knownTargetGroupArn(state: LiveState, name: string): string | undefined {
  const services = [state.service, state.idleService].flatMap((service) =>
    objectsOf(service?.['loadBalancers']),
  )
  const actions = [
    ...(state.listeners ?? []).flatMap((listener) => objectsOf(listener['DefaultActions'])),
    ...(state.rules ?? []).flatMap((rule) => objectsOf(rule['Actions'])),
  ]
  const arns = [
    ...(state.targetGroups ?? []).map((group) => group['TargetGroupArn']),
    ...services.map((loadBalancer) => loadBalancer['targetGroupArn']),
    ...actions.flatMap((action) => [action['TargetGroupArn'], ...forwardArns(action)]),
  ]
  return arns.map(textOf).find((arn) => lastSegment(arn) === name)
}

function forwardArns(action: Document): readonly unknown[] {
  const config = action['ForwardConfig']
  return isObject(config) ? objectsOf(config['TargetGroups']).map((group) => group['TargetGroupArn']) : []
}

/** The document with the wanted image, where a file can tell it; a pinned revision or Terraform's has none. */
function wantedDocument(input: OfflineDiffInput, live: Document | undefined): Document | undefined {
  const { name, spec, taskDefinitionDocument } = input.release
  const document = taskDefinitionDocument ?? spec.taskDefinition.inline
  if (document === undefined || live === undefined || (spec.pin ?? null) !== null) return undefined
  const family =
    input.environment === undefined ? (document['family'] ?? live['family']) : `${input.environment}-${name}`
  const given = imagesOf({ metadata: { name }, spec })
  if (given.length === 0) return { ...document, family }
  const images = new Map(
    given.map(({ container: named, image }) => {
      const container = imageContainer({ document, release: name, container: named })
      return [container, wantedImage(image, input.commit, imageOf(live, container))]
    }),
  )
  const containerDefinitions = objectsOf(document['containerDefinitions']).map((each) => {
    const image = images.get(textOf(each['name']))
    return image === undefined ? each : { ...each, image }
  })
  return { ...document, family, containerDefinitions }
}

function imageOf(document: Document, container: string): string {
  const found = objectsOf(document['containerDefinitions']).find((each) => each['name'] === container)
  return textOf(found?.['image'])
}

/** A digest is exact. A tag can't be resolved offline, so a live digest of the same repository is taken at its word. */
function wantedImage(image: ContainerImage, commit: string | undefined, live: string): string {
  if (image.digest !== undefined) return `${image.repository}@${image.digest}`
  if (live.startsWith(`${image.repository}@`)) return live
  const tag = image.tag ?? commit
  const isOfRepository = live.startsWith(`${image.repository}:`)
  return tag === undefined ? (isOfRepository ? live : image.repository) : `${image.repository}:${tag}`
}
