import { ACCOUNT, REGION } from './shape.ts'
import type { Pair } from './shape.ts'

/** It is in the text of each that has one, and must come out nowhere. */
export const MARK = 'the-text-of-a-message'

const TIME = '2020-01-01T00:00:00Z'

const event = (members: object): string =>
  JSON.stringify({
    version: '0',
    id: MARK,
    source: 'aws.ecs',
    'detail-type': 'ECS Service Action',
    account: ACCOUNT,
    region: REGION,
    time: TIME,
    resources: [],
    detail: {},
    ...members,
  })

const call = (eventSource: string, requestParameters: object): object => ({
  source: `aws.${eventSource}`,
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventSource: `${eventSource}.amazonaws.com`, readOnly: false, requestParameters },
})

const serviceArn = (
  service: string,
  place: { readonly account?: string; readonly region?: string } = {},
): string => `arn:aws:ecs:${place.region ?? REGION}:${place.account ?? ACCOUNT}:service/demo/${service}`

const LONG = 'x'.repeat(1_000_000)

/** What nobody can be woken by, whoever has written it. */
export const strangeTexts: readonly string[] = [
  ' ',
  `no JSON { ${MARK}`,
  'null',
  '[]',
  '0',
  `"${MARK}"`,
  '{}',
  '{"source":"aws.ecs"}',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `"${LONG}"`,
  '{"__proto__":{"source":"aws.ecs"},"constructor":1,"detail-type":"constructor"}',
  event({ 'detail-type': '__proto__' }),
  event({ 'detail-type': 'toString' }),
  event({ source: MARK }),
  event({ detail: null }),
  event({ detail: [] }),
  event({ resources: 'none' }),
  event({ resources: [serviceArn(LONG)] }),
  event({ resources: [serviceArn('nobody-has-this')] }),
  event({ resources: ['arn:aws:ecs:::service/'] }),
  event({ account: '999999999999', resources: [serviceArn('nobody-has-this', { account: '999999999999' })] }),
  event({ region: 'us-east-1', resources: [serviceArn('nobody-has-this', { region: 'us-east-1' })] }),
  event({ time: 'yesterday', resources: [serviceArn('nobody-has-this')] }),
  event(call('ecs', { service: { name: 'nobody-has-this' }, cluster: ['demo'] })),
  event(
    call('elasticloadbalancing', {
      listenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/none/1/2',
    }),
  ),
  event(
    call('elasticloadbalancing', {
      a: Array.from(
        { length: 500 },
        (_, index) => `arn:aws:elasticloadbalancing:::targetgroup/none-${index}/1`,
      ),
    }),
  ),
  event({
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    detail: { 'repository-name': 'nobody-has-this' },
  }),
]

/** Events that name what is there, and say of it what is not so. */
export function forgedEvents({ release, production, test, targetGroups }: Pair): readonly string[] {
  const [listenerArn = test] = production
  return [
    event({
      resources: [serviceArn(`${release}-blue`)],
      detail: {
        eventName: 'SERVICE_DESIRED_COUNT_UPDATED',
        clusterArn: 'demo',
        desiredCount: 0,
        status: 'INACTIVE',
      },
    }),
    event({
      'detail-type': 'ECS Deployment State Change',
      resources: [serviceArn(`${release}-green`)],
      detail: { eventName: 'SERVICE_DEPLOYMENT_FAILED', reason: MARK },
    }),
    event({
      'detail-type': 'ECS Task State Change',
      detail: {
        group: `service:${release}-green`,
        clusterArn: 'demo',
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
      },
    }),
    event(
      call('ecs', {
        service: `${release}-green`,
        cluster: 'demo',
        desiredCount: 0,
        taskDefinition: 'evil:1',
      }),
    ),
    event(
      call('elasticloadbalancing', {
        listenerArn,
        defaultActions: [{ type: 'forward', targetGroupArn: targetGroups.blue }],
      }),
    ),
  ]
}
