import { describe, expect, it } from 'vitest'
import { readNews } from '../../../controller/core/events/read.ts'

const ACCOUNT = '123456789012'
const REGION = 'eu-west-1'
const SERVICE = `arn:aws:ecs:${REGION}:${ACCOUNT}:service`
const RULE = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener-rule/app/shop/1/2/3`

const event = (more: object): string =>
  JSON.stringify({
    version: '0',
    id: '1',
    account: ACCOUNT,
    region: REGION,
    time: '2026-01-01T00:00:00Z',
    resources: [],
    detail: {},
    ...more,
  })

const ecs = (type: string, more: object): string => event({ source: 'aws.ecs', 'detail-type': type, ...more })
const call = (source: string, detail: object): string =>
  event({ source: `aws.${source}`, 'detail-type': 'AWS API Call via CloudTrail', detail })
const asked = (source: string, requestParameters: unknown, more: object = {}): string =>
  call(source, { eventSource: `${source}.amazonaws.com`, requestParameters, ...more })

const subjectOf = (message: string): unknown => {
  const read = readNews(message)
  return read.kind === 'News' ? read.news.subject : read.why
}
const service = (cluster: string, name: string) => ({ kind: 'Service', cluster, service: name })

describe('a message of the queue', () => {
  it.each([
    ['ECS Service Action', 'Service'],
    ['ECS Deployment State Change', 'Deployment'],
  ])('%s names the service of its resource', (type, kind) => {
    expect(readNews(ecs(type, { resources: [`${SERVICE}/demo/web-blue`] }))).toEqual({
      kind: 'News',
      news: {
        kind,
        at: Date.UTC(2026, 0, 1),
        account: ACCOUNT,
        region: REGION,
        subject: service('demo', 'web-blue'),
      },
    })
  })

  it('names the service of an ARN of the old form by the cluster of its detail', () => {
    const detail = { clusterArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/demo` }
    const message = ecs('ECS Service Action', { resources: [`${SERVICE}/web`], detail })
    expect(subjectOf(message)).toEqual(service('demo', 'web'))
  })

  it('names the service of a task by its group', () => {
    const detail = { group: 'service:web', clusterArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/demo` }
    expect(subjectOf(ecs('ECS Task State Change', { detail }))).toEqual(service('demo', 'web'))
    expect(subjectOf(ecs('ECS Task State Change', { detail: { group: 'family:job' } }))).toBe('NoSubject')
    expect(subjectOf(ecs('ECS Task State Change', {}))).toBe('NoSubject')
  })

  it.each([
    ['ECR Image Action', 'Image'],
    ['ECR Image Scan', 'Scan'],
  ])('%s names the repository', (type, kind) => {
    const detail = { 'repository-name': 'shop/web', 'image-tag': 'v1' }
    expect(readNews(event({ source: 'aws.ecr', 'detail-type': type, detail }))).toMatchObject({
      news: { kind, subject: { kind: 'Repository', repository: 'shop/web' } },
    })
    expect(subjectOf(event({ source: 'aws.ecr', 'detail-type': type }))).toBe('NoSubject')
  })

  it.each([
    [{ cluster: 'demo', service: 'web' }, service('demo', 'web')],
    [{ service: 'web' }, service('default', 'web')],
    [
      { cluster: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/demo`, serviceName: 'web' },
      service('demo', 'web'),
    ],
    [{ service: `${SERVICE}/demo/web` }, service('demo', 'web')],
    [{ resourceArn: `${SERVICE}/demo/web` }, service('demo', 'web')],
    [{ resourceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/demo` }, 'NoSubject'],
    [{ family: 'web' }, 'NoSubject'],
    [null, 'NoSubject'],
  ])('of a call of ECS names its service: %j', (request, subject) => {
    expect(subjectOf(asked('ecs', request))).toEqual(subject)
  })

  it('of a call of load balancing names every ARN that it speaks of, once', () => {
    const group = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web-blue/1`
    const actions = [
      { forwardConfig: { targetGroups: [{ targetGroupArn: group }, { targetGroupArn: group }] } },
    ]
    expect(subjectOf(asked('elasticloadbalancing', { ruleArn: RULE, actions, priority: 3 }))).toEqual({
      kind: 'LoadBalancing',
      arns: [RULE, group],
    })
    expect(subjectOf(asked('elasticloadbalancing', { names: ['shop'] }))).toBe('NoSubject')
  })

  it('takes no more than fifty names of one message, and none that are buried or too long', () => {
    const many = Array.from({ length: 80 }, (_, index) => `${RULE}${index}`)
    expect(subjectOf(asked('elasticloadbalancing', { many }))).toMatchObject({ arns: many.slice(0, 50) })
    const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => [inner], RULE)
    expect(subjectOf(asked('elasticloadbalancing', { deep }))).toBe('NoSubject')
    expect(subjectOf(asked('elasticloadbalancing', { long: `${RULE}${'x'.repeat(3_000)}` }))).toBe(
      'NoSubject',
    )
  })

  it('of a call that reads, or of another service’s, concerns nobody', () => {
    expect(subjectOf(asked('ecs', { service: 'web' }, { readOnly: true }))).toBe('NoSubject')
    const detail = { eventSource: 'iam.amazonaws.com', requestParameters: { service: 'web' } }
    expect(subjectOf(call('ecs', detail))).toBe('NoSubject')
  })

  it.each([
    ['', 'NotJson'],
    ['{', 'NotJson'],
    [`"${'x'.repeat(1_048_576)}"`, 'NotJson'],
    ['null', 'NotAnEvent'],
    ['[]', 'NotAnEvent'],
    ['{}', 'NotAnEvent'],
    [event({ source: 'aws.ecs' }), 'NotAnEvent'],
    [event({ source: 7, 'detail-type': 'ECS Service Action' }), 'NotAnEvent'],
    [ecs('ECS Service Action', { account: '' }), 'NotAnEvent'],
    [ecs('ECS Service Action', { region: 'x'.repeat(3_000) }), 'NotAnEvent'],
    [ecs('ECS Service Action', { detail: [] }), 'NotAnEvent'],
    [ecs('ECR Image Action', {}), 'Foreign'],
    [ecs('toString', {}), 'Foreign'],
    [ecs('EC2 Instance State-change Notification', {}), 'Foreign'],
    [ecs('ECS Service Action', { resources: 'all' }), 'NoSubject'],
    [ecs('ECS Service Action', { resources: [7, ''] }), 'NoSubject'],
  ])('that nobody can be woken by is dropped: %.40s', (message, why) => {
    expect(readNews(message)).toEqual({ kind: 'Dropped', why })
  })

  it.each(['soon', 7, undefined])('whose time is %s has none', (time) => {
    const message = ecs('ECS Service Action', { resources: [`${SERVICE}/demo/web`], time })
    expect(readNews(message)).toMatchObject({ kind: 'News', news: { at: undefined } })
  })
})
