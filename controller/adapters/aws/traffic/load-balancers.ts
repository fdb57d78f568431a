import { DescribeLoadBalancersCommand, type LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2'
import { PortError } from '../../../ports/error.ts'
import type { LoadBalancerFacts, Traffic } from '../../../ports/traffic.ts'
import { createCache } from '../client/cache.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { knownWord, objectsIn, requiredText, textOrEmpty } from '../client/members.ts'
import { unreadable } from '../client/unreadable.ts'

const keptMs = 10 * 60_000
const maxKept = 1_000

/** DescribeLoadBalancers by name, remembered for ten minutes: long enough to cost nothing, short enough for one that is made anew. */
export function createLoadBalancerReads({ clients, send, clock, epoch }: AwsTools): Traffic['loadBalancer'] {
  const cache = createCache<LoadBalancerFacts>({ clock, maxEntries: maxKept, maxAgeMs: keptMs })
  const shared = createSharedReads<LoadBalancerFacts | undefined>(epoch)

  async function read(name: string, hurry: AbortSignal): Promise<LoadBalancerFacts | undefined> {
    const command = new DescribeLoadBalancersCommand({ Names: [name] })
    try {
      const answer = await send(
        'elasticloadbalancing:DescribeLoadBalancers',
        (options) => clients.elb.send(command, options),
        { hurry },
      )
      const [described] = objectsIn(answer.LoadBalancers, 'a list of load balancers')
      if (described === undefined) return undefined
      const facts = loadBalancerFacts(described)
      cache.set(name, facts)
      return facts
    } catch (error) {
      if (error instanceof PortError && error.code === 'LoadBalancerMissing') return undefined
      throw error
    }
  }

  return async (name, asked) =>
    cache.get(name) ?? shared.share(name, (hurry) => read(name, hurry), asked?.hurry)
}

const types: readonly LoadBalancerFacts['type'][] = ['application', 'network', 'gateway']

/** A load balancer as described, in the core's terms. */
export function loadBalancerFacts(described: LoadBalancer): LoadBalancerFacts {
  const { Type: type = 'application' } = described
  const known = knownWord(type, types)
  if (known === undefined) throw unreadable("a load balancer's type")
  return {
    arn: requiredText(described.LoadBalancerArn, "a load balancer's ARN"),
    name: requiredText(described.LoadBalancerName, "a load balancer's name"),
    dnsName: textOrEmpty(described.DNSName, "a load balancer's DNS name"),
    type: known,
  }
}
