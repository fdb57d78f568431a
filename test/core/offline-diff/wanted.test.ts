import { describe, expect, it } from 'vitest'

import type { WantedRelease } from '../../../controller/core/diff.ts'
import { readLiveState, serviceFacts } from '../../../controller/core/offline-diff/live-state.ts'
import { wantedRelease } from '../../../controller/core/offline-diff/wanted.ts'
import type { ReleaseSpec } from '../../../controller/resources/generated/release.ts'

const group = (name: string): string => `arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/${name}/12`
const traffic = {
  loadBalancer: 'shop',
  rule: { port: 443 },
  targetGroups: { blue: 'web-blue', green: 'web-green' },
}
const base: ReleaseSpec = {
  taskDefinition: { file: 'web.json' },
  service: { cluster: 'shop', desiredCount: 3 },
  traffic,
}
const weights = (blue: number, green: number) => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: group('web-blue'), Weight: blue },
      { TargetGroupArn: group('web-green'), Weight: green },
    ],
  },
})
const listener = (blue: number, green: number) => ({ Port: 443, DefaultActions: [weights(blue, green)] })

interface Given {
  readonly spec?: Partial<ReleaseSpec>
  readonly live?: Record<string, unknown>
  readonly document?: Record<string, unknown>
  readonly environment?: string
  readonly commit?: string
}

function wanted({ spec = {}, live = {}, document, environment, commit }: Given): WantedRelease {
  const state = readLiveState(live)
  const release = { name: 'web', spec: { ...base, ...spec }, taskDefinitionDocument: document }
  const service = state.service && serviceFacts(state.service)
  return wantedRelease({ release, environment, commit, live }, { state, service })
}

describe('the side that should serve', () => {
  it.each<[string, Record<string, unknown>, string, Partial<ReleaseSpec>?]>([
    ['the name of the service', { service: { serviceName: 'web-green' } }, 'web-green'],
    [
      'a name that the release gives',
      { service: { serviceName: 'b' } },
      'b',
      { service: { cluster: 'shop', names: { blue: 'a', green: 'b' } } },
    ],
    [
      'the target group of the service',
      { service: { serviceName: 'x', loadBalancers: [{ targetGroupArn: group('web-green') }] } },
      'web-green',
    ],
    [
      'the name before the target group',
      { service: { serviceName: 'web-blue', loadBalancers: [{ targetGroupArn: group('web-green') }] } },
      'web-blue',
    ],
    [
      'nothing of a service of others, whatever the weights',
      { service: { serviceName: 'x' }, listeners: [listener(1, 0)] },
      'web',
    ],
    ['more weight, without a service', { listeners: [listener(30, 70)] }, 'web-green'],
    ['more weight the other way', { listeners: [listener(70, 30)] }, 'web-blue'],
    ['nothing where the weights are even', { listeners: [listener(50, 50)] }, 'web'],
    ['nothing where there is neither', {}, 'web'],
    [
      'the weights of all rules together',
      { listeners: [{ ...listener(60, 40), Port: 80 }, listener(0, 100)] },
      'web-green',
      { traffic: { ...traffic, rules: [{ port: 80 }, { port: 443 }] } },
    ],
    [
      'nothing where the release has no traffic',
      { listeners: [listener(1, 0)] },
      'web',
      { traffic: undefined } as unknown as Partial<ReleaseSpec>,
    ],
  ])('is told by %s', (_what, live, side, spec) => {
    expect(wanted({ live, ...(spec === undefined ? {} : { spec }) }).service?.name).toBe(side)
  })
})

describe('the wanted services', () => {
  const live = {
    service: { serviceName: 'web-blue' },
    targetGroups: [{ TargetGroupArn: group('web-green') }],
  }
  const settings = { launchType: 'FARGATE' } as const

  it('are the one that serves, with its count and its pin, and the idle one without', () => {
    const spec = {
      service: { cluster: 'shop', desiredCount: 3, settings },
      pin: { taskDefinition: 'arn:7', reason: 'r' },
    }
    expect(wanted({ live, spec })).toMatchObject({
      service: {
        name: 'web-blue',
        desiredCount: 3,
        taskDefinition: 'arn:7',
        settings,
        targetGroupArn: undefined,
      },
      idleService: { name: 'web-green', settings, targetGroupArn: group('web-green') },
    })
    expect(wanted({ live, spec }).idleService).not.toHaveProperty('desiredCount')
  })

  it('have no settings where the release says none', () => {
    expect(wanted({ live }).service?.settings).toBeUndefined()
  })

  it('have no target group where the release has no traffic', () => {
    const spec = { traffic: undefined } as unknown as Partial<ReleaseSpec>
    const found = wanted({ live, spec })
    expect(found.service?.targetGroupArn).toBeUndefined()
    expect([found.rules, found.targetGroups]).toEqual([[], []])
  })

  it('are without a side those of the release itself', () => {
    expect(wanted({}).service).toEqual({
      name: 'web',
      desiredCount: 3,
      settings: undefined,
      taskDefinition: undefined,
    })
  })
})

describe('the ARN of a wanted target group', () => {
  const name = 'web-green'
  const idleArn = (live: Record<string, unknown>) =>
    wanted({ live: { service: { serviceName: 'web-blue' }, ...live } }).idleService?.targetGroupArn

  it.each<readonly [what: string, live: Record<string, unknown>]>([
    [
      'the target groups',
      { targetGroups: [{ TargetGroupArn: group('web-blue') }, { TargetGroupArn: group(name) }] },
    ],
    ['the idle service', { idleService: { loadBalancers: [{ targetGroupArn: group(name) }] } }],
    [
      'the service',
      { service: { serviceName: 'web-blue', loadBalancers: [{ targetGroupArn: group(name) }] } },
    ],
    ['a rule', { rules: [{ Actions: [weights(1, 0)] }] }],
    ['a rule without weights', { rules: [{ Actions: [{ TargetGroupArn: group(name) }] }] }],
    ['a listener', { listeners: [listener(1, 0)] }],
  ])('is found in %s', (_what, live) => {
    expect(idleArn(live)).toBe(group(name))
  })

  it('is not known where nothing names it', () => {
    expect(idleArn({ rules: [{ Actions: [{ ForwardConfig: 'x' }] }], targetGroups: [{}] })).toBeUndefined()
  })
})

describe('the wanted rules', () => {
  const test = { port: 8443 }
  const to = (one: string, other: string) => [
    { targetGroupArn: one, weight: 100 },
    { targetGroupArn: other, weight: 0 },
  ]

  it('send all to the side that serves, and tests to the other, by name where no ARN is known', () => {
    const live = {
      service: { serviceName: 'web-green' },
      targetGroups: [{ TargetGroupArn: group('web-green') }],
    }
    const rules = [{ port: 80 }, { port: 443 }]
    expect(wanted({ live, spec: { traffic: { ...traffic, rules, test } } }).rules).toEqual([
      ...rules.map((rule) => ({ rule, weights: to(group('web-green'), 'web-blue') })),
      { rule: test, weights: to('web-blue', group('web-green')) },
    ])
    expect(wanted({ live }).rules).toEqual([
      { rule: { port: 443 }, weights: to(group('web-green'), 'web-blue') },
    ])
  })

  it('are none where no side is known to serve', () => {
    expect(wanted({ spec: { traffic: { ...traffic, test } } }).rules).toEqual([])
  })

  it('come with both target groups', () => {
    expect(wanted({}).targetGroups).toEqual([{ name: 'web-blue' }, { name: 'web-green' }])
  })
})

describe('the wanted task definition', () => {
  const document = {
    cpu: '1',
    containerDefinitions: [
      { name: 'web', image: 'old' },
      { name: 'log', image: 'log:1' },
    ],
  }
  const image = { repository: 'shop/web' }
  const running = (tag: string) => ({
    taskDefinition: {
      family: 'live',
      containerDefinitions: [
        { name: 'log', image: 'x' },
        { name: 'web', image: tag },
      ],
    },
  })
  const imageOf = (given: Given): unknown =>
    (
      wanted({ document, ...given }).taskDefinition?.['containerDefinitions'] as
        { image: string }[] | undefined
    )?.[0]?.image

  it.each<
    readonly [
      what: string,
      image: ReleaseSpec['image'],
      seen: { live: string; commit?: string },
      expected: string,
    ]
  >([
    [
      'its digest',
      { ...image, digest: 'sha256:1' },
      { live: 'shop/web@sha256:2', commit: 'abc' },
      'shop/web@sha256:1',
    ],
    [
      'the digest that runs, for its tag',
      { ...image, tag: '2' },
      { live: 'shop/web@sha256:2', commit: 'abc' },
      'shop/web@sha256:2',
    ],
    ['its tag', { ...image, tag: '2' }, { live: 'shop/web:1', commit: 'abc' }, 'shop/web:2'],
    [
      'its tag, not the digest of another repository',
      { ...image, tag: '2' },
      { live: 'shop/web2@sha256:2' },
      'shop/web:2',
    ],
    ['the commit', image, { live: 'shop/web:1', commit: 'abc' }, 'shop/web:abc'],
    ['what runs, where no commit was named', image, { live: 'shop/web:1' }, 'shop/web:1'],
    ['the repository alone, where another one runs', image, { live: 'shop/api:1' }, 'shop/web'],
  ])('has the image by %s', (_what, wantedImage, { live, ...named }, expected) => {
    const given = { spec: { image: wantedImage } as Partial<ReleaseSpec>, live: running(live) }
    expect(imageOf({ ...given, ...named })).toBe(expected)
  })

  it('leaves the images of other containers, and all of them for a release without one', () => {
    const spec = { image: { ...image, tag: '2' } }
    expect(wanted({ document, spec, live: running('x') }).taskDefinition?.['containerDefinitions']).toEqual([
      { name: 'web', image: 'shop/web:2' },
      { name: 'log', image: 'log:1' },
    ])
    expect(wanted({ document, live: running('x') }).taskDefinition).toEqual({ ...document, family: 'live' })
  })

  it.each<readonly [what: string, given: Given, expected: string]>([
    ['of the environment', { environment: 'prod' }, 'prod-web'],
    ['of the document', { document: { family: 'own' } }, 'own'],
    ['that runs', {}, 'live'],
  ])('has the family %s', (_what, given, expected) => {
    expect(wanted({ document, live: running('x'), ...given }).taskDefinition?.['family']).toBe(expected)
  })

  it('may stand in the release', () => {
    const spec = { taskDefinition: { inline: { cpu: '2' } } } as Partial<ReleaseSpec>
    expect(wanted({ spec, live: running('x') }).taskDefinition).toEqual({ cpu: '2', family: 'live' })
  })

  it.each<readonly [what: string, given: Given]>([
    ['nobody saved the one that runs', { document }],
    ['there is no document', { live: running('x') }],
    ['the release is pinned', { document, live: running('x'), spec: { pin: { rollout: 3, reason: 'r' } } }],
  ])('is none where %s', (_what, given) => {
    expect(wanted(given).taskDefinition).toBeUndefined()
  })
})
