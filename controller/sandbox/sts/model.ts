import type { Caller } from '../cloudtrail/record.ts'
import type { Clock } from '../kernel/clock.ts'
import { AwsError, validationError } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members, type ServiceModel } from '../kernel/operation.ts'
import { hexId, type Random } from '../kernel/random.ts'
import { Table } from '../kernel/table.ts'
import { optionalText } from '../members.ts'

interface SessionState {
  readonly arn: string
  readonly assumedRoleId: string
  readonly accountId: string
  readonly expiresAt: number
}

/** STS: hands out credentials whose access key id names the role, and knows for how long they are good. */
export interface StsModel extends ServiceModel {
  /** Who a caller is, by the access key id: a session of a role, or the user who is called like the key. */
  caller(accessKeyId: string | undefined, accountId: string): Caller

  /** Why a caller's credentials are refused; undefined while they are good, or not of the sandbox's making. */
  refusal(accessKeyId: string | undefined, protocol: 'query' | 'json'): AwsError | undefined
}

interface StsWorld {
  readonly sessions: Table<SessionState>
  readonly random: Random
  readonly clock: Clock
  readonly roleExists: (name: string) => boolean
}

/** `roleExists` decides which roles may be assumed. */
export function createStsModel(parts: {
  clock: Clock
  random: Random
  roleExists: (name: string) => boolean
}): StsModel {
  const sts: StsWorld = { ...parts, sessions: new Table<SessionState>(parts.clock) }
  const read = { writes: false, bucket: 'other' } as const
  function refusal(accessKeyId: string | undefined, protocol: 'query' | 'json'): AwsError | undefined {
    const session = accessKeyId === undefined ? undefined : sts.sessions.get(accessKeyId)
    if (session === undefined || parts.clock.now() < session.expiresAt) return undefined
    const message = 'The security token included in the request is expired'
    return protocol === 'query'
      ? new AwsError('ExpiredToken', message, 403)
      : new AwsError('ExpiredTokenException', message)
  }
  return {
    service: 'sts',
    operations: {
      GetCallerIdentity: { ...read, handle: (_input, context) => callerIdentity(sts, context) },
      AssumeRole: { ...read, handle: (input, context) => assumeRole(sts, input, context) },
      AssumeRoleWithWebIdentity: {
        ...read,
        handle: (input, context) => assumeRoleWithWebIdentity(sts, input, context),
      },
    },
    caller: (accessKeyId, accountId) => callerOf(sts, accessKeyId, accountId),
    refusal,
    dump: () => sts.sessions.dump(),
    load: (state) => sts.sessions.load(state as [string, SessionState][]),
  }
}

function callerIdentity(sts: StsWorld, context: CallContext): Members {
  const { userId, arn } = callerOf(sts, context.principal, context.accountId)
  return { UserId: userId, Account: arn.split(':')[4] ?? context.accountId, Arn: arn }
}

/** Keys that everybody uses for emulators are no names. */
const NAMELESS: ReadonlySet<string> = new Set(['test', 'sandbox'])

function callerOf(sts: StsWorld, accessKeyId: string | undefined, accountId: string): Caller {
  const session = accessKeyId === undefined ? undefined : sts.sessions.get(accessKeyId)
  if (session !== undefined) {
    const userName = session.arn.slice(session.arn.lastIndexOf('/') + 1)
    return { arn: session.arn, userId: session.assumedRoleId, userName, accessKeyId }
  }
  const isName =
    accessKeyId !== undefined && /^[\w+=,.@-]{1,64}$/.test(accessKeyId) && !NAMELESS.has(accessKeyId)
  const userName = isName ? accessKeyId : 'sandbox'
  const arn = `arn:aws:iam::${accountId}:user/${userName}`
  return { arn, userId: 'AIDASANDBOXUSER000000', userName, accessKeyId }
}

function assumeRole(sts: StsWorld, input: Members, context: CallContext): Members {
  return openSession(sts, input, context, {})
}

function assumeRoleWithWebIdentity(sts: StsWorld, input: Members, context: CallContext): Members {
  const token = optionalText(input, 'WebIdentityToken') ?? ''
  if (token === '') throw validationError('WebIdentityToken must not be empty.')
  const claims = claimsOf(token)
  const expiresAt = claims['exp']
  if (typeof expiresAt === 'number' && expiresAt * 1000 <= context.now) {
    throw new AwsError(
      'ExpiredTokenException',
      'Token expired: current date/time must be before the expiration date/time',
    )
  }
  return openSession(sts, input, context, {
    SubjectFromWebIdentityToken: typeof claims['sub'] === 'string' ? claims['sub'] : 'sandbox',
    Audience: typeof claims['aud'] === 'string' ? claims['aud'] : 'sts.amazonaws.com',
    Provider: typeof claims['iss'] === 'string' ? claims['iss'] : 'sandbox',
  })
}

/** The claims of a JSON Web Token, whose signature nobody here can check; none for a token of another kind. */
function claimsOf(token: string): Members {
  const [, payload] = token.split('.')
  if (payload === undefined) return {}
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    throw new AwsError('InvalidIdentityToken', 'The web identity token could not be read.')
  }
}

function openSession(sts: StsWorld, input: Members, context: CallContext, extra: Members): Members {
  const roleArn = optionalText(input, 'RoleArn') ?? ''
  const found = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(roleArn)
  if (found === null) throw validationError(`${roleArn} is invalid`)
  const [, accountId = '', roleName = ''] = found
  const sessionName = optionalText(input, 'RoleSessionName') ?? ''
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) throw validationError('RoleSessionName is invalid.')
  const seconds = Number(input['DurationSeconds'] ?? 3600)
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw validationError('DurationSeconds must be between 900 and 43200.')
  }
  if (!sts.roleExists(roleName)) {
    const message = `User: ${context.principal ?? 'anonymous'} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`
    throw new AwsError('AccessDenied', message, 403)
  }
  forgetExpired(sts, context.now)
  const accessKeyId = `ASIA${hexId(sts.random, 12).toUpperCase()}${roleName.replaceAll(/\W/g, '_')}`
  const session: SessionState = {
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    assumedRoleId: `AROA${hexId(sts.random, 17).toUpperCase()}:${sessionName}`,
    accountId,
    expiresAt: context.now + seconds * 1000,
  }
  sts.sessions.put(accessKeyId, session)
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: hexId(sts.random, 40),
      SessionToken: Buffer.from(`${roleName}/${sessionName}/${hexId(sts.random, 32)}`).toString('base64'),
      Expiration: timestamp(session.expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: session.assumedRoleId, Arn: session.arn },
    PackedPolicySize: 0,
    ...extra,
  }
}

/** Sessions are kept for a day after their end, so that a late caller is told that they expired. */
function forgetExpired(sts: StsWorld, now: number): void {
  for (const [accessKeyId, session] of sts.sessions.dump()) {
    if (session.expiresAt + 86_400_000 < now) sts.sessions.delete(accessKeyId)
  }
}
