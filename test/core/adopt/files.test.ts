import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { AdoptionFacts, AdoptionWishes } from '../../../controller/core/adopt.ts'
import { describeMove, operationOf, planAdoption } from '../../../controller/core/adopt.ts'
import {
  adoptable,
  BLUE_GROUP,
  DIGEST,
  LISTENER,
  REPOSITORY,
  REVISION,
  ruleFor,
  targetGroup,
  wishes,
} from '../../support/adoption-facts.ts'

type Parse = (fileName: string, text: string) => Promise<Readonly<Record<string, unknown>>>

const { parse: parseHcl } = createRequire(import.meta.url)('@cdktn/hcl2json') as { readonly parse: Parse }

const rules = { path: 'deploy', policy: { allow: undefined }, requiredGates: [] }

const plan = (facts: AdoptionFacts, given: Partial<AdoptionWishes> = {}) =>
  planAdoption(facts, { ...wishes, ...given }, rules)

function fileOf(facts: AdoptionFacts, path: string, given: Partial<AdoptionWishes> = {}): string {
  const file = plan(facts, given).files.find((each) => each.path === path)
  if (file === undefined) throw new Error(JSON.stringify(plan(facts, given).refusals))
  return file.text
}

interface Release {
  readonly spec: {
    readonly image?: object
    readonly adopted: object
    readonly service: { readonly desiredCount?: number }
    readonly traffic: { readonly rule?: object; readonly rules?: readonly object[]; readonly test?: object }
    readonly gates?: readonly object[]
  }
}

const releaseOf = (facts: AdoptionFacts, given: Partial<AdoptionWishes> = {}): Release =>
  parseYaml(fileOf(facts, 'deploy/releases/shop.yaml', given)) as Release

const withRules = (...given: ReturnType<typeof ruleFor>[]): AdoptionFacts => ({
  ...adoptable,
  listeners: adoptable.listeners.map((listener) => ({
    ...listener,
    rules: given.map((rule, index) => ({ rule, priority: index + 1 })),
  })),
})

const PROXY = `sha256:${'c'.repeat(64)}`

describe('the Release of an adopted service', () => {
  it('says what runs, where and as it runs', () => {
    expect(releaseOf(adoptable)).toEqual({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Release',
      metadata: { name: 'shop' },
      spec: {
        image: { container: 'app', repository: REPOSITORY, tag: '1.4' },
        taskDefinition: { file: 'taskdefs/shop.json' },
        adopted: { taskDefinition: REVISION, image: DIGEST },
        service: {
          cluster: 'prod',
          names: { blue: 'shop', green: 'shop-green' },
          desiredCount: 3,
          settings: {
            launchType: 'FARGATE',
            networkConfiguration: {
              awsvpcConfiguration: {
                subnets: ['subnet-1'],
                securityGroups: ['sg-1'],
                assignPublicIp: 'DISABLED',
              },
            },
            deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 50 },
            tags: [{ key: 'team', value: 'shop' }],
          },
        },
        traffic: {
          loadBalancer: 'shop',
          rule: { port: 443, host: 'shop.example.com', path: '/*' },
          targetGroups: { blue: 'shop', green: 'shop-green' },
          containerPort: 8080,
        },
        strategy: { type: 'BlueGreen', bake: '5m', keepPrevious: '30m' },
      },
    })
  })

  it('names no count where autoscaling decides it', () => {
    const { spec } = releaseOf(adoptable, { isAutoscaled: true })
    expect(spec.service.desiredCount).toBeUndefined()
    expect(plan(adoptable, { isAutoscaled: true }).notes.join('\n')).toContain('scalable target')
  })

  it('names no count where autoscaling knows the service', () => {
    const scaled = { ...adoptable, scaling: { minimum: 2, maximum: 6, suspended: 'None' as const } }
    expect(releaseOf(scaled).spec.service.desiredCount).toBeUndefined()
    expect(plan(scaled).notes.join('\n')).toContain('scalable target')
  })

  it('asks nobody about autoscaling where it does not know the service', () => {
    const fixed = { ...adoptable, scaling: null }
    expect(releaseOf(fixed).spec.service.desiredCount).toBe(3)
    expect(plan(fixed).notes.join('\n')).not.toContain('--autoscaled')
    expect(plan(adoptable).notes.join('\n')).toContain('give --autoscaled')
  })

  it('names the digest where the tag means something else by now', () => {
    const moved = { ...adoptable, imageTagDigest: 'sha256:other' }
    expect(releaseOf(moved).spec.image).toEqual({ container: 'app', repository: REPOSITORY, digest: DIGEST })
  })

  it.each<[string, object, readonly string[], object]>([
    ['what the tag of another container stood for', {}, [PROXY], { images: { proxy: PROXY } }],
    ['nothing of one that names its digest', { image: `envoyproxy/envoy@${PROXY}` }, [PROXY], {}],
    ['nothing of one whose tasks ran several', {}, [DIGEST, PROXY], {}],
    ['nothing of one whose tasks nobody knows', {}, [], {}],
  ])('names %s', (_, change, ran, images) => {
    const { taskDefinition } = adoptable
    const [app, proxy] = taskDefinition.document['containerDefinitions'] as readonly object[]
    const document = { ...taskDefinition.document, containerDefinitions: [app, { ...proxy, ...change }] }
    const facts = {
      ...adoptable,
      taskDefinition: { ...taskDefinition, document },
      imageDigests: { app: [DIGEST], ...(ran.length === 0 ? {} : { proxy: ran }) },
    }
    expect(releaseOf(facts).spec.adopted).toEqual({ taskDefinition: REVISION, image: DIGEST, ...images })
  })

  it('names no image where nobody knows what ran', () => {
    const { taskDefinition } = adoptable
    const [app] = taskDefinition.document['containerDefinitions'] as readonly object[]
    const document = { ...taskDefinition.document, containerDefinitions: [app] }
    const alone = { ...adoptable, taskDefinition: { ...taskDefinition, document } }
    const { spec } = releaseOf({ ...alone, imageDigests: {} })
    expect(spec.image).toBeUndefined()
    expect(spec.adopted).toEqual({ taskDefinition: REVISION })
  })

  it.each([
    ['a host alone', [ruleFor('1', { host: 'a.example.com' })], { port: 443, host: 'a.example.com' }],
    ['a path alone', [ruleFor('1', { path: '/api/*' })], { port: 443, path: '/api/*' }],
    [
      'a rule whose conditions another one has too',
      [ruleFor('1', { path: '/x' }), { ...ruleFor('2', { path: '/x' }), weights: [] }],
      { ruleArn: ruleFor('1', {}).arn },
    ],
    [
      'a rule that asks for a header',
      [{ ...ruleFor('1', { path: '/x' }), conditions: [{ Field: 'http-header' }] }],
      { ruleArn: ruleFor('1', {}).arn },
    ],
    [
      'a rule for two hosts',
      [
        {
          ...ruleFor('1', {}),
          conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['a.example', 'b.example'] } }],
        },
      ],
      { ruleArn: ruleFor('1', {}).arn },
    ],
  ])('names %s', (_, given, name) => {
    expect(releaseOf(withRules(...given)).spec.traffic.rule).toEqual(name)
  })

  it('names all rules that forward to the service', () => {
    const { rule, rules: several } = releaseOf(
      withRules(ruleFor('1', { host: 'a.example' }), ruleFor('2', { path: '/b' })),
    ).spec.traffic
    expect(rule).toBeUndefined()
    expect(several).toEqual([
      { port: 443, host: 'a.example' },
      { port: 443, path: '/b' },
    ])
  })

  it('has a gate where tests have a way, by the conditions of production', () => {
    const { traffic, gates } = releaseOf(adoptable, { testPort: 8443 }).spec
    expect(traffic.test).toEqual({ port: 8443 })
    expect(gates).toEqual([
      { name: 'smoke', when: 'Verify', http: { path: '/healthz', successes: 3 }, timeout: '2m' },
    ])
    const shared = { ...adoptable.listeners[0], arn: `${LISTENER}3`, port: 8443, rules: [] }
    const facts = {
      ...adoptable,
      listeners: [...adoptable.listeners, shared as (typeof adoptable.listeners)[0]],
    }
    expect(releaseOf(facts, { testPort: 8443 }).spec.traffic.test).toEqual({
      port: 8443,
      host: 'shop.example.com',
      path: '/*',
    })
  })
})

describe('the file of the task definition', () => {
  it('is what can be registered, without the release’s image, and texts that look like placeholders escaped', () => {
    expect(JSON.parse(fileOf(adoptable, 'deploy/taskdefs/shop.json'))).toEqual({
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
      tags: [{ key: 'team', value: 'shop' }],
      containerDefinitions: [
        {
          name: 'app',
          essential: true,
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
          environment: [
            { name: 'GREETING', value: 'hello $${you}' },
            { name: 'DB_PASSWORD', value: 'correct horse' },
          ],
        },
        { name: 'proxy', image: 'envoyproxy/envoy:v1.30', essential: false },
      ],
    })
  })

  it('comes with a warning about what may be a secret, without its value', () => {
    const notes = plan(adoptable).notes.join('\n')
    expect(notes).toContain('app.DB_PASSWORD')
    expect(notes).not.toContain('correct horse')
  })
})

describe('the Terraform of the second side', () => {
  it('is HCL that makes the second group and service as the first ones are', async () => {
    const text = fileOf(adoptable, 'terraform/shop-green.tf')
    const { resource } = (await parseHcl('shop-green.tf', text)) as {
      readonly resource: Readonly<Record<string, Readonly<Record<string, readonly object[]>>>>
    }
    expect(resource['aws_lb_target_group']?.['shop_green']?.[0]).toMatchObject({
      name: 'shop-green',
      vpc_id: 'vpc-1',
      deregistration_delay: 30,
      health_check: [{ path: '/healthz', matcher: '200-299', interval: 10 }],
      tags: { team: 'shop', 'steersman.dev/side': 'green' },
    })
    expect(resource['aws_ecs_service']?.['shop_green']?.[0]).toMatchObject({
      name: 'shop-green',
      cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/prod',
      desired_count: 0,
      lifecycle: [{ ignore_changes: ['${task_definition}', '${desired_count}'] }],
      load_balancer: [{ target_group_arn: '${aws_lb_target_group.shop_green.arn}', container_port: 8080 }],
    })
    expect(text).not.toContain('import {')
  })

  it('imports what is there already, and escapes what HCL would read', async () => {
    const green = { ...targetGroup, arn: `${BLUE_GROUP}9`, name: 'shop-green' }
    const facts: AdoptionFacts = {
      ...adoptable,
      service: { ...adoptable.service, tags: { note: 'costs "${5}"' } },
      second: {
        targetGroup: green,
        service: {
          ...adoptable.service,
          name: 'shop-green',
          desiredCount: 0,
          targetGroupArns: [green.arn],
          tags: {},
        },
      },
    }
    const text = fileOf(facts, 'terraform/shop-green.tf')
    const parsed = (await parseHcl('shop-green.tf', text)) as { readonly import: readonly object[] }
    expect(parsed.import).toEqual([
      { id: green.arn, to: '${aws_lb_target_group.shop_green}' },
      { id: 'prod/shop-green', to: '${aws_ecs_service.shop_green}' },
    ])
    expect(text).toContain('"costs \\"$${5}\\""')
  })
})

describe('the moves', () => {
  const told = (facts: AdoptionFacts, given: Partial<AdoptionWishes> = {}): string[] =>
    plan(facts, given).moves.map((move) => `${operationOf(move)}: ${describeMove(move)}`)

  it('make the second side before it can get anything, one write each', () => {
    expect(told(adoptable, { testPort: 8443 })).toEqual([
      'elasticloadbalancing:CreateTargetGroup: create target group shop-green, like the first one',
      'elasticloadbalancing:ModifyTargetGroupAttributes: set deregistration_delay.timeout_seconds of target group shop-green as the first one has it',
      `elasticloadbalancing:ModifyRule: let the rule ${ruleFor('10', {}).arn} forward to both groups, 100 to the first one and 0 to the second one`,
      'ecs:CreateService: create service shop-green with 0 tasks, like the first one',
      'elasticloadbalancing:CreateListener: create a HTTPS listener for tests on port 8443',
      "ecs:TagResource: tag service shop as the release's blue side",
    ])
  })

  it('leave out what is done', () => {
    const green = { ...targetGroup, arn: `${BLUE_GROUP}9`, name: 'shop-green' }
    const weights = [
      { targetGroupArn: BLUE_GROUP, weight: 100 },
      { targetGroupArn: green.arn, weight: 0 },
    ]
    const done: AdoptionFacts = {
      ...withRules({ ...ruleFor('10', { host: 'shop.example.com' }), weights }),
      service: {
        ...adoptable.service,
        tags: {
          'steersman.dev/environment': 'prod',
          'steersman.dev/release': 'shop',
          'steersman.dev/side': 'blue',
        },
      },
      second: {
        targetGroup: green,
        service: { ...adoptable.service, name: 'shop-green', desiredCount: 0, targetGroupArns: [green.arn] },
      },
    }
    expect(told(done)).toEqual([])
    expect(told({ ...done, second: { ...done.second, service: null } })).toEqual([
      'ecs:CreateService: create service shop-green with 0 tasks, like the first one',
    ])
  })

  it('move no weight of a rule but to the first group', () => {
    const writes = plan(adoptable).moves.flatMap((move) =>
      move.kind === 'SetRuleWeights' ? [move.weights.map(({ weight }) => weight)] : [],
    )
    expect(writes).toEqual([[100, 0]])
  })
})
