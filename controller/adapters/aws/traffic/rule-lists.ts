import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  type DescribeListenersCommandOutput,
  type DescribeRulesCommandOutput,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Asked } from '../../../ports/asked.ts'
import { createKnownAnswers } from '../client/known-answers.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import { objectsIn, optionalText } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

/** AWS's quota: 50 listeners and (adjustable) 100 rules a load balancer; a page holds 400. */
const maxPages = 20
const pageSize = 400

interface Page<Item> {
  readonly items: readonly Item[] | undefined
  readonly nextMarker: string | undefined
}

/** All listeners of a load balancer, and all rules of a listener. */
export interface RuleLists {
  readonly listeners: (loadBalancerArn: string, asked?: Asked) => Promise<readonly Listener[]>
  readonly rulesOf: (listenerArn: string, asked?: Asked) => Promise<readonly Rule[]>
}

/** Lists them, each once for all who ask at the same time. */
export function createRuleLists({ clients, send, clock, epoch }: AwsTools): RuleLists {
  const knownListeners = createKnownAnswers<DescribeListenersCommandOutput, Page<Listener>>({
    clock,
    send,
    operation: 'elasticloadbalancing:DescribeListeners',
  })
  const knownRules = createKnownAnswers<DescribeRulesCommandOutput, Page<Rule>>({
    clock,
    send,
    operation: 'elasticloadbalancing:DescribeRules',
  })
  const sharedListeners = createSharedReads<readonly Listener[]>(epoch)
  const sharedRules = createSharedReads<readonly Rule[]>(epoch)

  const readListeners = (loadBalancerArn: string, hurry: AbortSignal): Promise<readonly Listener[]> =>
    allPages('listeners', async (Marker) => {
      const input = { LoadBalancerArn: loadBalancerArn, PageSize: pageSize, Marker }
      const command = new DescribeListenersCommand(input)
      return knownListeners.ask({
        text: JSON.stringify(input),
        asked: { hurry },
        attempt: (options) => clients.elb.send(command, options),
        read: ({ Listeners, NextMarker }) => ({ items: Listeners, nextMarker: NextMarker }),
      })
    })

  const readRules = (listenerArn: string, hurry: AbortSignal): Promise<readonly Rule[]> =>
    allPages('rules', async (Marker) => {
      const input = { ListenerArn: listenerArn, PageSize: pageSize, Marker }
      const command = new DescribeRulesCommand(input)
      return knownRules.ask({
        text: JSON.stringify(input),
        asked: { hurry },
        attempt: (options) => clients.elb.send(command, options),
        read: ({ Rules, NextMarker }) => ({ items: Rules, nextMarker: NextMarker }),
      })
    })

  return {
    listeners: (arn, asked) => sharedListeners.share(arn, (hurry) => readListeners(arn, hurry), asked?.hurry),
    rulesOf: (arn, asked) => sharedRules.share(arn, (hurry) => readRules(arn, hurry), asked?.hurry),
  }
}

/** One page is the very list that was read, so that one which has not changed is the same list. */
async function allPages<Item extends object>(
  what: string,
  read: (marker: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const pages: (readonly Item[])[] = []
  let marker: string | undefined
  for (let page = 0; page < maxPages; page += 1) {
    const { items, nextMarker } = await read(marker)
    pages.push(objectsIn(items, `a list of ${what}`))
    marker = optionalText(nextMarker, 'a marker')
    if (marker === undefined || marker === '') return pages.length === 1 ? (pages[0] ?? []) : pages.flat()
  }
  throw unreadable(`an end to the list of ${what}`)
}
