import {
  DescribeTargetGroupsCommand,
  type DescribeTargetGroupsCommandOutput,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetGroupFacts } from '../../../core/observation.ts'
import type { Asked } from '../../../ports/asked.ts'
import { PortError } from '../../../ports/error.ts'
import type { Traffic } from '../../../ports/traffic.ts'
import { createBatcher } from '../client/batcher.ts'
import { createCache } from '../client/cache.ts'
import { createKnownAnswers } from '../client/known-answers.ts'
import {
  knownWord,
  objectsIn,
  optionalText,
  portOrZero,
  requiredText,
  textOrEmpty,
  textsIn,
} from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

const keptMs = 60_000
const maxKept = 20_000
const namesPerCall = 50
/** Up to so many names, one call each is cheaper than listing the account. */
const singlyUpTo = 4
const maxPages = 20

interface GroupPage {
  readonly groups: readonly TargetGroupFacts[]
  readonly nextMarker: string | undefined
}

/** DescribeTargetGroups by name for all callers together, remembered for a minute. */
export function createTargetGroupReads({ clients, send, clock }: AwsTools): Traffic['targetGroups'] {
  const describe = createPages({ clients, send, clock })
  const cache = createCache<TargetGroupFacts>({ clock, maxEntries: maxKept, maxAgeMs: keptMs })
  const batcher = createBatcher<string, TargetGroupFacts | null>({
    clock,
    maxSize: namesPerCall,
    groupOf: () => '',
    identityOf: (name) => name,
    read: async (names, hurry) => {
      const found = await readAll(names, { hurry })
      for (const facts of found) cache.set(facts.name, facts)
      return names.map((name) => found.find((facts) => facts.name === name) ?? null)
    },
  })

  async function byName(
    names: readonly string[],
    asked: Asked,
  ): Promise<readonly TargetGroupFacts[] | undefined> {
    try {
      return (await describe({ Names: [...names] }, asked)).groups
    } catch (error) {
      if (error instanceof PortError && error.code === 'TargetGroupMissing') return undefined
      throw error
    }
  }

  /** One missing name fails a whole call: then ask for each alone, or look through the account's list. */
  async function readAll(names: readonly string[], asked: Asked): Promise<readonly TargetGroupFacts[]> {
    const together = await byName(names, asked)
    if (together !== undefined) return together
    if (names.length === 1) return []
    if (names.length > singlyUpTo) return listAll(asked)
    const alone = await Promise.all(names.map((name) => byName([name], asked)))
    return alone.flatMap((facts) => facts ?? [])
  }

  async function listAll(asked: Asked): Promise<TargetGroupFacts[]> {
    const all: TargetGroupFacts[] = []
    let marker: string | undefined
    for (let page = 0; page < maxPages; page += 1) {
      const { groups, nextMarker } = await describe(marker === undefined ? {} : { Marker: marker }, asked)
      all.push(...groups)
      marker = nextMarker
      if (marker === undefined || marker === '') return all
    }
    throw unreadable('an end to the list of target groups')
  }

  return (names, options) =>
    Promise.all(
      names.map(
        async (name) =>
          (options?.fresh === true ? undefined : cache.get(name)) ?? batcher.load(name, options?.hurry),
      ),
    )
}

function createPages({ clients, send, clock }: Pick<AwsTools, 'clients' | 'send' | 'clock'>) {
  const known = createKnownAnswers<DescribeTargetGroupsCommandOutput, GroupPage>({
    clock,
    send,
    operation: 'elasticloadbalancing:DescribeTargetGroups',
  })
  return (input: { Names?: string[]; Marker?: string }, asked: Asked): Promise<GroupPage> => {
    const command = new DescribeTargetGroupsCommand(input)
    return known.ask({
      text: JSON.stringify(input),
      asked,
      attempt: (options) => clients.elb.send(command, options),
      read: ({ TargetGroups, NextMarker }) => ({
        groups: objectsIn(TargetGroups, 'a list of target groups').map(targetGroupFacts),
        nextMarker: optionalText(NextMarker, 'a marker'),
      }),
    })
  }
}

const targetTypes: readonly TargetGroupFacts['targetType'][] = ['ip', 'instance', 'lambda', 'alb']

/** A target group as described, in the core's terms. */
export function targetGroupFacts(group: TargetGroup): TargetGroupFacts {
  const { TargetType: type = 'instance' } = group
  const targetType = knownWord(type, targetTypes)
  if (targetType === undefined) throw unreadable("a target group's type")
  return {
    arn: requiredText(group.TargetGroupArn, "a target group's ARN"),
    name: requiredText(group.TargetGroupName, "a target group's name"),
    targetType,
    port: portOrZero(group.Port, "a target group's port"),
    protocol: textOrEmpty(group.Protocol, "a target group's protocol"),
    loadBalancerArns: [...textsIn(group.LoadBalancerArns, "a target group's load balancers")],
  }
}
