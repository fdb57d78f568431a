import { ECSClient, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'

const SIDES = ['blue', 'green'] as const

/** What Steersman writes in ten rollouts of a pair: a revision and a count on the idle side, then the weights, then the test rule. */
export async function swapTenTimes({
  url,
  cluster,
  name,
  targetGroups,
  ruleArns,
}: {
  url: string
  cluster: string
  name: string
  targetGroups: string
  ruleArns: { production: string; test: string }
}): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const settings = { endpoint: url, region: 'eu-west-1', credentials }
  const ecs = new ECSClient(settings)
  const elb = new ElasticLoadBalancingV2Client(settings)
  const arns = await Promise.all(
    SIDES.map(async (side) => {
      const found = await elb.send(new DescribeTargetGroupsCommand({ Names: [`${targetGroups}-${side}`] }))
      return found.TargetGroups?.[0]?.TargetGroupArn
    }),
  )
  const forwardTo = (RuleArn: string, side: number) => {
    const TargetGroups = arns.map((TargetGroupArn, index) => ({
      TargetGroupArn,
      Weight: index === side ? 100 : 0,
    }))
    return elb.send(
      new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }),
    )
  }
  for (let swap = 1; swap <= 10; swap += 1) {
    const side = swap % 2
    const image = `${name}@sha256:${String(swap % 10).repeat(64)}`
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: targetGroups,
        containerDefinitions: [{ name, image, memory: 128 }],
      }),
    )
    await ecs.send(
      new UpdateServiceCommand({
        cluster,
        service: `${name}-${SIDES[side] ?? ''}`,
        // moto keeps what it is given, and the provider wants the full ARN.
        taskDefinition: registered.taskDefinition?.taskDefinitionArn,
        desiredCount: 3,
      }),
    )
    await forwardTo(ruleArns.production, side)
    await forwardTo(ruleArns.test, 1 - side)
  }
  ecs.destroy()
  elb.destroy()
}
