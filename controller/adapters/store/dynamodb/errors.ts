import { PortError } from '../../../ports/error.ts'

/** A condition of a write did not hold: nothing was written. One entry for each write of a transaction, true where it was this one's. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed'
  readonly failed: readonly boolean[]

  constructor(failed: readonly boolean[]) {
    super('a condition did not hold')
    this.failed = failed
  }
}

/** Where a call went, for what its errors say. */
export interface Place {
  readonly table: string
  readonly operation: string
  /** Whether it may have happened although no answer came. */
  readonly writes: boolean
}

const TABLE_REMEDY =
  'Make it with the module terraform/modules/state-table: partition key pk and sort key sk, both of type string, and expiresAt as its time to live; or correct spec.store.table and the region (AWS_REGION).'

/** Refusals that pass: another writer was on the item, or the table takes no more just now. */
const PASSING = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'InternalServerError',
  'ServiceUnavailable',
])

const EXPIRED_CREDENTIALS = new Set([
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
])

/** Classes whatever the SDK threw, once. A ConditionFailed is no error of the store: its caller says what it means. */
export function classify(error: unknown, place: Place): PortError | ConditionFailed {
  if (error instanceof PortError || error instanceof ConditionFailed) return error
  const { name, message, reasons, status } = described(error)
  if (name === 'ConditionalCheckFailedException') return new ConditionFailed([true])
  const isFailed = reasons.map((code) => code === 'ConditionalCheckFailed')
  if (name === 'TransactionCanceledException' && isFailed.includes(true)) return new ConditionFailed(isFailed)
  const said = `${place.operation} of the table ${place.table}: ${message} (${name})`
  if (name === 'ResourceNotFoundException')
    return new PortError(`the table ${place.table} is not there`, {
      code: 'TableMissing',
      handling: 'stall',
      remedy: TABLE_REMEDY,
    })
  if (name === 'ValidationException')
    return new PortError(said, { code: 'TableUnfit', handling: 'stall', remedy: TABLE_REMEDY })
  if (name === 'AccessDeniedException') return denied(said, message, place)
  if (message === 'Region is missing')
    return new PortError(`the region of the table ${place.table} is not known`, {
      code: 'RegionMissing',
      handling: 'stall',
      remedy: 'Set spec.store.region of the Configuration, or AWS_REGION.',
    })
  if (name === 'CredentialsProviderError' || EXPIRED_CREDENTIALS.has(name)) return withoutCredentials(said)
  const isPassing = PASSING.has(name) || name === 'TransactionCanceledException'
  return new PortError(said, {
    code: 'StoreUnavailable',
    handling: 'retry',
    // A refusal says that nothing happened; silence and a server's failure say nothing.
    ambiguous: place.writes && (!isPassing || (status ?? 0) >= 500),
    cause: error,
  })
}

function denied(said: string, message: string, { table, operation }: Place): PortError {
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? `dynamodb:${operation}`
  const resource = /on resource: (arn:[\w:/.*-]+)/.exec(message)?.[1] ?? `arn:aws:dynamodb:*:*:table/${table}`
  return new PortError(said, {
    code: 'AccessDenied',
    handling: 'stall',
    remedy: `Add ${JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })} to the policy of the controller's own role.`,
  })
}

const withoutCredentials = (said: string): PortError =>
  new PortError(said, {
    code: 'CredentialsMissing',
    handling: 'stall',
    remedy: 'Give the controller credentials of its own: the store uses them, not the roles of environments.',
  })

function described(error: unknown): {
  readonly name: string
  readonly message: string
  readonly reasons: readonly string[]
  readonly status: number | undefined
} {
  if (!(error instanceof Error))
    return { name: 'Unknown', message: String(error), reasons: [], status: undefined }
  const reasons: unknown = Reflect.get(error, 'CancellationReasons')
  const metadata: unknown = Reflect.get(error, '$metadata')
  const status: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined
  return {
    name: error.name.replace(/^.*#/, ''),
    message: error.message,
    reasons: Array.isArray(reasons)
      ? reasons.map((reason: { readonly Code?: string }) => reason.Code ?? 'None')
      : [],
    status: typeof status === 'number' ? status : undefined,
  }
}
