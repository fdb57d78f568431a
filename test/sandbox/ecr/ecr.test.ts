import { describe, expect, test } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'

describe('ECR', () => {
  test('has every tag, with a digest that finds it again', () => {
    const aws = ecsWorld()
    const byTag = aws.call('ecr', 'DescribeImages', {
      repositoryName: 'shop/web',
      imageIds: [{ imageTag: 'v1' }],
    })
    const [image] = byTag['imageDetails'] as { imageDigest: string }[]
    const imageIds = [{ imageDigest: image?.imageDigest }]
    expect(
      aws.call('ecr', 'DescribeImages', { repositoryName: 'shop/web', imageIds })['imageDetails'],
    ).toMatchObject([{ imageTags: ['v1'], repositoryName: 'shop/web', registryId: '123456789012' }])
    expect(aws.call('ecr', 'ListImages', { repositoryName: 'shop/web' })['imageIds']).toEqual([
      { imageTag: 'v1', imageDigest: image?.imageDigest },
    ])
  })

  test('says that an image is missing until it is pushed', () => {
    const aws = ecsWorld()
    aws.images.set('web:v2', { missing: true, status: 201 })
    const input = { repositoryName: 'web', imageIds: [{ imageTag: 'v2' }] }
    expect(() => aws.call('ecr', 'DescribeImages', input)).toThrow(
      expect.objectContaining({ code: 'ImageNotFoundException' }),
    )
    expect(aws.call('ecr', 'BatchGetImage', input)).toMatchObject({
      images: [],
      failures: [{ failureCode: 'ImageNotFound', imageId: { imageTag: 'v2' } }],
    })
    aws.call('ecr', 'PutImage', { repositoryName: 'web', imageTag: 'v2', imageManifest: '{}' })
    expect(aws.call('ecr', 'DescribeImages', input)['imageDetails']).toHaveLength(1)
    expect(aws.images.behaviorOf('web:v2')).toEqual({ status: 201 })
  })

  test.each(['Web', '../web', 'web//api'])('has no repository called %s', (repositoryName) => {
    expect(() => ecsWorld().call('ecr', 'ListImages', { repositoryName })).toThrow(
      expect.objectContaining({ code: 'RepositoryNotFoundException' }),
    )
  })

  test('creates a repository once, and does not find it after its end', () => {
    const aws = ecsWorld()
    const created = aws.call('ecr', 'CreateRepository', { repositoryName: 'shop' })
    expect(created['repository']).toMatchObject({
      repositoryUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop',
      repositoryArn: 'arn:aws:ecr:eu-west-1:123456789012:repository/shop',
    })
    expect(() => aws.call('ecr', 'CreateRepository', { repositoryName: 'shop' })).toThrow('already exists')
    aws.call('ecr', 'DeleteRepository', { repositoryName: 'shop' })
    expect(() => aws.call('ecr', 'DescribeRepositories', { repositoryNames: ['shop'] })).toThrow(
      'does not exist',
    )
  })

  test('reports a scan that found nothing', () => {
    const input = { repositoryName: 'web', imageId: { imageTag: 'v1' } }
    expect(ecsWorld().call('ecr', 'DescribeImageScanFindings', input)).toMatchObject({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { findings: [] },
    })
  })

  test('reports what an image is said to have, by tag and by digest', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { scan: { findings: { HIGH: 2 } } })
    const imageId = { imageDigest: aws.images.find('web:v1')?.digest }
    const input = { repositoryName: 'web', imageId }
    const counts = { findingSeverityCounts: { HIGH: 2 } }
    expect(aws.call('ecr', 'DescribeImageScanFindings', input)).toMatchObject({ imageScanFindings: counts })
    expect(aws.call('ecr', 'DescribeImages', { repositoryName: 'web', imageIds: [imageId] })).toMatchObject({
      imageDetails: [{ imageScanFindingsSummary: counts }],
    })
  })

  test('has no findings before the scan, and some after it was started', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { startSeconds: 3, scan: { status: 'NONE', findings: { LOW: 1 } } })
    const input = { repositoryName: 'web', imageId: { imageTag: 'v1' } }
    expect(() => aws.call('ecr', 'DescribeImageScanFindings', input)).toThrow(
      expect.objectContaining({ code: 'ScanNotFoundException' }),
    )
    expect(aws.call('ecr', 'StartImageScan', input)).toMatchObject({
      imageScanStatus: { status: 'IN_PROGRESS' },
    })
    expect(aws.call('ecr', 'DescribeImageScanFindings', input)).toMatchObject({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { findingSeverityCounts: { LOW: 1 } },
    })
    expect(aws.images.behaviorOf('web:v1').startSeconds).toBe(3)
  })

  test('shows no findings of a scan that failed', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { scan: { status: 'FAILED' } })
    const answer = aws.call('ecr', 'DescribeImageScanFindings', {
      repositoryName: 'web',
      imageId: { imageTag: 'v1' },
    })
    expect(answer['imageScanStatus']).toEqual({ status: 'FAILED' })
    expect(answer).not.toHaveProperty('imageScanFindings')
  })
})
