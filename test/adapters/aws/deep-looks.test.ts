import { describe, expect, it } from 'vitest'
import { createAwsLimits } from '../../../controller/adapters/aws/client/limits.ts'
import { buckets } from '../../../controller/adapters/aws/client/operations.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { awsOver } from './fake-aws.ts'

const DELAY = { Key: 'deregistration_delay.timeout_seconds', Value: '30' }

describe('the attributes of a target group', () => {
  it('are asked for by its ARN', async () => {
    const { aws, of } = awsOver({
      DescribeTargetGroupAttributes: () => ({ result: { Attributes: [DELAY] } }),
    })
    expect(await aws.deepLooks.attributes('arn:tg/web/1')).toEqual({ [DELAY.Key]: '30' })
    expect(of('DescribeTargetGroupAttributes')).toEqual([{ TargetGroupArn: 'arn:tg/web/1' }])
  })

  it('are none of a group that is gone', async () => {
    const { aws } = awsOver({
      DescribeTargetGroupAttributes: () => ({ error: 'TargetGroupNotFound', message: 'gone' }),
    })
    expect(await aws.deepLooks.attributes('arn:tg/web/1')).toBeNull()
  })
})

/** A list in a query is a parameter for each item. */
const arnsIn = (input: object): readonly string[] =>
  Object.entries(input).flatMap(([name, arn]) => (name.startsWith('ResourceArns.') ? [String(arn)] : []))

describe('the tags of target groups and rules', () => {
  const described = (arn: string) => ({
    ResourceArn: arn,
    Tags: [{ Key: 'of', Value: arn }, { Key: 'bare' }],
  })

  it('are asked for twenty at a time', async () => {
    const { aws, of } = awsOver({
      DescribeTags: (input) => ({ result: { TagDescriptions: arnsIn(input).map(described) } }),
    })
    const arns = Array.from({ length: 25 }, (_, index) => `arn:${index}`)
    const found = await Promise.all(arns.map((arn) => aws.deepLooks.tags(arn)))
    expect(found).toEqual(arns.map((arn) => ({ of: arn, bare: '' })))
    expect(of('DescribeTags').map((input) => arnsIn(input).length)).toEqual([20, 5])
  })

  it('are those of all others where one of them is gone', async () => {
    const { aws } = awsOver({
      DescribeTags: (input) =>
        arnsIn(input).includes('arn:gone')
          ? { error: 'RuleNotFound', message: 'gone' }
          : { result: { TagDescriptions: arnsIn(input).map(described) } },
    })
    const found = await Promise.all(['arn:1', 'arn:gone'].map((arn) => aws.deepLooks.tags(arn)))
    expect(found).toEqual([{ of: 'arn:1', bare: '' }, null])
    expect(await aws.deepLooks.tags('arn:gone')).toBeNull()
  })

  it('are refused as unreadable where the answer leaves one out', async () => {
    const { aws } = awsOver({ DescribeTags: () => ({ result: { TagDescriptions: [] } }) })
    await expect(aws.deepLooks.tags('arn:1')).rejects.toMatchObject({ code: 'UnreadableAnswer' })
  })

  it('are given by one call, beside those that are there', async () => {
    const { aws, of } = awsOver({ AddTags: () => ({ result: {} }) })
    await aws.traffic.tag({ arn: 'arn:1', tags: { team: 'shop' } })
    expect(of('AddTags')).toEqual([
      { 'ResourceArns.member.1': 'arn:1', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'shop' },
    ])
  })
})

describe('the digest of a tag', () => {
  it('is what the registry says now', async () => {
    const digest = `sha256:${'1'.repeat(64)}`
    const { aws } = awsOver({
      BatchGetImage: () => ({ result: { images: [{ imageId: { imageDigest: digest } }] } }),
    })
    const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web'
    expect(await aws.deepLooks.digest({ repository, tag: 'v1' })).toBe(digest)
  })
})

describe('what a service revision runs', () => {
  const revision = (arn: string, imageDigest?: string) => ({
    serviceRevisionArn: arn,
    containerImages: [{ containerName: 'web', image: 'web:v1', imageDigest }],
  })

  it('is asked for twenty at a time, and never again once it is whole', async () => {
    const { aws, of } = awsOver({
      DescribeServiceRevisions: ({ serviceRevisionArns }, nth) => ({
        result: {
          serviceRevisions: (serviceRevisionArns as string[])
            .filter((arn) => arn !== 'arn:gone')
            .map((arn) => revision(arn, arn === 'arn:starting' && nth === 0 ? undefined : 'sha256:1')),
          failures: [{ arn: 'arn:gone', reason: 'MISSING' }],
        },
      }),
    })
    const whole = { container: 'web', image: 'web:v1', digest: 'sha256:1' }
    const look = () =>
      Promise.all(['arn:1', 'arn:starting', 'arn:gone'].map((arn) => aws.deepLooks.running(arn)))
    expect(await look()).toEqual([[whole], [{ ...whole, digest: undefined }], null])
    expect(await look()).toEqual([[whole], [whole], null])
    expect(await look()).toEqual([[whole], [whole], null])
    expect(of('DescribeServiceRevisions').map(({ serviceRevisionArns }) => serviceRevisionArns)).toEqual([
      ['arn:1', 'arn:starting', 'arn:gone'],
      ['arn:starting', 'arn:gone'],
      ['arn:gone'],
    ])
  })
})

describe('the policies of autoscaling', () => {
  it('are asked for by the service', async () => {
    const { aws, of } = awsOver({
      DescribeScalingPolicies: () => ({
        result: { ScalingPolicies: [{ PolicyName: 'cpu', PolicyARN: 'arn:1' }] },
      }),
    })
    expect(await aws.deepLooks.policies({ cluster: 'shop', name: 'web-blue' })).toEqual([
      { PolicyName: 'cpu', PolicyARN: 'arn:1' },
    ])
    expect(of('DescribeScalingPolicies')).toEqual([
      {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: 'service/shop/web-blue',
      },
    ])
  })
})

describe('what a tag means', () => {
  const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web'
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`
  const meaning = (imageManifest: string | undefined, name = repository) => {
    const { aws } = awsOver({
      BatchGetImage: () => ({
        result: { images: [{ imageId: { imageDigest: digest('1') }, imageManifest }] },
      }),
    })
    return aws.deepLooks.meaning({ repository: name, tag: 'v1' })
  }

  it('is the digest, and those of the platforms of an index', async () => {
    const index = JSON.stringify({ manifests: [{ digest: digest('2') }, { digest: digest('3') }] })
    expect(await meaning(index)).toEqual([digest('1'), digest('2'), digest('3')])
    expect(await meaning(JSON.stringify({ layers: [] }))).toEqual([digest('1')])
    expect(await meaning('no manifest')).toEqual([digest('1')])
    expect(await meaning(undefined)).toEqual([digest('1')])
  })

  it('is not known of a registry that is none of Amazon ECR', async () => {
    expect(await meaning(undefined, 'public.ecr.aws/envoy')).toBeUndefined()
  })
})

describe('what there is in a cluster and behind a load balancer', () => {
  it('is every service by its name, page by page', async () => {
    const arn = (name: string): string => `arn:aws:ecs:eu-west-1:123456789012:service/shop/${name}`
    const { aws, of } = awsOver({
      ListServices: (_, nth) => ({
        result:
          nth === 0 ? { serviceArns: [arn('web-blue')], nextToken: '2' } : { serviceArns: [arn('legacy')] },
      }),
    })
    expect(await aws.deepLooks.services('shop')).toEqual(['web-blue', 'legacy'])
    expect(of('ListServices')).toEqual([
      { cluster: 'shop', maxResults: 100 },
      { cluster: 'shop', maxResults: 100, nextToken: '2' },
    ])
  })

  it('are its rules with their listeners’ ports, default actions left out, and its target groups', async () => {
    const host = { Field: 'host-header', HostHeaderConfig: { Values: ['shop.example.com'] } }
    const { aws, of } = awsOver({
      DescribeListeners: () => ({ result: { Listeners: [{ ListenerArn: 'arn:listener', Port: 80 }] } }),
      DescribeRules: () => ({
        result: {
          Rules: [
            { RuleArn: 'arn:rule', Priority: '5', IsDefault: false, Conditions: [host] },
            { RuleArn: 'arn:default', Priority: 'default', IsDefault: true, Conditions: [] },
          ],
        },
      }),
      DescribeTargetGroups: () => ({
        result: { TargetGroups: [{ TargetGroupArn: 'arn:tg/web/1', TargetGroupName: 'web' }] },
      }),
    })
    expect(await aws.deepLooks.behind('arn:balancer')).toEqual({
      rules: [
        { arn: 'arn:rule', port: 80, conditions: [{ field: 'host-header', values: ['shop.example.com'] }] },
      ],
      targetGroups: [{ arn: 'arn:tg/web/1', name: 'web' }],
    })
    expect(of('DescribeTargetGroups')).toMatchObject([{ LoadBalancerArn: 'arn:balancer' }])
  })
})

describe('a fifth of the limits', () => {
  it('lets a fifth of the calls through, of an account and region whoever asks', async () => {
    const clock = new FakeClock()
    const limits = createAwsLimits(clock)
    const place = { accountId: '1', region: 'eu-west-1' }
    const bucket = limits.fifthOf(place)('ElbReads')
    expect(limits.fifthOf({ ...place })('ElbReads')).toBe(bucket)
    expect(limits.of(place)('ElbReads')).not.toBe(bucket)
    expect([bucket.ratePerSecond, limits.of(place)('ElbReads').ratePerSecond]).toEqual([2, 10])
    const turns = Array.from({ length: 12 }, () =>
      bucket.take('a', { maxWaitMs: 60_000 }).then(() => clock.monotonic()),
    )
    await clock.advance(3_000)
    // A burst of eight, then two a second.
    const granted = await Promise.all(turns)
    expect(granted.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 0))
    expect(granted.slice(8)).toEqual([500, 1_000, 1_500, 2_000])
  })

  it('keeps nothing back, which the whole does as its operations say', async () => {
    const clock = new FakeClock()
    const limits = createAwsLimits(clock)
    const place = { accountId: '1', region: 'eu-west-1' }
    const { burst, kept } = buckets.ElbReads
    const grantedOf = async (bucket: ReturnType<ReturnType<typeof limits.of>>, hurry?: AbortSignal) => {
      let granted = 0
      for (let call = 0; call <= burst; call += 1)
        bucket.take('a', { maxWaitMs: 60_000, hurry }).then(
          () => granted++,
          () => undefined,
        )
      await clock.advance(0)
      return granted
    }
    const whole = limits.of(place)('ElbReads')
    expect(await grantedOf(whole)).toBe(burst - kept)
    expect(await grantedOf(whole, AbortSignal.abort())).toBe(kept)
    expect(await grantedOf(limits.fifthOf(place)('ElbReads'))).toBe(burst / 5)
  })
})
