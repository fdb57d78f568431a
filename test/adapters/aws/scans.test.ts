import { describe, expect, it } from 'vitest'
import { createScanMemory } from '../../../controller/adapters/aws/registry/scan-memory.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { awsOver } from './fake-aws.ts'

const digest = `sha256:${'1'.repeat(64)}`
const web = { repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web', digest }

const manifest = (document: object) => () => ({
  result: { images: [{ imageId: { imageDigest: digest }, imageManifest: JSON.stringify(document) }] },
})

describe("a scan's findings", () => {
  it('come with the first page, in one call for callers at the same time and after', async () => {
    const { aws, of } = awsOver({
      BatchGetImage: manifest({}),
      DescribeImageScanFindings: () => ({
        result: {
          imageScanStatus: { status: 'COMPLETE' },
          imageScanFindings: { findings: [{}], findingSeverityCounts: { HIGH: 120, LOW: 3 } },
          nextToken: 'more',
        },
      }),
    })
    const scans = await Promise.all([1, 2].map(() => aws.registry.scan(web)))
    await aws.registry.scan(web)
    expect(scans).toEqual([1, 2].map(() => ({ kind: 'Done', counts: { HIGH: 120, LOW: 3 } })))
    expect(of('DescribeImageScanFindings')).toEqual([
      { registryId: '123456789012', repositoryName: 'team/web', imageId: { imageDigest: digest } },
    ])
  })

  const findings = { findingSeverityCounts: { LOW: 1 } }
  it.each([
    ['ACTIVE', findings, { kind: 'Done', counts: { LOW: 1 } }],
    ['COMPLETE', {}, { kind: 'Done', counts: {} }],
    ['IN_PROGRESS', undefined, { kind: 'Running' }],
    ['PENDING', undefined, { kind: 'Running' }],
    ['FAILED', undefined, { kind: 'Failed', why: 'FAILED (as told)' }],
    ['UNSUPPORTED_IMAGE', findings, { kind: 'Failed', why: 'UNSUPPORTED_IMAGE (as told)' }],
    ['SOMETHING_NEW', findings, { kind: 'Failed', why: 'SOMETHING_NEW (as told)' }],
  ])('of a scan that is %s with %j are %j', async (status, imageScanFindings, expected) => {
    const { aws } = awsOver({
      BatchGetImage: manifest({}),
      DescribeImageScanFindings: () => ({
        result: { imageScanStatus: { status, description: 'as told' }, imageScanFindings },
      }),
    })
    expect(await aws.registry.scan(web)).toEqual(expected)
  })

  it.each(['ScanNotFoundException', 'ImageNotFoundException'])('are missing after %s', async (error) => {
    const { aws } = awsOver({ BatchGetImage: manifest({}), DescribeImageScanFindings: () => ({ error }) })
    expect(await aws.registry.scan(web)).toEqual({ kind: 'Missing' })
  })

  it.each([
    {},
    { imageScanStatus: { status: 'COMPLETE' } },
    { imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { findings: [{}] } },
    { imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { findingSeverityCounts: { HIGH: 'x' } } },
  ])('are not made up where the answer is %j', async (result) => {
    const { aws } = awsOver({ BatchGetImage: manifest({}), DescribeImageScanFindings: () => ({ result }) })
    await expect(aws.registry.scan(web)).rejects.toMatchObject({ code: 'UnreadableAnswer' })
  })

  const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`
  const linux = (letter: string, architecture: string) => ({
    digest: digestOf(letter),
    platform: { os: 'linux', architecture },
  })
  const attestation = { digest: digestOf('c'), platform: { os: 'unknown', architecture: 'unknown' } }
  const index = { manifests: [linux('a', 'amd64'), attestation, linux('b', 'arm64')] }

  it.each([
    ['COMPLETE', { kind: 'Done', counts: { HIGH: 2, LOW: 3, MEDIUM: 1 } }],
    ['IN_PROGRESS', { kind: 'Running' }],
    ['FAILED', { kind: 'Failed', why: 'FAILED' }],
  ])('of an index are the worst of its platforms, where the second one is %s', async (status, expected) => {
    const answers = new Map([
      [digestOf('a'), { status: 'COMPLETE', counts: { HIGH: 1, LOW: 3 } }],
      [digestOf('b'), { status, counts: { HIGH: 2, LOW: 1, MEDIUM: 1 } }],
    ])
    const { aws, of } = awsOver({
      BatchGetImage: manifest(index),
      DescribeImageScanFindings: (input) => {
        const { imageDigest } = (input as { imageId: { imageDigest: string } }).imageId
        const { status: said, counts } = answers.get(imageDigest) ?? { status: 'FAILED', counts: {} }
        return {
          result: {
            imageScanStatus: { status: said },
            imageScanFindings: { findingSeverityCounts: counts },
          },
        }
      },
    })
    expect(await aws.registry.scan(web)).toEqual(expected)
    expect(of('BatchGetImage')).toMatchObject([{ imageIds: [{ imageDigest: digest }] }])
    expect(of('DescribeImageScanFindings')).toHaveLength(2)
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no list', '{"manifests": 1}'],
    ['nothing but attestations', JSON.stringify({ manifests: [attestation] })],
    ['no digest', '{"manifests": [{"digest": "x"}]}'],
  ])('are not made up where the manifest is %s', async (_, imageManifest) => {
    const { aws } = awsOver({ BatchGetImage: () => ({ result: { images: [{ imageManifest }] } }) })
    await expect(aws.registry.scan(web)).rejects.toMatchObject({ code: 'UnreadableAnswer' })
  })

  it.each([{ result: { images: [] } }, { error: 'RepositoryNotFoundException' }])(
    'are missing where the image is, as %j tells',
    async (answer) => {
      const { aws } = awsOver({ BatchGetImage: () => answer })
      expect(await aws.registry.scan(web)).toEqual({ kind: 'Missing' })
    },
  )

  it('are not known outside ECR', async () => {
    const { aws, calls } = awsOver({})
    expect(await aws.registry.scan({ ...web, repository: 'ghcr.io/acme/web' })).toBeUndefined()
    expect(calls).toEqual([])
  })

  it('need a permission that the message names', async () => {
    const message = 'User: x is not authorized to perform: ecr:DescribeImageScanFindings on resource: *'
    const { aws } = awsOver({
      BatchGetImage: manifest({}),
      DescribeImageScanFindings: () => ({ error: 'AccessDeniedException', message, status: 400 }),
    })
    await expect(aws.registry.scan(web)).rejects.toMatchObject({
      handling: 'stall',
      remedy: expect.stringContaining('ecr:DescribeImageScanFindings') as string,
    })
  })
})

describe('the scan memory', () => {
  const pending = { kind: 'Running' } as const
  const result = { kind: 'Done', counts: {} } as const

  it('believes a result for ten minutes', async () => {
    const clock = new FakeClock()
    const memory = createScanMemory(clock)
    memory.set('a', result)
    await clock.advance(599_999)
    expect(memory.get('a')).toEqual(result)
    await clock.advance(1)
    expect(memory.get('a')).toBeUndefined()
  })

  it('asks less and less often for a result that does not come, and no less than every five minutes', async () => {
    const clock = new FakeClock()
    const memory = createScanMemory(clock)
    const asked: number[] = []
    for (let second = 0; second < 3_600; second += 1) {
      if (memory.get('a') === undefined) {
        asked.push(second)
        memory.set('a', pending)
      }
      await clock.advance(1_000)
    }
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
    expect(gaps.slice(0, 4)).toEqual([5, 5, 5, 5])
    expect(gaps).toEqual(gaps.toSorted((one, other) => one - other))
    expect(Math.max(...gaps)).toBe(300)
  })
})
