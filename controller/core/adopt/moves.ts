import { targetGroupAttributesShape } from '../defaults.ts'
import { compare } from '../diff/compare.ts'
import type { RuleFacts, TargetGroupWeight } from '../observation.ts'
import type { AdoptedListener, AdoptionWishes } from './facts.ts'
import type { Move } from './move.ts'
import type { AdoptedNames } from './names.ts'
import { productionRules } from './refuse-traffic.ts'
import type { Adoptable } from './release-document.ts'
import { settingsOf } from './settings.ts'
import { ownTags, peoplesTags } from './tags.ts'
import type { TestRule } from './test-rule.ts'
import { testRuleOf } from './test-rule.ts'

/** Stands for the ARN of a target group that is not there yet, in moves that are only told. */
const NOT_THERE_YET = 'arn of the second target group'

/**
 * What is left to be done, in order: the group, its place in the rule at weight 0 (ECS takes a group only once a rule forwards to it), its service with no
 * task, the way for tests, the tags. Each is decided by what AWS shows, so a repetition goes on where a crash has ended the one before.
 */
export function movesLeft(facts: Adoptable, wishes: AdoptionWishes, names: AdoptedNames): readonly Move[] {
  const owner = { environment: wishes.environment, release: names.release }
  const green = facts.second.targetGroup?.arn ?? NOT_THERE_YET
  return [
    ...targetGroupMoves(facts, names, ownTags(owner, 'green')),
    ...productionRules(facts.listeners, facts.targetGroup.arn, wishes.testPort).flatMap(({ rule }) =>
      weightMoves(rule, facts.targetGroup.arn, green),
    ),
    ...serviceMoves(facts, names, { green, tags: ownTags(owner, 'green') }),
    ...testMoves(facts, testRuleOf(facts, wishes), { green, tags: ownTags(owner, 'green') }),
    ...tagMoves(facts, owner),
  ]
}

type Tags = Readonly<Record<string, string>>

function targetGroupMoves(
  { targetGroup, second }: Adoptable,
  { targetGroups }: AdoptedNames,
  own: Tags,
): readonly Move[] {
  const name = targetGroups.green
  // What a new group has by itself is not set; an attribute that AWS shows as empty can't be.
  const differing = compare(
    targetGroupAttributesShape,
    targetGroup.attributes,
    second.targetGroup?.attributes ?? {},
  ).flatMap(({ path: [key = ''] }) => {
    const value = targetGroup.attributes[key] ?? ''
    return value === '' ? [] : [[key, value] as const]
  })
  const attributes: readonly Move[] =
    differing.length === 0
      ? []
      : [
          {
            kind: 'SetTargetGroupAttributes',
            targetGroup: name,
            arn: second.targetGroup?.arn ?? NOT_THERE_YET,
            attributes: Object.fromEntries(differing),
          },
        ]
  if (second.targetGroup !== null) return attributes
  const tags = { ...peoplesTags(targetGroup.tags), ...own }
  return [{ kind: 'CreateTargetGroup', name, settings: targetGroup.settings, tags }, ...attributes]
}

function weightMoves(rule: RuleFacts, blue: string, green: string): readonly Move[] {
  if (rule.weights.some(({ targetGroupArn }) => targetGroupArn === green)) return []
  const weights: readonly TargetGroupWeight[] = [
    { targetGroupArn: blue, weight: 100 },
    { targetGroupArn: green, weight: 0 },
  ]
  const what = `let ${placeOf(rule)} forward to both groups, 100 to the first one and 0 to the second one`
  return [{ kind: 'SetRuleWeights', rule, weights, what }]
}

const placeOf = (rule: RuleFacts): string =>
  rule.kind === 'ListenerDefault' ? `the default action of port ${rule.port}` : `the rule ${rule.arn}`

interface Second {
  readonly green: string
  readonly tags: Tags
}

function serviceMoves(
  { service, second }: Adoptable,
  { services }: AdoptedNames,
  { green, tags }: Second,
): readonly Move[] {
  const [entry] = service.loadBalancers
  if (second.service !== null || entry === undefined) return []
  return [
    {
      kind: 'CreateService',
      cluster: service.cluster,
      name: services.green,
      taskDefinition: service.taskDefinition,
      targetGroupArn: green,
      containerName: entry.containerName,
      containerPort: entry.containerPort,
      settings: settingsOf(service) as Readonly<Record<string, unknown>>,
      tags,
    },
  ]
}

function testMoves(facts: Adoptable, test: TestRule | undefined, { green, tags }: Second): readonly Move[] {
  switch (test?.kind) {
    case undefined:
      return []
    case 'NewListener':
      return [newListener(facts, test.like, { port: test.name.port ?? 0, green, tags })]
    case 'NewRule':
      return [
        {
          kind: 'CreateTestRule',
          listenerArn: test.listener.arn,
          port: test.listener.port,
          priority: test.priority,
          host: test.name.host,
          path: test.name.path,
          targetGroupArn: green,
          tags,
        },
      ]
    case 'Exists': {
      const { weights } = test.rule
      if (weights.every(({ targetGroupArn, weight }) => targetGroupArn === green || weight === 0)) return []
      const what = `let ${placeOf(test.rule)}, by which tests come, forward to the second group alone`
      return [
        { kind: 'SetRuleWeights', rule: test.rule, weights: [{ targetGroupArn: green, weight: 100 }], what },
      ]
    }
  }
}

const newListener = (
  { loadBalancer }: Adoptable,
  { protocol, settings }: AdoptedListener,
  { port, green, tags }: Second & { readonly port: number },
): Move => ({
  kind: 'CreateTestListener',
  loadBalancerArn: loadBalancer.arn,
  port,
  protocol,
  settings,
  targetGroupArn: green,
  tags,
})

function tagMoves(
  { service }: Adoptable,
  owner: { readonly environment: string; readonly release: string },
): readonly Move[] {
  const tags = ownTags(owner, 'blue')
  const isTagged = Object.entries(tags).every(([key, value]) => service.tags[key] === value)
  return isTagged ? [] : [{ kind: 'TagService', name: service.name, arn: service.arn, side: 'blue', tags }]
}
