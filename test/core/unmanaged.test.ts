import { describe, expect, it } from 'vitest'
import type { Inventory, ListedRule } from '../../controller/core/unmanaged.ts'
import {
  managedPlaces,
  MAXIMUM_UNMANAGED,
  toldUnmanaged,
  unmanagedIn,
} from '../../controller/core/unmanaged.ts'
import type { DefaultedRelease } from '../../controller/resources/types.ts'
import { validateRelease } from '../../controller/resources/validate.ts'
import { releaseDocument } from '../resources/documents.ts'

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'

function release(name: string, spec: Readonly<Record<string, unknown>> = {}): DefaultedRelease {
  const validated = validateRelease(releaseDocument(spec, name))
  if (!validated.ok) throw new Error(JSON.stringify(validated))
  return validated.value
}

const traffic = (change: Readonly<Record<string, unknown>> = {}) => ({
  loadBalancer: 'demo',
  rule: { port: 80, host: 'shop.example.com' },
  test: { port: 8081, host: 'shop.example.com' },
  targetGroups: { blue: 'web-blue', green: 'web-green' },
  ...change,
})

const rule = (
  port: number,
  conditions: Readonly<Record<string, readonly string[]>>,
  arn = 'arn:rule',
): ListedRule => ({
  arn,
  port,
  conditions: Object.entries(conditions).map(([field, values]) => ({ field, values })),
})

const behind = (rules: readonly ListedRule[], targetGroups: readonly string[] = []): Inventory => ({
  services: new Map(),
  balancers: new Map([
    [
      'demo',
      { rules, targetGroups: targetGroups.map((name) => ({ name, arn: `${ARN}:targetgroup/${name}/1` })) },
    ],
  ]),
})

const found = (inventory: Inventory, releases: readonly DefaultedRelease[]): string[] =>
  unmanagedIn(inventory, releases).map(({ kind, name, in: place }) => `${kind} ${name} in ${place}`)

describe('what no Release names', () => {
  const web = release('web', { traffic: traffic() })

  it('is looked for where releases run, each place once', () => {
    const worker = release('worker', { traffic: undefined, strategy: { type: 'Rolling' } })
    expect(managedPlaces([web, worker, release('api', { traffic: traffic() })])).toEqual({
      clusters: [web.spec.service.cluster],
      loadBalancers: ['demo'],
    })
  })

  it('are services beside those of releases, in the same cluster by name or ARN', () => {
    const { cluster } = web.spec.service
    const names = ['web-blue', 'web-green', 'legacy', 'worker']
    const services = new Map([
      [cluster, names],
      [`arn:aws:ecs:eu-west-1:123456789012:cluster/${cluster}`, ['web-blue']],
      ['other', ['web-blue']],
    ])
    const inventory = { services, balancers: new Map() }
    const worker = release('worker', { traffic: undefined, strategy: { type: 'Rolling' } })
    expect(found(inventory, [web, worker])).toEqual([
      `Service legacy in ${cluster}`,
      'Service web-blue in other',
    ])
  })

  it('are target groups, however they are named', () => {
    const byArn = release('api', {
      traffic: traffic({ targetGroups: { blue: `${ARN}:targetgroup/api-blue/1`, green: 'api-green' } }),
    })
    const groups = ['api-blue', 'api-green', 'web-blue', 'web-green', 'third']
    expect(found(behind([], groups), [web, byArn])).toEqual(['TargetGroup third in demo'])
  })

  it.each([
    ['of the named host and port', rule(80, { 'host-header': ['SHOP.example.com'] }), []],
    ['of the test rule', rule(8081, { 'host-header': ['shop.example.com'] }), []],
    ['with every path', rule(80, { 'host-header': ['shop.example.com'], 'path-pattern': ['/*'] }), []],
    ['of another port', rule(443, { 'host-header': ['shop.example.com'] }), ['443 shop.example.com']],
    [
      'of a path more',
      rule(80, { 'host-header': ['shop.example.com'], 'path-pattern': ['/api/*'] }),
      ['80 shop.example.com /api/*'],
    ],
    ['of two hosts', rule(80, { 'host-header': ['shop.example.com', 'b'] }), ['80 shop.example.com|b']],
    ['of a query', rule(80, { 'query-string': [] }), ['80 query-string']],
  ])('judges a rule %s', (_, listed, names) => {
    expect(found(behind([listed]), [web])).toEqual(names.map((name) => `Rule ${name} in demo`))
  })

  it('takes no rule for named that has a condition twice', () => {
    const host = { field: 'host-header', values: ['shop.example.com'] }
    const twice = { arn: 'arn:rule', port: 80, conditions: [host, host] }
    expect(found(behind([twice]), [web])).toEqual(['Rule 80 shop.example.com shop.example.com in demo'])
  })

  it('knows a rule by its ARN, and only behind the load balancer of the release', () => {
    const arn = `${ARN}:listener-rule/app/demo/1/2/3`
    const byArn = release('web', { traffic: traffic({ rule: { ruleArn: arn }, test: undefined }) })
    expect(found(behind([rule(80, { 'source-ip': ['10.0.0.0/8'] }, arn)]), [byArn])).toEqual([])
    const elsewhere = release('web', { traffic: traffic({ loadBalancer: 'other' }) })
    expect(found(behind([rule(80, { 'host-header': ['shop.example.com'] })]), [elsewhere])).toHaveLength(1)
  })

  it('keeps the time since when it is known, and is not told without an end', () => {
    const [one, two] = ['a', 'b'].map((name) => ({ kind: 'Service', name, in: 'shop' }) as const)
    if (one === undefined || two === undefined) throw new Error('there are two')
    const before = [{ ...one, since: '2026-01-01T00:00:00Z' }]
    expect(toldUnmanaged([one, two], before, '2026-01-02T00:00:00Z').map(({ since }) => since)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-02T00:00:00Z',
    ])
    const many = Array.from({ length: 60 }, (_, index) => ({ ...one, name: String(index) }))
    expect(toldUnmanaged(many, undefined, '2026-01-02T00:00:00Z')).toHaveLength(MAXIMUM_UNMANAGED)
  })
})
