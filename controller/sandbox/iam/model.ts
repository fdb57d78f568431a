import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'
import { AwsError, validationError } from '../kernel/error.ts'
import {
  timestamp,
  type CallContext,
  type Members,
  type Operation,
  type ServiceModel,
} from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { optionalText, optionalRecords, present, texts } from '../members.ts'

interface RoleState {
  readonly exists: boolean
  readonly path: string
  readonly description?: string
  readonly trustPolicy: string
  readonly maxSessionSeconds: number
  readonly createdAt: number
  readonly attached: readonly string[]
  readonly inline: Readonly<Record<string, string>>
  /** The ARN of the policy that bounds it. */
  readonly boundary?: string
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
}

/** IAM, as much of it as reading and making roles needs. */
export interface IamModel extends ServiceModel {
  roleExists(name: string): boolean
}

const FIRST_DAY_MS = Date.UTC(2024, 0, 1)
const UNKNOWN_ROLE: RoleState = {
  exists: true,
  path: '/',
  trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
  maxSessionSeconds: 3600,
  createdAt: FIRST_DAY_MS,
  attached: [],
  inline: {},
  tags: [],
}

interface IamWorld {
  readonly roles: Table<RoleState>
  readonly strict: boolean
}

/** Roles exist as soon as they are named; with `strict` only once they were created. */
export function createIamModel(parts: { clock: Clock; strict: boolean }): IamModel {
  const iam: IamWorld = { strict: parts.strict, roles: new Table<RoleState>(parts.clock) }
  return {
    service: 'iam',
    roleExists: (name) => iam.roles.get(name)?.exists ?? !iam.strict,
    operations: { ...roleOperations(iam), ...policyOperations(iam), ...tagOperations(iam) },
    dump: () => iam.roles.dump(),
    load: (state) => iam.roles.load(state as [string, RoleState][]),
  }
}

function reads(handle: Operation['handle']): Operation {
  return { writes: false, bucket: 'other', handle }
}

function writes(handle: Operation['handle']): Operation {
  return { writes: true, bucket: 'other', handle }
}

function roleOperations(iam: IamWorld): Record<string, Operation> {
  return {
    GetRole: reads((input, context) => ({ Role: roleView(...named(iam, input, context), context) })),
    CreateRole: writes((input, context) => createRole(iam, input, context)),
    DeleteRole: writes((input, context) => {
      const [name, role] = named(iam, input, context)
      if (role.attached.length > 0 || Object.keys(role.inline).length > 0) {
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409)
      }
      iam.roles.put(name, { ...UNKNOWN_ROLE, exists: false })
      return {}
    }),
    UpdateAssumeRolePolicy: writes((input, context) => {
      const trustPolicy = required(input, 'PolicyDocument')
      return changed(iam, input, context, (role) => ({ ...role, trustPolicy }))
    }),
    PutRolePermissionsBoundary: writes((input, context) => {
      const boundary = required(input, 'PermissionsBoundary')
      return changed(iam, input, context, (role) => ({ ...role, boundary }))
    }),
    DeleteRolePermissionsBoundary: writes((input, context) =>
      changed(iam, input, context, ({ boundary: _boundary, ...role }) => role),
    ),
    UpdateRole: writes((input, context) =>
      changed(iam, input, context, (role) => ({
        ...role,
        description: optionalText(input, 'Description') ?? role.description ?? '',
        maxSessionSeconds: Number(input['MaxSessionDuration'] ?? role.maxSessionSeconds),
      })),
    ),
    UpdateRoleDescription: writes((input, context) => {
      const description = required(input, 'Description')
      changed(iam, input, context, (role) => ({ ...role, description }))
      return { Role: roleView(...named(iam, input, context), context) }
    }),
    CreateServiceLinkedRole: writes((input, context) => {
      const service = required(input, 'AWSServiceName')
      const name = `AWSServiceRoleFor${(service.split('.')[0] ?? '').toUpperCase()}`
      if (iam.roles.get(name)?.exists === true) {
        throw validationError(
          `Service role name ${name} has been taken in this account, please try a different suffix.`,
        )
      }
      const role = { ...UNKNOWN_ROLE, path: `/aws-service-role/${service}/`, createdAt: context.now }
      iam.roles.put(name, role)
      return { Role: roleView(name, role, context) }
    }),
    ListInstanceProfilesForRole: reads((input, context) => {
      named(iam, input, context)
      return { InstanceProfiles: [], IsTruncated: false }
    }),
  }
}

function policyOperations(iam: IamWorld): Record<string, Operation> {
  return {
    ListAttachedRolePolicies: reads((input, context) => ({
      AttachedPolicies: named(iam, input, context)[1].attached.map((arn) => ({
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
        PolicyArn: arn,
      })),
      IsTruncated: false,
    })),
    AttachRolePolicy: writes((input, context) => {
      const arn = required(input, 'PolicyArn')
      return changed(iam, input, context, (role) => ({
        ...role,
        attached: [...new Set([...role.attached, arn])],
      }))
    }),
    DetachRolePolicy: writes((input, context) => {
      const gone = required(input, 'PolicyArn')
      return changed(iam, input, context, (role) => ({
        ...role,
        attached: role.attached.filter((arn) => arn !== gone),
      }))
    }),
    ListRolePolicies: reads((input, context) => ({
      PolicyNames: Object.keys(named(iam, input, context)[1].inline),
      IsTruncated: false,
    })),
    GetRolePolicy: reads((input, context) => {
      const [RoleName, role] = named(iam, input, context)
      const PolicyName = required(input, 'PolicyName')
      const document = role.inline[PolicyName]
      if (document === undefined)
        throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`)
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) }
    }),
    PutRolePolicy: writes((input, context) => {
      const name = required(input, 'PolicyName')
      const document = required(input, 'PolicyDocument')
      return changed(iam, input, context, (role) => ({
        ...role,
        inline: { ...role.inline, [name]: document },
      }))
    }),
    DeleteRolePolicy: writes((input, context) => {
      const gone = required(input, 'PolicyName')
      return changed(iam, input, context, (role) => ({
        ...role,
        inline: Object.fromEntries(Object.entries(role.inline).filter(([name]) => name !== gone)),
      }))
    }),
  }
}

function tagOperations(iam: IamWorld): Record<string, Operation> {
  return {
    ListRoleTags: reads((input, context) => ({
      Tags: named(iam, input, context)[1].tags,
      IsTruncated: false,
    })),
    TagRole: writes((input, context) =>
      changed(iam, input, context, (role) => ({ ...role, tags: merged(role.tags, tagsOf(input)) })),
    ),
    UntagRole: writes((input, context) => {
      const gone = texts(input, 'TagKeys')
      return changed(iam, input, context, (role) => ({
        ...role,
        tags: role.tags.filter((tag) => !gone.includes(tag.Key)),
      }))
    }),
  }
}

function createRole(iam: IamWorld, input: Members, context: CallContext): Members {
  const name = required(input, 'RoleName')
  if (!/^[\w+=,.@-]{1,64}$/.test(name)) throw validationError('RoleName is invalid.')
  if (iam.roles.get(name)?.exists === true) {
    throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409)
  }
  const description = optionalText(input, 'Description')
  const boundary = optionalText(input, 'PermissionsBoundary')
  const role: RoleState = {
    ...UNKNOWN_ROLE,
    path: optionalText(input, 'Path') ?? '/',
    trustPolicy: required(input, 'AssumeRolePolicyDocument'),
    maxSessionSeconds: Number(input['MaxSessionDuration'] ?? 3600),
    createdAt: context.now,
    tags: tagsOf(input),
    ...(description === undefined ? {} : { description }),
    ...(boundary === undefined ? {} : { boundary }),
  }
  iam.roles.put(name, role)
  return { Role: roleView(name, role, context) }
}

function named(iam: IamWorld, input: Members, context: CallContext): [string, RoleState] {
  const name = required(input, 'RoleName')
  const role = context.read(iam.roles).get(name) ?? (iam.strict ? undefined : UNKNOWN_ROLE)
  if (role?.exists !== true) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return [name, role]
}

function changed(
  iam: IamWorld,
  input: Members,
  context: CallContext,
  change: (role: RoleState) => RoleState,
): Members {
  const [name, role] = named(iam, input, context)
  iam.roles.put(name, change(iam.roles.get(name) ?? role))
  return {}
}

function roleView(name: string, role: RoleState, context: CallContext): Members {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase()
  return present({
    Path: role.path,
    RoleName: name,
    RoleId: `AROA${id}`,
    Arn: `arn:aws:iam::${context.accountId}:role${role.path}${name}`,
    CreateDate: timestamp(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
    Tags: role.tags.length === 0 ? undefined : role.tags,
  })
}

function tagsOf(input: Members): { Key: string; Value: string }[] {
  return (optionalRecords(input, 'Tags') ?? []).map((tag) => ({
    Key: required(tag, 'Key'),
    Value: optionalText(tag, 'Value') ?? '',
  }))
}

function merged(before: RoleState['tags'], added: RoleState['tags']): RoleState['tags'] {
  return [...before.filter((tag) => !added.some((one) => one.Key === tag.Key)), ...added]
}

function required(input: Members, name: string): string {
  const value = optionalText(input, name)
  if (value === undefined || value === '') throw validationError(`${name} must not be empty.`)
  return value
}

function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404)
}
