import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
  type CreateListenerCommandInput,
  type CreateTargetGroupCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { AdoptionAws } from '../../../ports/adoption.ts'
import type { AwsTools } from '../client/tools.ts'

type Writes = Pick<
  AdoptionAws,
  'createTargetGroup' | 'setTargetGroupAttributes' | 'createListener' | 'createRule'
>

/** Elastic Load Balancing's writes, each one attempt. */
export function createAdoptionWrites({ clients, send }: AwsTools): Writes {
  return {
    async createTargetGroup({ name, settings, tags }) {
      const input: CreateTargetGroupCommandInput = { ...settings, Name: name, Tags: tagList(tags) }
      const answer = await send('elasticloadbalancing:CreateTargetGroup', (options) =>
        clients.elb.send(new CreateTargetGroupCommand(input), options),
      )
      return { requestId: answer.$metadata.requestId }
    },

    async setTargetGroupAttributes({ arn, attributes }) {
      const command = new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: arn,
        Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
      })
      const answer = await send('elasticloadbalancing:ModifyTargetGroupAttributes', (options) =>
        clients.elb.send(command, options),
      )
      return { requestId: answer.$metadata.requestId }
    },

    async createListener({ loadBalancerArn, port, protocol, settings, targetGroupArn, tags }) {
      const input: CreateListenerCommandInput = {
        ...settings,
        LoadBalancerArn: loadBalancerArn,
        Port: port,
        Protocol: protocol,
        DefaultActions: [forwardTo(targetGroupArn)],
        Tags: tagList(tags),
      }
      const answer = await send('elasticloadbalancing:CreateListener', (options) =>
        clients.elb.send(new CreateListenerCommand(input), options),
      )
      return { requestId: answer.$metadata.requestId }
    },

    async createRule({ listenerArn, priority, host, path, targetGroupArn, tags }) {
      const command = new CreateRuleCommand({
        ListenerArn: listenerArn,
        Priority: priority,
        Conditions: [
          ...(host === undefined ? [] : [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }]),
          ...(path === undefined ? [] : [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }]),
        ],
        Actions: [forwardTo(targetGroupArn)],
        Tags: tagList(tags),
      })
      const answer = await send('elasticloadbalancing:CreateRule', (options) =>
        clients.elb.send(command, options),
      )
      return { requestId: answer.$metadata.requestId }
    },
  }
}

const forwardTo = (targetGroupArn: string) => ({
  Type: 'forward' as const,
  ForwardConfig: { TargetGroups: [{ TargetGroupArn: targetGroupArn, Weight: 100 }] },
})

const tagList = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
