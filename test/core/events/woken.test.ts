import { describe, expect, it } from 'vitest'
import type { News, NewsSubject } from '../../../controller/core/events/read.ts'
import type { ManagedEnvironment, ManagedRelease } from '../../../controller/core/events/woken.ts'
import { wokenBy } from '../../../controller/core/events/woken.ts'
import { validateRelease } from '../../../controller/resources/validate.ts'
import { releaseDocument } from '../../resources/documents.ts'

type Members = Record<string, unknown>

const ACCOUNT = '123456789012'
const REGION = 'eu-west-1'
const elb = (resource: string): string => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${resource}`
const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`

function release(name: string, more: Partial<ManagedRelease> = {}, spec: Members = {}): ManagedRelease {
  const document = releaseDocument(spec)
  const checked = validateRelease({ ...document, metadata: { name } })
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return { name, spec: checked.value.spec, waits: false, rules: [], ...more }
}

const traffic = (name: string, more: Members = {}): Members => ({
  traffic: {
    loadBalancer: 'demo',
    rule: { port: 80 },
    test: { port: 8081 },
    targetGroups: { blue: `${name}-blue`, green: `${name}-green` },
    ...more,
  },
})

const environment = (
  releases: readonly ManagedRelease[],
  more: Partial<ManagedEnvironment> = {},
): ManagedEnvironment => ({ name: 'demo', region: REGION, accountId: ACCOUNT, releases, ...more })

const news = (subject: NewsSubject, more: Partial<News> = {}): News => ({
  kind: 'ApiCall',
  at: undefined,
  account: ACCOUNT,
  region: REGION,
  subject,
  ...more,
})

const namesOf = (of: News, managed: readonly ManagedEnvironment[]): string[] =>
  wokenBy(of, managed).map((woken) => `${woken.environment}/${woken.release ?? ''}`)

const cluster = release('web').spec.service.cluster
const service = (name: string): NewsSubject => ({ kind: 'Service', cluster, service: name })
const balancing = (...arns: string[]): NewsSubject => ({ kind: 'LoadBalancing', arns })
const image = (repository: string): NewsSubject => ({ kind: 'Repository', repository })

describe('whom news of a service concerns', () => {
  it('is the release that has it on either side, in the same cluster', () => {
    const managed = [environment([release('web'), release('api')])]
    expect(namesOf(news(service('web-blue')), managed)).toEqual(['demo/web'])
    expect(namesOf(news(service('api-green')), managed)).toEqual(['demo/api'])
    expect(namesOf(news(service('web')), managed)).toEqual([])
    expect(namesOf(news({ kind: 'Service', cluster: 'other', service: 'web-blue' }), managed)).toEqual([])
  })

  it('is nobody in another account or region', () => {
    const managed = [environment([release('web')])]
    expect(namesOf(news(service('web-blue'), { account: '210987654321' }), managed)).toEqual([])
    expect(namesOf(news(service('web-blue'), { region: 'us-east-1' }), managed)).toEqual([])
  })

  it('is told to environments whose account nobody has written down, and to each that has the release', () => {
    const managed = [
      environment([release('web')], { accountId: undefined }),
      environment([release('web')], { name: 'prod' }),
    ]
    expect(namesOf(news(service('web-blue')), managed)).toEqual(['demo/web', 'prod/web'])
    expect(namesOf(news(service('web-blue'), { account: '2' }), managed)).toEqual(['demo/web'])
  })
})

describe('whom news of load balancing concerns', () => {
  const rule = elb('listener-rule/app/demo/1/2/3')
  const web = release('web', { rules: [rule] }, traffic('web'))
  const api = release('api', {}, traffic('api'))

  it('is whose rule it is, as far as it was seen', () => {
    expect(namesOf(news(balancing(rule)), [environment([web, api])])).toEqual(['demo/web'])
  })

  it('is everybody behind the load balancer where the rule was never seen', () => {
    const arns = balancing(elb('listener-rule/app/demo/1/2/9'))
    expect(namesOf(news(arns), [environment([web, api])])).toEqual(['demo/web', 'demo/api'])
    expect(namesOf(news(balancing(elb('listener/app/demo/1/2'))), [environment([api])])).toEqual(['demo/api'])
    expect(namesOf(news(balancing(elb('loadbalancer/app/other/1'))), [environment([web, api])])).toEqual([])
  })

  it('is whose target group it is, by name or ARN', () => {
    const arn = elb('targetgroup/cart-green/1')
    const cart = release(
      'cart',
      {},
      traffic('cart', { targetGroups: { blue: elb('targetgroup/cart-blue/1'), green: arn } }),
    )
    expect(namesOf(news(balancing(arn)), [environment([web, cart])])).toEqual(['demo/cart'])
    expect(namesOf(news(balancing(elb('targetgroup/web-blue/7'))), [environment([web, cart])])).toEqual([
      'demo/web',
    ])
  })

  it('is whose load balancer has the ARN that the release names', () => {
    const named = release('web', {}, traffic('web', { loadBalancer: elb('loadbalancer/app/demo/1') }))
    expect(namesOf(news(balancing(rule)), [environment([named])])).toEqual(['demo/web'])
  })

  it('is nobody of those without traffic', () => {
    const worker = release(
      'worker',
      {},
      { traffic: undefined, gates: undefined, strategy: { type: 'Rolling' } },
    )
    expect(namesOf(news(balancing(rule)), [environment([worker])])).toEqual([])
  })
})

describe('whom news of an image concerns', () => {
  const of = (repository: string): Members => ({ image: { repository, tag: 'v1' } })
  const waiting = (repository: string): ManagedEnvironment =>
    environment([release('web', { waits: true }, of(repository))])

  it('is the environment in which somebody waits for one of the repository', () => {
    expect(namesOf(news(image('shop/web')), [waiting(`${HOST}/shop/web`)])).toEqual(['demo/'])
    expect(namesOf(news(image('shop/web')), [waiting('shop/web')])).toEqual(['demo/'])
  })

  it('is nobody where nothing is waited for, or another image', () => {
    const serving = environment([release('web', {}, of(`${HOST}/shop/web`))])
    expect(namesOf(news(image('shop/web')), [serving])).toEqual([])
    expect(namesOf(news(image('web')), [waiting(`${HOST}/shop/web`)])).toEqual([])
    expect(namesOf(news(image('other')), [waiting('web')])).toEqual([])
  })

  it('goes by the region of the registry, which may be another one', () => {
    const far = environment([release('web', { waits: true }, of(`${HOST}/web`))], { region: 'us-east-1' })
    expect(namesOf(news(image('web')), [far])).toEqual(['demo/'])
    expect(namesOf(news(image('web'), { region: 'us-east-1' }), [far])).toEqual([])
  })
})
