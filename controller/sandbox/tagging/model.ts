import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, ServiceModel, Tagged } from '../kernel/operation.ts'
import { optionalInteger, optionalRecords, optionalText, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'

/**
 * The Resource Groups Tagging API, as much of it as finding resources by their tags needs (API version 2017-01-26). It keeps nothing of its own, and as in
 * AWS it shows no IAM roles.
 */
export function createTaggingModel(parts: { models: readonly ServiceModel[] }): ServiceModel {
  return {
    service: 'tagging',
    operations: {
      GetResources: {
        writes: false,
        bucket: 'other',
        handle: (input, context) => getResources(parts.models, input, context),
      },
    },
    dump: () => undefined,
    load() {},
  }
}

const PER_PAGE = { usual: 50, most: 100 }
const MOST_FILTERS = 50

function getResources(models: readonly ServiceModel[], input: Members, context: CallContext): Members {
  const passes = filterOf(input)
  const found = models
    .flatMap((model) => model.tagged?.(context) ?? [])
    .filter(({ arn, tags }) => Object.keys(tags).length > 0 && passes({ arn, tags }))
    .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
  const asked = {
    maxResults: optionalInteger(input, 'ResourcesPerPage') ?? PER_PAGE.usual,
    nextToken: optionalText(input, 'PaginationToken') || undefined,
  }
  const { items, nextToken = '' } = pageOf(found, asked, PER_PAGE.most)
  return {
    PaginationToken: nextToken,
    ResourceTagMappingList: items.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  }
}

/** Whether a resource passes all filters: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
function filterOf(input: Members): (resource: Tagged) => boolean {
  const filters = (optionalRecords(input, 'TagFilters') ?? []).map((filter) => ({
    key: text(filter, 'Key'),
    values: texts(filter, 'Values'),
  }))
  if (filters.length > MOST_FILTERS)
    throw new AwsError('InvalidParameterException', `At most ${MOST_FILTERS} TagFilters can be given.`)
  const types = texts(input, 'ResourceTypeFilters')
  const arns = texts(input, 'ResourceARNList')
  return ({ arn, tags }) =>
    filters.every(({ key, values }) => {
      const value = tags[key]
      return value !== undefined && (values.length === 0 || values.includes(value))
    }) &&
    (types.length === 0 || types.some((type) => isOfType(arn, type))) &&
    (arns.length === 0 || arns.includes(arn))
}

/** A type is `service`, or `service:type` with the type as the ARN has it. */
function isOfType(arn: string, filter: string): boolean {
  const [, , service, , , ...resource] = arn.split(':')
  const [wantedService, wantedType] = filter.split(':')
  const type = resource.join(':')
  return (
    service === wantedService &&
    (wantedType === undefined || type.startsWith(`${wantedType}/`) || type.startsWith(`${wantedType}:`))
  )
}
