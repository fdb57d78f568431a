import { describe, expect, it } from 'vitest'

import type { Action, ActionKind } from '../../controller/core/action.ts'
import { describeAction, effectOf, writes } from '../../controller/core/action.ts'
import { otherSide, sides } from '../../controller/core/observation.ts'
import { fromTimestamp, timestamp } from '../../controller/core/time.ts'

const taskDefinition = 'arn:aws:ecs:eu-west-1:1:task-definition/prod-web:57'
const rule = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/a/b/c'

/** One of each kind, with its line, the object that it changes and the value that it gives. */
const actions: {
  readonly [Kind in ActionKind]: readonly [
    action: Extract<Action, { kind: Kind }>,
    line: string,
    object: string,
    value: string,
  ]
} = {
  RegisterTaskDefinition: [
    { kind: 'RegisterTaskDefinition', family: 'prod-web', digest: 'd1' },
    'register a revision of task definition prod-web',
    'task-definition/prod-web',
    'd1',
  ],
  CreateService: [
    { kind: 'CreateService', side: 'blue', taskDefinition, desiredCount: 1 },
    'create the blue service with 1 task of prod-web:57',
    'service/blue',
    `${taskDefinition} x 1`,
  ],
  UpdateService: [
    { kind: 'UpdateService', side: 'green', taskDefinition, desiredCount: 3, forceNewDeployment: true },
    'give the green side 3 tasks of prod-web:57 in a new deployment',
    'service/green',
    `${taskDefinition} x 3`,
  ],
  ScaleService: [
    { kind: 'ScaleService', side: 'green', desiredCount: 0 },
    'scale the green side to 0 tasks',
    'service/green/count',
    '0',
  ],
  SetScaling: [
    { kind: 'SetScaling', side: 'blue', minimum: 2, maximum: 9, suspended: 'ScaleIn' },
    'let autoscaling give the blue side 2 to 9 tasks, and take none away for now',
    'scaling/blue',
    '2 to 9, suspended ScaleIn',
  ],
  ApplySettings: [
    {
      kind: 'ApplySettings',
      side: 'blue',
      settings: { enableECSManagedTags: true, propagateTags: 'SERVICE' },
    },
    'set enableECSManagedTags, propagateTags of the blue service',
    'service/blue/settings',
    '{"enableECSManagedTags":true,"propagateTags":"SERVICE"}',
  ],
  PointSchedule: [
    { kind: 'PointSchedule', name: 'nightly', group: 'shop', taskDefinition: 'arn:task-definition/web:7' },
    'point schedule shop/nightly at web:7',
    'schedule/shop/nightly',
    'arn:task-definition/web:7',
  ],
  RunTask: [
    { kind: 'RunTask', gate: 'migrate', rollout: 'prod-web-7', taskDefinition },
    'run the task of gate migrate with prod-web:57',
    'gate/migrate/task',
    'prod-web-7',
  ],
  StopTask: [
    { kind: 'StopTask', gate: 'migrate', task: 'arn:aws:ecs:eu-west-1:1:task/shop/f00' },
    'stop the task of gate migrate',
    'gate/migrate/task/stop',
    'arn:aws:ecs:eu-west-1:1:task/shop/f00',
  ],
  TagService: [
    { kind: 'TagService', side: 'blue', tags: { team: 'shop', cost: '7' } },
    'tag the blue service with team, cost',
    'service/blue/tags',
    '{"team":"shop","cost":"7"}',
  ],
  UntagService: [
    { kind: 'UntagService', side: 'blue', keys: ['team', 'cost'] },
    'take the tags team, cost from the blue service',
    'service/blue/tags',
    '["team","cost"]',
  ],
  TagTraffic: [
    {
      kind: 'TagTraffic',
      arn: 'arn:targetgroup/web-blue/1',
      what: 'target group web-blue',
      tags: { team: 'shop', cost: '7' },
    },
    'tag target group web-blue with team, cost',
    'arn:targetgroup/web-blue/1/tags',
    '{"team":"shop","cost":"7"}',
  ],
  ContinueDeployment: [
    { kind: 'ContinueDeployment', deployment: 'arn:deployment/1', hook: 'ecs-pause-1' },
    "let ECS's deployment go on",
    'deployment/pause',
    'ecs-pause-1',
  ],
  StopDeployment: [
    { kind: 'StopDeployment', deployment: 'arn:deployment/1', backTo: `${taskDefinition} x 2` },
    "stop ECS's deployment, so that it goes back",
    'service/only',
    `${taskDefinition} x 2`,
  ],
  PointTest: [
    { kind: 'PointTest', side: 'blue' },
    'point the test rule at the blue side',
    'test-rule',
    'blue',
  ],
  SetWeights: [
    { kind: 'SetWeights', rule, weights: { blue: 100, green: 0 } },
    'set the weights of listener-rule c to blue 100, green 0',
    `rule/${rule}`,
    'blue 100, green 0',
  ],
  StartCodeDeploy: [
    { kind: 'StartCodeDeploy', way: 'Back', taskDefinition },
    'have CodeDeploy deploy prod-web:57 again',
    'code-deploy',
    `Back ${taskDefinition}`,
  ],
  ContinueCodeDeploy: [
    { kind: 'ContinueCodeDeploy', deployment: 'd-1', wait: 'READY_WAIT' },
    'let deployment d-1 move the traffic',
    'code-deploy/word',
    'READY_WAIT d-1',
  ],
  StopCodeDeploy: [
    { kind: 'StopCodeDeploy', deployment: 'd-1' },
    'stop deployment d-1, which CodeDeploy rolls back',
    'code-deploy/word',
    'stop d-1',
  ],
  ProbeGate: [
    { kind: 'ProbeGate', gate: 'smoke', side: 'blue' },
    'ask gate smoke about the blue side',
    'gate/smoke',
    'blue',
  ],
}

describe('an action', () => {
  it.each(Object.values(actions))('%o is one line and one effect', (action, line, object, value) => {
    expect(describeAction(action)).toBe(line)
    expect(effectOf(action)).toEqual({ object, value })
  })

  it('on a default action names its listener', () => {
    const listener = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/a/b'
    const action: Action = { kind: 'SetWeights', rule: listener, weights: { blue: 1, green: 2 } }
    expect(describeAction(action)).toBe('set the weights of listener b to blue 1, green 2')
  })

  it('of CodeDeploy says which of its waits ends', () => {
    const end: Action = { kind: 'ContinueCodeDeploy', deployment: 'd-1', wait: 'TERMINATION_WAIT' }
    expect(describeAction(end)).toBe('let deployment d-1 end the original tasks')
    const first: Action = { kind: 'StartCodeDeploy', way: 'Forward', taskDefinition }
    expect(describeAction(first)).toBe('have CodeDeploy deploy prod-web:57')
  })

  it('writes to AWS unless it asks a gate', () => {
    const quiet = Object.values(actions).filter(([action]) => !writes(action))
    expect(quiet.map(([{ kind }]) => kind)).toEqual(['ProbeGate'])
  })
})

describe('a side', () => {
  it('has one other side', () => {
    expect(sides.map(otherSide)).toEqual(['green', 'blue'])
  })
})

describe('a timestamp', () => {
  it('is RFC 3339 in UTC, and read back as the same moment', () => {
    expect(timestamp(1_767_225_600_123)).toBe('2026-01-01T00:00:00.123Z')
    expect(fromTimestamp('2026-01-01T01:00:00.123+01:00')).toBe(1_767_225_600_123)
  })
})
