import { createImages } from '../../../../controller/sandbox/images.ts'
import { IMAGE_REPOSITORY } from '../../../support/machine/shape.ts'
import { ACCOUNT, REGION } from '../../aws/shape.ts'
import { base } from '../base.ts'
import type { Entries } from './entry.ts'
import { alone, outside, refused, refusedAt, REMOVED, stalled, values } from './entry.ts'
import { gateEntries } from './gates.ts'
import { settingEntries } from './settings.ts'
import { taskDefinitionVariants } from './task-definition.ts'

const OTHER_REPOSITORY = IMAGE_REPOSITORY.replace(/web$/, 'shop')
const digestOf = (tag: string): string => createImages().find(`${IMAGE_REPOSITORY}:${tag}`)?.digest ?? ''
const taskDefinitionArn = (revision: number): string =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/demo-web:${revision}`
const ruleArn = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener-rule/app/demo/0123456789abcdef/0123456789abcdef/0123456789abcdef`
const rolledBack = (tag: string) => ({ set: { '.': tag }, expected: { kind: 'RolledBack' } }) as const

/** Without a tag no gate can ask for it. */
const noTag = { '/spec/image/tag': REMOVED, '/spec/gates/0/http/expect': { status: 200 } }
const canary = {
  '/spec/strategy/type': 'Canary',
  '/spec/strategy/steps': [{ weight: 10, for: '2s' }],
}
const linear = { '/spec/strategy/type': 'Linear', '/spec/strategy/by': 40, '/spec/strategy/every': '1s' }
const ONE_IMAGE = 'the usual task definition has one container; stories with sidecars play several'
const severalImages = {
  '/spec/image': REMOVED,
  '/spec/images': { web: { repository: IMAGE_REPOSITORY, tag: 'v1-good' } },
}
const NO_CODE_DEPLOY = 'the simulated town has no deployment group; the engine has scenarios of its own'
const byCodeDeploy = {
  '/spec/engine': 'CodeDeploy',
  '/spec/codeDeploy': { application: 'shop', deploymentGroup: 'web' },
}
const adopted = { '/spec/adopted': { taskDefinition: taskDefinitionArn(1) } }
const pinHost = { '/spec/pin/reason': 'as it was' }

/** What there is to try with each property of a Release. */
export const releaseEntries: Entries = {
  'release /spec/engine': {
    variants: [
      ...values('TargetGroupSwap'),
      { says: 'of ECS, without a role', set: { '.': 'Native' }, expected: refusedAt('release:/spec') },
    ],
  },
  'release /spec/codeDeploy/application': outside(NO_CODE_DEPLOY, byCodeDeploy),
  'release /spec/codeDeploy/deploymentGroup': outside(NO_CODE_DEPLOY, byCodeDeploy),
  'release /spec/engineRoleArn': {
    host: { '/spec/engine': 'Native' },
    variants: [refused(`arn:aws:iam::${ACCOUNT}:role/ecs`, 'release:/spec/traffic/rule')],
    without: 'ECS moves the traffic of no default action, which the usual rules are; stories play its engine',
  },
  'release /spec/image/container': {
    variants: [...values('web'), refused('other', 'taskDefinition:/containerDefinitions')],
  },
  'release /spec/image/repository': { variants: alone(OTHER_REPOSITORY) },
  'release /spec/image/tag': {
    variants: [
      ...values('v2-good', 'v3-good', 'v4-slow'),
      rolledBack('v5-fails-gate'),
      rolledBack('v6-never-healthy'),
      rolledBack('v7-crashes'),
      { set: { '.': 'v8-missing' }, expected: { kind: 'Waits', reason: 'ImageNotFound' } },
    ],
  },
  'release /spec/image/digest': {
    host: noTag,
    variants: [...values(digestOf('v1-good'), digestOf('v2-good'))],
  },
  'release /spec/image/tagFromCommit/paths/*': {
    host: { '/spec/image/tag': REMOVED },
    variants: [...values('deploy', 'deploy/releases'), stalled('src', 'TagFromCommitMissing')],
  },
  'release /spec/image/wait': { variants: values('10m') },
  'release /spec/images/*/repository': outside(ONE_IMAGE, severalImages),
  'release /spec/images/*/tag': outside(ONE_IMAGE, severalImages),
  'release /spec/images/*/digest': outside(ONE_IMAGE, severalImages),
  'release /spec/images/*/tagFromCommit/paths/*': outside(ONE_IMAGE, severalImages),
  'release /spec/images/*/wait': outside(ONE_IMAGE, severalImages),
  'release /spec/adopted/taskDefinition': outside('no service served before the release', adopted),
  'release /spec/adopted/image': outside('no service served before the release', adopted),
  'release /spec/adopted/images/*': outside('no service served before the release', adopted),
  'release /spec/ignore/*': {
    variants: values(
      '/service/tags/cost-center',
      '/rules/*/Actions/forward/ForwardConfig/TargetGroups/legacy',
    ),
  },
  'release /spec/pin/rollout': {
    host: pinHost,
    variants: [...values(1), stalled(9_999, 'PinMissing')],
  },
  'release /spec/pin/taskDefinition': {
    host: { ...pinHost, '/spec/gates/0/http/expect': { status: 200 } },
    variants: [...values(taskDefinitionArn(1)), stalled(taskDefinitionArn(9_999), 'PinMissing')],
  },
  'release /spec/pin/reason': { host: { '/spec/pin/rollout': 1 }, variants: values('as it was, ü 🚢') },
  'release /spec/dependsOn/*/name': {
    variants: [
      refused('web', 'release:/spec/dependsOn/0/name', 'the release depends on itself'),
      refused('api', 'release:/spec/dependsOn/0/name', 'there is no release "api"'),
    ],
  },
  'release /spec/group/name': { host: { '/spec/group/atomic': true }, variants: alone('shop', 'a') },
  'release /spec/group/atomic': {
    host: { '/spec/group/name': 'shop' },
    variants: [...alone(true), refused(false, 'release:/spec/group/atomic')],
  },
  'release /spec/taskDefinition/terraform': {
    host: { '/spec/taskDefinition/file': REMOVED },
    variants: [stalled('web_task_definition_arn', 'TerraformNotConfigured')],
  },
  'release /spec/taskDefinition/file': {
    variants: [
      ...taskDefinitionVariants,
      refused('taskdefs/other.yaml', 'release:/spec/taskDefinition/file'),
      refused('releases/web.yaml', 'release:/apiVersion'),
    ],
  },
  'release /spec/taskDefinition/inline': {
    host: { '/spec/taskDefinition/file': REMOVED },
    variants: [
      ...alone(base.taskDefinition, { ...base.taskDefinition, cpu: '512', memory: '1024' }),
      {
        says: 'an unknown placeholder',
        set: { '.': { ...base.taskDefinition, runtimePlatform: { cpuArchitecture: '${cpu}' } } },
        expected: refusedAt('release:/spec/taskDefinition/inline/runtimePlatform/cpuArchitecture'),
      },
    ],
  },
  'release /spec/schedules/*/name': { variants: [stalled('nightly', 'ScheduleMissing')] },
  'release /spec/schedules/*/group': {
    host: { '/spec/schedules/0/name': 'nightly' },
    variants: [stalled('shop', 'ScheduleMissing')],
  },
  'release /spec/service/cluster': { variants: [stalled('elsewhere', 'ClusterMissing')] },
  'release /spec/service/name': { variants: [refused('web', 'release:/spec/service/name')] },
  'release /spec/service/names/blue': {
    host: { '/spec/service/names/green': 'web-green' },
    variants: [
      ...alone('web-blue'),
      stalled('shop-blue', 'ServicesRenamed'),
      refused('web-green', 'release:/spec/service/names'),
    ],
  },
  'release /spec/service/names/green': {
    host: { '/spec/service/names/blue': 'web-blue' },
    variants: [...alone('web-green'), stalled('shop-green', 'ServicesRenamed')],
  },
  ...Object.fromEntries(
    [
      'PolicyName',
      'TargetTrackingScalingPolicyConfiguration/TargetValue',
      'TargetTrackingScalingPolicyConfiguration/PredefinedMetricSpecification/PredefinedMetricType',
      'TargetTrackingScalingPolicyConfiguration/ScaleInCooldown',
      'TargetTrackingScalingPolicyConfiguration/ScaleOutCooldown',
      'TargetTrackingScalingPolicyConfiguration/DisableScaleIn',
    ].map((name) => [
      `release /spec/service/scalingPolicies/*/${name}`,
      { variants: [], without: 'the services here have no policies, and one that is missing is only told' },
    ]),
  ),
  'release /spec/service/desiredCount': {
    variants: [...values(1, 3), refused(0, 'release:/spec/service/desiredCount')],
  },
  ...settingEntries,
  'release /spec/traffic/loadBalancer': { variants: [stalled('elsewhere', 'LoadBalancerMissing')] },
  'release /spec/traffic/rule/ruleArn': {
    host: { '/spec/traffic/rule/port': REMOVED },
    variants: [stalled(ruleArn, 'RuleMissing')],
  },
  'release /spec/traffic/rule/port': { variants: [stalled(9_999, 'RuleMissing')] },
  'release /spec/traffic/rule/host': { variants: [stalled('shop.example.com', 'RuleMissing')] },
  'release /spec/traffic/rule/path': { variants: [stalled('/shop/*', 'RuleMissing')] },
  ...rulesEntries(),
  'release /spec/traffic/test/ruleArn': {
    host: { '/spec/traffic/test/port': REMOVED },
    variants: [stalled(ruleArn, 'TestRuleMissing')],
  },
  'release /spec/traffic/test/port': {
    variants: [stalled(9_998, 'TestRuleMissing'), refused(80, 'release:/spec/traffic/test')],
  },
  'release /spec/traffic/test/host': { variants: [stalled('shop.example.com', 'TestRuleMissing')] },
  'release /spec/traffic/test/path': { variants: [stalled('/shop/*', 'TestRuleMissing')] },
  'release /spec/traffic/targetGroups/blue': {
    variants: [
      stalled('web-none', 'TargetGroupMissing'),
      refused('web-green', 'release:/spec/traffic/targetGroups'),
      {
        says: 'the two exchanged',
        set: { '.': 'web-green', '/spec/traffic/targetGroups/green': 'web-blue' },
        expected: { kind: 'Stalled', reason: 'TargetGroupMismatch' },
      },
    ],
  },
  'release /spec/traffic/targetGroups/green': { variants: [stalled('web-none', 'TargetGroupMissing')] },
  'release /spec/traffic/targetGroupAttributes/*': {
    at: '/spec/traffic/targetGroupAttributes/deregistration_delay.timeout_seconds',
    // As Terraform made the target groups: attributes are told where they differ, and never written.
    variants: [...alone('10')],
  },
  'release /spec/traffic/tags/*/key': {
    host: { '/spec/traffic/tags/0/value': 'shop' },
    variants: [...alone('team'), refused('steersman.dev/team', 'release:/spec/traffic/tags/0')],
  },
  'release /spec/traffic/tags/*/value': {
    host: { '/spec/traffic/tags/0/key': 'team' },
    variants: [...alone('shop')],
  },
  'release /spec/traffic/container': {
    host: { '/spec/image/container': 'web' },
    variants: [...alone('web'), refused('other', 'release:/spec/traffic/container')],
  },
  'release /spec/traffic/containerPort': {
    variants: [...alone(8080), refused(9090, 'taskDefinition:/containerDefinitions/0/portMappings')],
  },
  'release /spec/traffic/actions/terraform': { variants: [stalled('web_actions', 'TerraformNotConfigured')] },
  'release /spec/strategy/type': {
    variants: [
      ...values('BlueGreen'),
      refused('Rolling', 'release:/spec/strategy/type'),
      refused('Canary', 'release:/spec/strategy'),
      { says: 'a canary', set: canary },
      { says: 'a linear shift', set: linear },
    ],
  },
  'release /spec/strategy/steps/*/weight': {
    host: canary,
    variants: [
      ...values(1, 99),
      {
        says: 'a step that gives less',
        set: { '.': 30, '/spec/strategy/steps/1': { weight: 20, for: '1s' } },
        expected: refusedAt('release:/spec/strategy/steps/1/weight'),
      },
    ],
  },
  'release /spec/strategy/steps/*/for': {
    host: canary,
    variants: [
      ...values('1s', '0s'),
      {
        says: 'longer than the deadline',
        set: { '.': '6m' },
        expected: refusedAt('release:/spec/strategy/deadline'),
      },
    ],
  },
  'release /spec/strategy/by': { host: linear, variants: values(50, 100) },
  'release /spec/strategy/every': { host: linear, variants: values('1.5s') },
  'release /spec/strategy/bake': { variants: [...values('0s', '8s', '1.5s')] },
  'release /spec/strategy/keepPrevious': { variants: [...values('0s', '20s')] },
  'release /spec/strategy/deadline': {
    variants: [
      ...values('7m', '5m30s'),
      {
        set: { '.': '4s', '/spec/strategy/bake': '4s' },
        expected: refusedAt('release:/spec/strategy/deadline'),
      },
    ],
  },
  'release /spec/strategy/supersede': { variants: values('Always', 'BeforeShift') },
  ...gateEntries({ document: 'release', list: '/spec/gates' }),
}

function rulesEntries(): Entries {
  const host = { '/spec/traffic/rule': REMOVED }
  return {
    'release /spec/traffic/rules/*/ruleArn': { host, variants: [stalled(ruleArn, 'RuleMissing')] },
    'release /spec/traffic/rules/*/port': {
      host,
      variants: [...values(80), stalled(9_999, 'RuleMissing'), refused(8081, 'release:/spec/traffic/test')],
    },
    'release /spec/traffic/rules/*/host': {
      host: { ...host, '/spec/traffic/rules/0/port': 80 },
      variants: [stalled('shop.example.com', 'RuleMissing')],
    },
    'release /spec/traffic/rules/*/path': {
      host: { ...host, '/spec/traffic/rules/0/port': 80 },
      variants: [stalled('/shop/*', 'RuleMissing')],
    },
  }
}
