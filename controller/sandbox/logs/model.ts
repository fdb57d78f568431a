import type { Clock } from '../kernel/clock.ts'
import { AwsError, invalidParameter } from '../kernel/error.ts'
import type { CallContext, Members, Operation, ServiceModel } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { optionalInteger, optionalText, present, text } from '../members.ts'
import { pageOf } from '../paging.ts'
import { arnOf, groupOf, keyOf, type LogGroup } from './state.ts'
import { logTagOperations } from './tags.ts'

/** CloudWatch Logs, as much of it as keeping log groups needs (API version 2014-03-28). */
export function createLogsModel(parts: { clock: Clock }): ServiceModel {
  const groups = new Table<LogGroup>(parts.clock)
  return {
    service: 'logs',
    operations: { ...groupOperations(groups), ...settingOperations(groups), ...logTagOperations(groups) },
    tagged: (context) =>
      context
        .read(groups)
        .list()
        .filter(({ region }) => region === context.region)
        .map(({ name, tags }) => ({ arn: arnOf(name, context), tags })),
    dump: () => groups.dump(),
    load: (state) => groups.load(state as [string, LogGroup][]),
  }
}

function groupOperations(groups: Table<LogGroup>): Record<string, Operation> {
  return {
    CreateLogGroup: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => create(groups, input, context),
    },
    DescribeLogGroups: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(groups, input, context),
    },
    DeleteLogGroup: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const group = groupOf(groups, text(input, 'logGroupName'), context)
        groups.delete(keyOf(group.name, context))
        return {}
      },
    },
  }
}

/** What AWS takes for `retentionInDays`: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
])

function settingOperations(groups: Table<LogGroup>): Record<string, Operation> {
  return {
    PutRetentionPolicy: changing(groups, (group, input) => {
      const retentionDays = optionalInteger(input, 'retentionInDays')
      if (retentionDays === undefined || !RETENTION_DAYS.has(retentionDays)) {
        throw invalidParameter(`${String(retentionDays)} is no number of days that CloudWatch Logs keeps.`)
      }
      return { ...group, retentionDays }
    }),
    DeleteRetentionPolicy: changing(groups, ({ retentionDays: _days, ...group }) => group),
    AssociateKmsKey: changing(groups, (group, input) => ({ ...group, kmsKeyId: text(input, 'kmsKeyId') })),
    DisassociateKmsKey: changing(groups, ({ kmsKeyId: _key, ...group }) => group),
  }
}

function changing(groups: Table<LogGroup>, change: (group: LogGroup, input: Members) => LogGroup): Operation {
  return {
    writes: true,
    bucket: 'other',
    handle(input, context) {
      const group = groupOf(groups, text(input, 'logGroupName'), context)
      groups.put(keyOf(group.name, context), change(group, input))
      return {}
    },
  }
}

function create(groups: Table<LogGroup>, input: Members, context: CallContext): Members {
  const name = text(input, 'logGroupName')
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
    throw invalidParameter(
      `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    )
  }
  if (groups.get(keyOf(name, context)) !== undefined) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists')
  }
  const kmsKeyId = optionalText(input, 'kmsKeyId')
  groups.put(keyOf(name, context), {
    name,
    region: context.region,
    createdAt: context.now,
    logGroupClass: optionalText(input, 'logGroupClass') ?? 'STANDARD',
    tags: (input['tags'] ?? {}) as LogGroup['tags'],
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
  })
  return {}
}

function describe(groups: Table<LogGroup>, input: Members, context: CallContext): Members {
  const prefix = optionalText(input, 'logGroupNamePrefix') ?? ''
  const pattern = (optionalText(input, 'logGroupNamePattern') ?? '').toLowerCase()
  const found = context
    .read(groups)
    .list()
    .filter((group) => group.region === context.region && group.name.startsWith(prefix))
    .filter((group) => group.name.toLowerCase().includes(pattern))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const { items, ...rest } = pageOf(found, { ...input, maxResults: input['limit'] }, 50)
  return { logGroups: items.map((group) => view(group, context)), ...rest }
}

function view(group: LogGroup, context: CallContext): Members {
  const arn = arnOf(group.name, context)
  return present({
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: 0,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass,
    logGroupArn: arn,
  })
}
