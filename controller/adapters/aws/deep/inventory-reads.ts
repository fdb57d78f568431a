import { ListServicesCommand } from '@aws-sdk/client-ecs'
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { BalancerContents, ListedRule } from '../../../core/unmanaged.ts'
import type { DeepLooks } from '../../../ports/deep-looks.ts'
import { objectsIn, optionalText, portOrZero, requiredText, textsIn } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'
import { createRuleLists } from '../traffic/rule-lists.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html */
const SERVICES_A_PAGE = 100
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html */
const GROUPS_A_PAGE = 400
const MOST_PAGES = 100

/** What there is beside what git names: lists, so that a cluster or a load balancer costs few calls whatever is in it. */
export function createInventoryReads(tools: AwsTools): Pick<DeepLooks, 'services' | 'behind'> {
  const lists = createRuleLists(tools)
  return {
    services: (cluster) => listServices(tools, cluster),
    async behind(loadBalancerArn): Promise<BalancerContents> {
      const listeners = await lists.listeners(loadBalancerArn)
      const [targetGroups, ...rules] = await Promise.all([
        listTargetGroups(tools, loadBalancerArn),
        ...listeners.map(async ({ ListenerArn, Port }) => {
          const port = portOrZero(Port, "a listener's port")
          const found = await lists.rulesOf(requiredText(ListenerArn, "a listener's ARN"))
          return found.filter(({ IsDefault }) => IsDefault !== true).map((rule) => listed(rule, port))
        }),
      ])
      return { rules: rules.flat(), targetGroups }
    },
  }
}

async function listServices({ clients, send }: AwsTools, cluster: string): Promise<readonly string[]> {
  return allPages('services', async (nextToken) => {
    const command = new ListServicesCommand({ cluster, maxResults: SERVICES_A_PAGE, nextToken })
    const answer = await send('ecs:ListServices', (options) => clients.ecs.send(command, options))
    const arns = textsIn(answer.serviceArns, 'a list of services')
    return { items: arns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)), next: answer.nextToken }
  })
}

async function listTargetGroups(
  { clients, send }: AwsTools,
  LoadBalancerArn: string,
): Promise<BalancerContents['targetGroups']> {
  return allPages('target groups', async (Marker) => {
    const command = new DescribeTargetGroupsCommand({ LoadBalancerArn, PageSize: GROUPS_A_PAGE, Marker })
    const answer = await send('elasticloadbalancing:DescribeTargetGroups', (options) =>
      clients.elb.send(command, options),
    )
    const items = objectsIn(answer.TargetGroups, 'a list of target groups').map((group) => ({
      arn: requiredText(group.TargetGroupArn, "a target group's ARN"),
      name: requiredText(group.TargetGroupName, "a target group's name"),
    }))
    return { items, next: answer.NextMarker }
  })
}

async function allPages<Item>(
  what: string,
  read: (token: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: unknown }>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let token: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await read(token)
    items.push(...answer.items)
    token = optionalText(answer.next, 'where the next page begins')
    if (token === undefined || token === '') return items
  }
  throw unreadable(`an end to the list of ${what}`)
}

function listed(rule: Rule, port: number): ListedRule {
  const conditions = objectsIn(rule.Conditions, "a rule's conditions")
  return {
    arn: requiredText(rule.RuleArn, "a rule's ARN"),
    port,
    conditions: conditions.map(({ Field, HostHeaderConfig, PathPatternConfig, Values }) => ({
      field: requiredText(Field, "a condition's field"),
      values: textsIn(
        HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values,
        "a condition's values",
      ),
    })),
  }
}
