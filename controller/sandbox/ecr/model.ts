import type { Images } from '../images.ts'
import type { Clock } from '../kernel/clock.ts'
import { AwsError, invalidParameter } from '../kernel/error.ts'
import {
  timestamp,
  type CallContext,
  type Members,
  type ServiceModel,
  type Tagged,
} from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { optionalRecord, optionalRecords, optionalText, present, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { isRepositoryName, keyOf, repositoryOf, type EcrWorld, type RepositoryState } from './repository.ts'
import { describeImages, batchGetImage, listImages, putImage } from './images.ts'
import { scanFindings, startScan } from './scans.ts'

const FIRST_DAY_MS = Date.UTC(2024, 0, 1)

/** ECR: every image that is asked for exists, unless its behaviour says that it is missing. */
export function createEcrModel(parts: { clock: Clock; images: Images }): ServiceModel {
  const repositories = new Table<RepositoryState>(parts.clock)
  const ecr: EcrWorld = { images: parts.images, repositories }
  const read = { writes: false, bucket: 'other' } as const
  const write = { writes: true, bucket: 'other' } as const
  return {
    service: 'ecr',
    operations: {
      DescribeImages: { ...read, handle: (input, context) => describeImages(ecr, input, context) },
      BatchGetImage: { ...read, handle: (input, context) => batchGetImage(ecr, input, context) },
      ListImages: { ...read, handle: (input, context) => listImages(ecr, input, context) },
      DescribeImageScanFindings: { ...read, handle: (input, context) => scanFindings(ecr, input, context) },
      StartImageScan: { ...write, handle: (input, context) => startScan(ecr, input, context) },
      PutImage: { ...write, handle: (input, context) => putImage(ecr, input, context) },
      DescribeRepositories: { ...read, handle: (input, context) => describe(ecr, input, context) },
      CreateRepository: { ...write, handle: (input, context) => create(ecr, input, context) },
      DeleteRepository: { ...write, handle: (input, context) => remove(ecr, input, context) },
      GetAuthorizationToken: { ...read, handle: (_input, context) => authorization(context) },
      ListTagsForResource: { ...read, handle: (input, context) => tagsOf(ecr, input, context) },
    },
    tagged: (context) => taggedRepositories(ecr, context),
    dump: () => repositories.dump(),
    load: (state) => repositories.load(state as [string, RepositoryState][]),
  }
}

function describe(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const asked = texts(input, 'repositoryNames')
  const view = context.read(ecr.repositories)
  const created = ecr.repositories
    .dump()
    .filter(([key, state]) => state.exists && key.startsWith(`${context.region}/`))
    .map(([key]) => key.slice(context.region.length + 1))
  const known = [...new Set([...created, ...ecr.images.repositories()])].filter(
    (name) => view.get(keyOf(name, context))?.exists !== false,
  )
  const names =
    asked.length === 0 ? known : asked.map((name) => repositoryOf(ecr, { repositoryName: name }, context))
  const { items, ...rest } = pageOf(names, input, 1000)
  return { repositories: items.map((name) => repositoryView(ecr, name, context)), ...rest }
}

function create(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const name = text(input, 'repositoryName')
  if (!isRepositoryName(name)) throw invalidParameter(`Invalid parameter at 'repositoryName': '${name}'.`)
  if (ecr.repositories.get(keyOf(name, context))?.exists === true) {
    throw new AwsError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${context.accountId}'`,
    )
  }
  const members = present({
    imageTagMutability: optionalText(input, 'imageTagMutability') ?? 'MUTABLE',
    imageScanningConfiguration: optionalRecord(input, 'imageScanningConfiguration') ?? { scanOnPush: false },
    encryptionConfiguration: optionalRecord(input, 'encryptionConfiguration') ?? { encryptionType: 'AES256' },
    tags: optionalRecords(input, 'tags') ?? [],
  })
  ecr.repositories.put(keyOf(name, context), { exists: true, createdAt: context.now, members })
  return { repository: repositoryView(ecr, name, context) }
}

function remove(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const name = repositoryOf(ecr, input, context)
  const repository = repositoryView(ecr, name, context)
  ecr.repositories.put(keyOf(name, context), { exists: false, createdAt: context.now, members: {} })
  return { repository }
}

function repositoryView(ecr: EcrWorld, name: string, context: CallContext): Members {
  const state = ecr.repositories.get(keyOf(name, context))
  const { tags: _tags, ...members } = state?.members ?? {}
  return {
    repositoryArn: `arn:aws:ecr:${context.region}:${context.accountId}:repository/${name}`,
    registryId: context.accountId,
    repositoryName: name,
    repositoryUri: `${context.accountId}.dkr.ecr.${context.region}.amazonaws.com/${name}`,
    createdAt: timestamp(state?.createdAt ?? FIRST_DAY_MS),
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
    ...members,
  }
}

function taggedRepositories(ecr: EcrWorld, context: CallContext): Tagged[] {
  const place = `${context.region}/`
  return ecr.repositories
    .dump()
    .filter(([key, { exists }]) => exists && key.startsWith(place))
    .map(([key, { members }]) => ({
      arn: `arn:aws:ecr:${context.region}:${context.accountId}:repository/${key.slice(place.length)}`,
      tags: Object.fromEntries(
        (optionalRecords(members, 'tags') ?? []).map((tag) => [
          text(tag, 'Key'),
          optionalText(tag, 'Value') ?? '',
        ]),
      ),
    }))
}

function tagsOf(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const arn = text(input, 'resourceArn')
  const name = repositoryOf(ecr, { repositoryName: arn.slice(arn.indexOf('/') + 1) }, context)
  return { tags: context.read(ecr.repositories).get(keyOf(name, context))?.members['tags'] ?? [] }
}

function authorization(context: CallContext): Members {
  return {
    authorizationData: [
      {
        authorizationToken: Buffer.from('AWS:sandbox').toString('base64'),
        expiresAt: timestamp(context.now + 12 * 3_600_000),
        proxyEndpoint: `https://${context.accountId}.dkr.ecr.${context.region}.amazonaws.com`,
      },
    ],
  }
}
