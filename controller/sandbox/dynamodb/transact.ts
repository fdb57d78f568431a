import { AwsError, refusalWith } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { optionalRecords, optionalText } from '../members.ts'
import { carryOut, planWrite, type PlannedWrite, type Rows } from './items.ts'
import { tableOf, type DynamoTable } from './tables.ts'
import { invalid } from './value.ts'

/** A transaction that was carried out, by its token. */
export interface Remembered {
  readonly at: number
  readonly request: string
}

const MOST_ITEMS = 100
/** How long a token is known: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const TOKEN_LIFETIME_MS = 600_000

/** All writes, or none: where one condition does not hold, the answer says of each write why. */
export function transact(
  parts: { readonly tables: Table<DynamoTable>; readonly rows: Rows; readonly tokens: Table<Remembered> },
  input: Members,
  context: CallContext,
): Members {
  const requests = optionalRecords(input, 'TransactItems') ?? []
  if (requests.length === 0 || requests.length > MOST_ITEMS)
    throw invalid(`Member must have length between 1 and ${MOST_ITEMS}`)
  const token = optionalText(input, 'ClientRequestToken')
  const request = JSON.stringify(requests)
  const known = token === undefined ? undefined : parts.tokens.get(token)
  if (known !== undefined && context.now < known.at + TOKEN_LIFETIME_MS) {
    if (known.request === request) return {}
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request',
    )
  }
  const planned = requests.map((each) => plan(parts, each, context))
  if (new Set(planned.map(({ id }) => id)).size < planned.length)
    throw invalid('Transaction request cannot include multiple operations on one item')
  if (planned.some(({ holds }) => !holds)) throw cancelled(planned, requests)
  for (const write of planned) carryOut(parts.rows, write)
  if (token !== undefined) remember(parts.tokens, token, { at: context.now, request })
  return {}
}

function plan(
  { tables, rows }: Pick<Parameters<typeof transact>[0], 'tables' | 'rows'>,
  request: Members,
  context: CallContext,
): PlannedWrite {
  const [verb, ...more] = Object.keys(request)
  if ((verb !== 'Put' && verb !== 'Delete' && verb !== 'ConditionCheck') || more.length > 0)
    throw invalid('TransactItems can only contain one of ConditionCheck, Put or Delete here')
  const input = request[verb] as Members
  return planWrite({ rows, table: tableOf(tables, input, context), verb }, input, context)
}

function cancelled(planned: readonly PlannedWrite[], requests: readonly Members[]): AwsError {
  const reasons = planned.map(({ holds, before }, index): Members => {
    if (holds) return { Code: 'None' }
    const request = Object.values(requests[index] ?? {})[0] as Members
    const wantsOld = request['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && before !== undefined
    return {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      ...(wantsOld ? { Item: before } : {}),
    }
  })
  const codes = reasons.map((reason) => reason['Code']).join(', ')
  return refusalWith(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  )
}

/** Old tokens go when new ones come. */
function remember(tokens: Table<Remembered>, token: string, made: Remembered): void {
  for (const [old, { at }] of tokens.entries()) {
    if (made.at < at + TOKEN_LIFETIME_MS) break
    tokens.delete(old)
  }
  tokens.put(token, made)
}
