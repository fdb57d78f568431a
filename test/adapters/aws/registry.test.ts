import { describe, expect, it } from 'vitest'
import { parseEcrRepository } from '../../../controller/adapters/aws/registry/image-repository.ts'
import { awsOver } from './fake-aws.ts'

const web = { repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web', tag: 'v1' }
const found = () => ({
  result: { images: [{ imageId: { imageDigest: `sha256:${'1'.repeat(64)}`, imageTag: 'v1' } }] },
})

describe('the registry', () => {
  it('resolves a tag with one call, for callers at the same time and for a minute', async () => {
    const { aws, of } = awsOver({ BatchGetImage: found })
    expect(await Promise.all([1, 2, 3].map(() => aws.registry.resolve(web)))).toEqual(
      Array(3).fill(`sha256:${'1'.repeat(64)}`),
    )
    await aws.registry.resolve(web)
    expect(of('BatchGetImage')).toEqual([
      {
        registryId: '123456789012',
        repositoryName: 'team/web',
        imageIds: [{ imageTag: 'v1' }],
        acceptedMediaTypes: expect.arrayContaining(['application/vnd.oci.image.index.v1+json']) as string[],
      },
    ])
  })

  it.each([
    { result: { images: [], failures: [{ failureCode: 'ImageNotFound', failureReason: 'not found' }] } },
    { result: { images: [] } },
    { error: 'RepositoryNotFoundException' },
    { error: 'ImageNotFoundException' },
  ])('knows an image that was not pushed yet, and looks again: %o', async (answer) => {
    const { aws, of } = awsOver({ BatchGetImage: () => answer })
    expect(await aws.registry.resolve(web)).toBeUndefined()
    expect(await aws.registry.resolve(web)).toBeUndefined()
    expect(of('BatchGetImage')).toHaveLength(2)
  })

  it.each([
    ['KmsError', 'stall'],
    ['UpstreamUnavailable', 'retry'],
  ])('does not take the failure %s for absence', async (failureCode, handling) => {
    const { aws } = awsOver({
      BatchGetImage: () => ({ result: { images: [], failures: [{ failureCode }] } }),
    })
    await expect(aws.registry.resolve(web)).rejects.toMatchObject({ code: 'ImageUnreadable', handling })
  })

  it.each(['docker.io/library/nginx', 'nginx', 'public.ecr.aws/x/y', 'ghcr.io/acme/web'])(
    'asks for the digest of an image outside ECR: %s',
    async (repository) => {
      const { aws, calls } = awsOver({})
      await expect(aws.registry.resolve({ repository, tag: 'v1' })).rejects.toMatchObject({
        code: 'RegistryNotSupported',
        handling: 'stall',
        remedy: expect.stringContaining('digest') as string,
      })
      expect(calls).toEqual([])
    },
  )
})

describe('parseEcrRepository', () => {
  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/web', 'eu-west-1'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web', 'cn-north-1'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web', 'us-gov-west-1'],
    ['123456789012.dkr-ecr.us-west-2.on.aws/web', 'us-west-2'],
  ])('reads account and region from %s', (repository, region) => {
    expect(parseEcrRepository(repository)).toEqual({ accountId: '123456789012', region, name: 'web' })
  })

  it.each([
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/web',
    '1234.dkr.ecr.eu-west-1.amazonaws.com/web',
  ])('takes %s for no repository of ECR', (repository) => {
    expect(parseEcrRepository(repository)).toBeUndefined()
  })
})
