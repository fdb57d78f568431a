import { describe, expect, it } from 'vitest'
import type { Owner } from '../../../controller/core/diff.ts'
import { mendedBy } from '../../../controller/core/diff/mend.ts'

describe('the writes that would mend a field', () => {
  it.each<readonly [path: string, owner: Owner, wanted: unknown, writes: readonly string[]]>([
    ['/service/desiredCount', 'Steersman', 2, ['ecs:UpdateService']],
    ['/idleService/desiredCount', 'Steersman', 0, ['ecs:UpdateService']],
    ['/service/taskDefinition', 'Steersman', 'arn:1', ['rollout']],
    ['/idleService/taskDefinition', 'Steersman', 'arn:1', ['ecs:UpdateService']],
    ['/service', 'Steersman', 'web-blue', ['rollout']],
    ['/service/status', 'Steersman', 'ACTIVE', ['rollout']],
    ['/idleService', 'Steersman', 'web-green', ['ecs:CreateService']],
    ['/service/tags/team', 'Steersman', 'web', ['ecs:TagResource']],
    ['/service/tags/team', 'Steersman', null, ['ecs:UntagResource']],
    ['/service/healthCheckGracePeriodSeconds', 'Steersman', 30, ['ecs:UpdateService']],
    ['/service/networkConfiguration/awsvpcConfiguration/subnets', 'Steersman', [], ['rollout']],
    ['/taskDefinition/cpu', 'Steersman', '256', ['rollout']],
    ['/listeners/80/DefaultActions', 'Steersman', 100, ['elasticloadbalancing:ModifyListener']],
    ['/rules/80:a/Actions', 'Steersman', 100, ['elasticloadbalancing:ModifyRule']],
    ['/targetGroupAttributes/arn/a', 'Terraform', '30', ['terraform apply']],
    ['/service/desiredCount', 'Autoscaling', 2, []],
    ['/rules/80/Actions', 'Unmanaged', null, []],
    ['', 'Steersman', null, ['rollout']],
  ])('%s of %s, wanted %j: %j', (path, owner, wanted, writes) => {
    expect(mendedBy({ path, owner, wanted, live: 'other', class: 'service' })).toEqual(writes)
  })
})
