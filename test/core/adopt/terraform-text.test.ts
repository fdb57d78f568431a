import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { attributes, hclBlock } from '../../../controller/core/adopt/hcl.ts'
import { namesOf } from '../../../controller/core/adopt/names.ts'
import type { Adoptable } from '../../../controller/core/adopt/release-document.ts'
import { terraformText } from '../../../controller/core/adopt/terraform-text.ts'
import {
  adoptable,
  BLUE_GROUP,
  defaultRule,
  ruleFor,
  targetGroup,
  wishes,
} from '../../support/adoption-facts.ts'

type Members = Readonly<Record<string, unknown>>
type Parse = (fileName: string, text: string) => Promise<Members>

const { parse } = createRequire(import.meta.url)('@cdktn/hcl2json') as { readonly parse: Parse }

const textOf = (facts: Adoptable): string =>
  terraformText(facts, wishes, namesOf(wishes, facts.targetGroup.name))

/** The one resource of the type, as Terraform reads it. */
async function resourceOf(facts: Adoptable, type: string): Promise<Members> {
  const { resource } = (await parse('green.tf', textOf(facts))) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, readonly Members[]>>>>
  }
  const [found] = resource[type]?.['shop_green'] ?? []
  if (found === undefined) throw new Error(`no ${type}`)
  return found
}

const withGroup = (members: Partial<Adoptable['targetGroup']>): Adoptable => ({
  ...adoptable,
  targetGroup: { ...targetGroup, ...members },
})

const withSettings = (settings: Members): Adoptable => ({
  ...adoptable,
  service: { ...adoptable.service, settings: { ...adoptable.service.settings, ...settings } },
})

const forwarded = [{ targetGroupArn: BLUE_GROUP, weight: 1 }]

/** Production's listener with these rules alone. */
const withRules = (...rules: (typeof defaultRule)[]): Adoptable => ({
  ...adoptable,
  listeners: adoptable.listeners.map((listener) => ({
    ...listener,
    rules: rules.map((rule, index) => ({ rule, priority: index + 1 })),
  })),
})

describe('the comments for the code of the first side', () => {
  it('speak of the default action where that is what forwards', () => {
    const text = textOf(withRules({ ...defaultRule, weights: forwarded }))
    expect(text).toContain('#   to the default_action of the listener on port 443:')
    expect(text).toContain('#     lifecycle { ignore_changes = [default_action] }')
    expect(text).toContain('#     default_action {')
  })

  it('speak of the action where a rule forwards', () => {
    const rule = ruleFor('10', { path: '/*' })
    const text = textOf(withRules(defaultRule, rule))
    expect(text).toContain(`#   to the action of ${rule.arn}:`)
    expect(text).toContain('#     lifecycle { ignore_changes = [action] }')
    expect(text).not.toContain('default_action')
  })

  it('name every place that forwards', () => {
    const [first, second] = [ruleFor('10', { path: '/a' }), ruleFor('11', { path: '/b' })]
    const text = textOf(withRules(first, second))
    for (const { arn } of [first, second]) expect(text).toContain(`#   to the action of ${arn}:`)
  })
})

describe('the second target group in Terraform', () => {
  it.each<[string, Readonly<Record<string, string>>, unknown]>([
    ['has none where the first one has it off', { 'stickiness.enabled': 'false' }, undefined],
    ['has none where nothing says of which type', { 'stickiness.enabled': 'true' }, undefined],
    [
      'has the load balancer’s cookie, without a name',
      {
        'stickiness.enabled': 'true',
        'stickiness.type': 'lb_cookie',
        'stickiness.lb_cookie.duration_seconds': '600',
        'stickiness.app_cookie.cookie_name': 'session',
      },
      [{ type: 'lb_cookie', cookie_duration: 600 }],
    ],
    [
      'has the application’s cookie with its name',
      {
        'stickiness.enabled': 'true',
        'stickiness.type': 'app_cookie',
        'stickiness.app_cookie.cookie_name': 'session',
        'stickiness.app_cookie.duration_seconds': '60',
      },
      [{ type: 'app_cookie', cookie_name: 'session', cookie_duration: 60 }],
    ],
  ])('is as sticky as the first one: it %s', async (_, has, expected) => {
    const group = await resourceOf(withGroup({ attributes: has }), 'aws_lb_target_group')
    expect(group['stickiness']).toEqual(expected)
  })

  it('takes the answers of gRPC for healthy where the first one does', async () => {
    const settings = { ...targetGroup.settings, Matcher: { GrpcCode: '0' } }
    const group = await resourceOf(withGroup({ settings }), 'aws_lb_target_group')
    expect(group['health_check']).toMatchObject([{ matcher: '0' }])
  })

  it('leaves to AWS what the first one does not tell', async () => {
    const facts = withGroup({
      settings: { Port: 8080 },
      attributes: { 'slow_start.duration_seconds': 'never' },
    })
    const group = await resourceOf(facts, 'aws_lb_target_group')
    expect(group).toMatchObject({ port: 8080, health_check: [{}] })
    for (const name of ['protocol', 'vpc_id', 'slow_start', 'deregistration_delay'])
      expect(group).not.toHaveProperty(name)
  })
})

describe('the second service in Terraform', () => {
  it('has the capacity providers of the first one, and no launch type beside them', async () => {
    const service = await resourceOf(
      withSettings({
        capacityProviderStrategy: [
          { capacityProvider: 'FARGATE', weight: 1, base: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
        ],
      }),
      'aws_ecs_service',
    )
    expect(service['capacity_provider_strategy']).toEqual([
      { capacity_provider: 'FARGATE', weight: 1, base: 1 },
      { capacity_provider: 'FARGATE_SPOT', weight: 3 },
    ])
    expect(service).not.toHaveProperty('launch_type')
  })

  it('has the placement of the first one', async () => {
    const service = await resourceOf(
      withSettings({
        placementStrategy: [{ type: 'spread', field: 'attribute:ecs.availability-zone' }, { type: 'random' }],
        placementConstraints: [
          { type: 'memberOf', expression: 'attribute:ecs.os-type == linux' },
          { type: 'distinctInstance' },
        ],
      }),
      'aws_ecs_service',
    )
    expect(service['ordered_placement_strategy']).toEqual([
      { type: 'spread', field: 'attribute:ecs.availability-zone' },
      { type: 'random' },
    ])
    expect(service['placement_constraints']).toEqual([
      { type: 'memberOf', expression: 'attribute:ecs.os-type == linux' },
      { type: 'distinctInstance' },
    ])
  })

  it.each<[string, unknown, unknown]>([
    ['none where the first one has none', undefined, undefined],
    ['none where the first one’s is not of awsvpc', {}, undefined],
    [
      'that of the first one, with public addresses where that has them',
      { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], assignPublicIp: 'ENABLED' } },
      [{ subnets: ['subnet-1', 'subnet-2'], assign_public_ip: true }],
    ],
    [
      'that of the first one, without lists that nobody filled',
      { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [] } },
      [{ subnets: ['subnet-1'], assign_public_ip: false }],
    ],
  ])('has a network: %s', async (_, networkConfiguration, expected) => {
    const service = await resourceOf(withSettings({ networkConfiguration }), 'aws_ecs_service')
    expect(service['network_configuration']).toEqual(expected)
  })

  it('has no bounds of a deployment where the first one has those of AWS', async () => {
    const service = await resourceOf(withSettings({ deploymentConfiguration: undefined }), 'aws_ecs_service')
    expect(service).not.toHaveProperty('deployment_maximum_percent')
    expect(await resourceOf(adoptable, 'aws_ecs_service')).toMatchObject({
      deployment_maximum_percent: 200,
      deployment_minimum_healthy_percent: 50,
    })
  })

  it('names no container where the first one has no load balancer', async () => {
    const service = await resourceOf(
      { ...adoptable, service: { ...adoptable.service, loadBalancers: [] } },
      'aws_ecs_service',
    )
    expect(service['load_balancer']).toEqual([{ target_group_arn: '${aws_lb_target_group.shop_green.arn}' }])
  })

  it('is imported only once both parts are there', () => {
    const green = { ...targetGroup, arn: `${BLUE_GROUP}9`, name: 'shop-green' }
    const half = { ...adoptable, second: { service: null, targetGroup: green } }
    const whole = {
      ...adoptable,
      second: { service: { ...adoptable.service, name: 'shop-green' }, targetGroup: green },
    }
    expect(textOf(half)).not.toContain('import {')
    expect(textOf(whole)).toContain('id = "prod/shop-green"')
  })
})

describe('a block of HCL', () => {
  it('lines its attributes up and leaves out those without a value', () => {
    expect(hclBlock('a "b"', attributes({ one: 1, left_out: undefined, three: 'x' }))).toBe(
      'a "b" {\n  one   = 1\n  three = "x"\n}\n',
    )
  })

  it('has an empty line before a block in it, but for the first member', () => {
    const block = (name: string) => ({ block: name, members: attributes({ on: true }) })
    expect(hclBlock('a', [block('b'), block('c')])).toBe(
      'a {\n  b {\n    on = true\n  }\n\n  c {\n    on = true\n  }\n}\n',
    )
  })

  it('keeps an empty line empty, however deep it is', () => {
    const inner = { block: 'c', members: attributes({ on: true }) }
    const text = hclBlock('a', [{ block: 'b', members: [...attributes({ n: 1 }), inner] }])
    expect(text).toBe('a {\n  b {\n    n = 1\n\n    c {\n      on = true\n    }\n  }\n}\n')
  })

  it.each<[string, Parameters<typeof attributes>[0], string]>([
    ['a list', { x: ['a', 1, false] }, 'x = ["a", 1, false]'],
    ['a map', { x: { a: 'b', 'c-d': [1] } }, 'x = { "a" = "b", "c-d" = [1] }'],
    ['an expression', { x: { expression: 'var.y' } }, 'x = var.y'],
    [
      'a map with a member called expression beside others',
      { x: { expression: 'y', z: 1 } },
      'x = { "expression" = "y", "z" = 1 }',
    ],
    ['what would be a template', { x: '${a} %{b}' }, 'x = "$${a} %%{b}"'],
    ['quotes and line breaks', { x: 'a "b"\n' }, String.raw`x = "a \"b\"\n"`],
  ])('writes %s as HCL has it', (_, members, line) => {
    expect(hclBlock('a', attributes(members))).toBe(`a {\n  ${line}\n}\n`)
  })
})
