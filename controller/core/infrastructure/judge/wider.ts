import type { Plan, PlannedChange } from '../plan-json.ts'
import type { Reason } from './reason.ts'

/** What belongs to somebody else, and is out of an environment's reach. */
export interface Surroundings {
  /** The environment's account; undefined when it is not known. */
  readonly accountId: string | undefined
  /** Where the state lies, as `spec.terraform.backendConfig` says. */
  readonly backend: {
    readonly bucket?: string | undefined
    readonly dynamodbTable?: string | undefined
    readonly kmsKeyId?: string | undefined
  }
  /** ARNs of the roles that Steersman and its Terraform run as. */
  readonly ownRoles: readonly string[]
}

/** Settings of a provider block by which it would act as somebody else, or elsewhere. */
const IDENTITY_SETTINGS: ReadonlySet<string> = new Set([
  'access_key',
  'assume_role',
  'assume_role_with_web_identity',
  'endpoints',
  'profile',
  'secret_key',
  'shared_config_files',
  'shared_credentials_files',
  'token',
])

/** What the plan does beyond the environment: for another account, to its own state's backend, to a role of Steersman's. */
export function widerReasons(plan: Plan, surroundings: Surroundings): readonly Reason[] {
  const written = plan.changes.filter(({ action }) => action !== 'no-op' && action !== 'read')
  return [
    ...plan.providers.flatMap(identityReasons),
    ...written.flatMap((change) => [
      ...accountReasons(change, surroundings.accountId),
      ...backendReasons(change, surroundings.backend),
      ...roleReasons(change, surroundings.ownRoles),
    ]),
  ]
}

function identityReasons({ key, settings }: Plan['providers'][number]): Reason[] {
  const found = settings.filter((name) => IDENTITY_SETTINGS.has(name)).toSorted()
  if (found.length === 0) return []
  return [
    {
      verdict: 'Wider',
      rule: 'ProviderIdentity',
      address: `provider.${key}`,
      attributes: found,
      message: `provider ${key} sets ${found.join(', ')}; Steersman alone says as whom Terraform acts`,
    },
  ]
}

/** The object's own ARN alone: ARNs of others may well stand in policies and peerings. */
function accountReasons(change: PlannedChange, accountId: string | undefined): Reason[] {
  if (accountId === undefined || !change.type.startsWith('aws_')) return []
  const accounts = textsOf(change, ['arn']).map((arn) => /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1])
  if (accounts.every((account) => account === undefined || account === accountId)) return []
  return [
    wider(change, {
      rule: 'OtherAccount',
      attributes: ['arn'],
      what: `belongs to another account than ${accountId}`,
    }),
  ]
}

const BACKEND_TYPES: readonly (readonly [
  RegExp,
  readonly string[],
  keyof Surroundings['backend'],
  string,
])[] = [
  [/^aws_s3_/, ['bucket', 'id'], 'bucket', 'bucket'],
  [/^aws_dynamodb_/, ['name', 'table_name', 'resource_arn', 'arn'], 'dynamodbTable', 'lock table'],
  [/^aws_kms_/, ['key_id', 'arn', 'id', 'name', 'target_key_id'], 'kmsKeyId', 'key'],
]

function backendReasons(change: PlannedChange, backend: Surroundings['backend']): Reason[] {
  return BACKEND_TYPES.flatMap(([types, names, setting, what]) => {
    const wanted = backend[setting]
    if (wanted === undefined || wanted === '' || !types.test(change.type)) return []
    const attributes = names.filter((name) => textsOf(change, [name]).some((text) => isSame(text, wanted)))
    if (attributes.length === 0) return []
    return [
      wider(change, {
        rule: 'StateBackend',
        attributes,
        what: `is, or belongs to, the ${what} of the state`,
      }),
    ]
  })
}

/** Names stand at the end of ARNs: `arn:aws:s3:::bucket`, `arn:aws:dynamodb:…:table/locks`. */
function isSame(text: string, wanted: string): boolean {
  return lastPart(text) === lastPart(wanted)
}

function lastPart(text: string): string {
  return text.startsWith('arn:') ? (text.split(/[:/]/).at(-1) ?? text) : text.replace(/^alias\//, '')
}

function roleReasons(change: PlannedChange, ownRoles: readonly string[]): Reason[] {
  if (!change.type.startsWith('aws_iam_')) return []
  const names = change.type === 'aws_iam_role' ? ['name', 'arn'] : ['role', 'roles', 'role_name']
  const own = new Set(ownRoles.map(roleName))
  const attributes = names.filter((name) => textsOf(change, [name]).some((text) => own.has(roleName(text))))
  if (attributes.length === 0) return []
  return [
    wider(change, {
      rule: 'OwnRole',
      attributes,
      what: 'is, or changes, a role that Steersman itself runs as',
    }),
  ]
}

/** Roles are unique in an account by name, whatever their path. */
function roleName(arnOrName: string): string {
  return arnOrName.split('/').at(-1) ?? arnOrName
}

function wider(
  { address }: PlannedChange,
  {
    rule,
    attributes,
    what,
  }: { readonly rule: string; readonly attributes: readonly string[]; readonly what: string },
): Reason {
  return { verdict: 'Wider', rule, address, attributes, message: `${address} ${what}` }
}

/** The texts that these attributes hold, before and after; of a list, its members. */
function textsOf({ before, after }: PlannedChange, names: readonly string[]): string[] {
  return [before, after].flatMap((values) =>
    names
      .flatMap((name) => values?.[name])
      .filter((value): value is string => typeof value === 'string' && value !== ''),
  )
}
