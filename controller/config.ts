import { isAbsolute, resolve } from 'node:path'
import type { Issue, SourceFile } from './core/manifest.ts'
import { formatIssue } from './core/manifest.ts'
import { loadSettings } from './core/manifest/settings.ts'
import type { Sender } from './core/webhook/delivery.ts'
import { SENDERS } from './core/webhook/delivery.ts'
import { durationMs } from './resources/duration.ts'
import type { Notification } from './resources/generated/environment.ts'
import type {
  DefaultedConfigurationSpec,
  DefaultedEnvironment,
  SecretSource,
  Token,
} from './resources/types.ts'
import { validateConfiguration } from './resources/validate.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Everything that decides how the controller runs, checked once; nothing reads a flag or a variable after this. */
export interface Config {
  readonly environments: readonly DefaultedEnvironment[]
  readonly listen: Address
  readonly telemetryListen: Address | undefined
  /** Further names by which the API is reached. */
  readonly hosts: readonly string[]
  /** Where the configuration lies; absolute. */
  readonly directory: string
  /** Absolute. */
  readonly dataDir: string
  readonly log: {
    readonly level: 'error' | 'warn' | 'info' | 'debug'
    readonly format: 'json' | 'text' | undefined
  }
  readonly tokens: readonly Token[]
  /** The secrets of the webhooks that are served. */
  readonly webhooks: Readonly<Partial<Record<Sender, SecretSource>>>
  readonly pollMs: number
  readonly stalenessBoundMs: number
  readonly concurrency: number
  readonly terraform: { readonly concurrency: number; readonly isolation: 'Required' | 'Preferred' }
  readonly rolloutsKept: number
  readonly store: StoreSettings
  /** Where gates ask for a listener's real address (`STEERSMAN_LISTENERS_URL`). */
  readonly listenersUrl: string | undefined
}

/** Where state is kept. */
export type StoreSettings =
  | { readonly type: 'file' }
  /** Without a namespace, the controller's own. */
  | { readonly type: 'kubernetes'; readonly namespace: string | undefined; readonly shards: number }
  | {
      readonly type: 'dynamodb'
      readonly table: string
      /** Left out, as AWS's own variables say. */
      readonly region: string | undefined
      /** Leases over which the environments are spread. */
      readonly shards: number
    }

/** What a person gave, beside the files: flags win over variables, variables over the files. */
export interface ConfigInput {
  readonly files: readonly SourceFile[]
  /** The config file's folder: relative paths in the files begin there. */
  readonly directory: string
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly flags?: { readonly listen?: string | undefined; readonly logLevel?: string | undefined }
  /** Set for documents that come from a cluster; a Configuration among them says it by its store. */
  readonly isInCluster?: boolean
}

/** That the configuration can't be used; the message names every issue, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly issues: readonly string[]

  constructor(issues: readonly string[]) {
    super(issues.join('\n'))
    this.issues = issues
  }
}

/** One frozen Config of the files, the variables and the flags; throws a ConfigError that names everything that is wrong. */
export function readConfig({
  files,
  directory,
  variables,
  flags = {},
  isInCluster = false,
}: ConfigInput): Config {
  const { environments, configuration, issues } = loadSettings(files, { isInCluster })
  if (issues.length > 0) throw new ConfigError(issues.map((issue: Issue) => formatIssue(issue)))
  const spec = configuration?.configuration.spec ?? defaultSpec()
  assertWhereEnvironmentsAre(spec.store.type, environments)
  const listen = flags.listen ?? spec.listen
  const { STEERSMAN_LOG_LEVEL, STEERSMAN_LOG_FORMAT, STEERSMAN_LISTENERS_URL } = variables
  return Object.freeze({
    environments: environments.map(({ environment }) => withPathsFrom(directory, environment)),
    listen: addressOf(listen, 'listen'),
    telemetryListen:
      spec.telemetryListen === null || spec.telemetryListen === undefined
        ? undefined
        : addressOf(spec.telemetryListen, 'telemetryListen'),
    directory,
    hosts: spec.hosts ?? [],
    dataDir: resolve(directory, spec.dataDir),
    log: {
      level: oneOf('STEERSMAN_LOG_LEVEL', flags.logLevel ?? STEERSMAN_LOG_LEVEL, LEVELS) ?? spec.log.level,
      format: oneOf('STEERSMAN_LOG_FORMAT', STEERSMAN_LOG_FORMAT, FORMATS) ?? spec.log.format,
    },
    tokens: (spec.tokens ?? []).map((token) => ({
      ...token,
      tokenFrom: secretFrom(directory, token.tokenFrom),
    })),
    webhooks: Object.fromEntries(
      SENDERS.flatMap((sender) => {
        const source = spec.webhooks?.[sender]?.secretFrom
        return source === undefined ? [] : [[sender, secretFrom(directory, source)]]
      }),
    ),
    pollMs: durationMs(spec.pollInterval),
    stalenessBoundMs: durationMs(spec.stalenessBound),
    concurrency: spec.concurrency,
    terraform: spec.terraform,
    rolloutsKept: spec.store.rollouts,
    store: storeOf(spec.store),
    listenersUrl: STEERSMAN_LISTENERS_URL === '' ? undefined : STEERSMAN_LISTENERS_URL,
  })
}

/** One place for each Environment: with Kubernetes they are applied there, and two copies would fight. */
function assertWhereEnvironmentsAre(
  type: string,
  environments: readonly { readonly environment: DefaultedEnvironment; readonly file: string }[],
): void {
  if (type !== 'kubernetes' || environments.length === 0) return
  throw new ConfigError(
    environments.map(
      ({ environment, file }) =>
        `${file}: Environment ${environment.metadata.name} is not read from a file with store type kubernetes; expected it in the cluster: kubectl apply -f ${file}`,
    ),
  )
}

/** The schema has seen to it that a table has a name. */
function storeOf({
  type,
  namespace,
  table = '',
  region,
  shards = 1,
}: DefaultedConfigurationSpec['store']): StoreSettings {
  switch (type) {
    case 'dynamodb':
      return { type, table, region, shards }
    case 'kubernetes':
      return { type, namespace, shards }
    case 'file':
      return { type }
  }
}

const LEVELS = ['error', 'warn', 'info', 'debug'] as const
const FORMATS = ['json', 'text'] as const

function defaultSpec(): DefaultedConfigurationSpec {
  const checked = validateConfiguration({
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Configuration',
    spec: {},
  })
  if (!checked.ok) throw new ConfigError(checked.problems.map(({ message }) => message))
  return checked.value.spec
}

function oneOf<Value extends string>(
  name: string,
  given: string | undefined,
  known: readonly Value[],
): Value | undefined {
  if (given === undefined || given === '') return undefined
  const found = known.find((value) => value === given)
  if (found !== undefined) return found
  throw new ConfigError([`${name} is ${JSON.stringify(given)}; expected ${known.join(', ')}`])
}

/** The schema has checked the form, but for a port beyond 65535; a flag was checked by nobody. */
function addressOf(text: string, field: string): Address {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(text) ?? []
  if (host === undefined || Number(port) > 65_535)
    throw new ConfigError([`${field} is ${JSON.stringify(text)}; expected HOST:PORT, the port up to 65535`])
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
}

/** A path in a file means the same wherever the program was started. */
function withPathsFrom(directory: string, environment: DefaultedEnvironment): DefaultedEnvironment {
  const { source, webhookSecretFrom, notify } = environment.spec
  const { credentialsFrom, signingKeyFrom, knownHosts, verify, repository } = source
  const { allowedSigners, gpgKeyring } = verify
  const isRelative = /^\.{1,2}\//.test(repository)
  return {
    ...environment,
    spec: {
      ...environment.spec,
      source: {
        ...source,
        repository: isRelative ? resolve(directory, repository) : repository,
        ...(credentialsFrom && { credentialsFrom: secretFrom(directory, credentialsFrom) }),
        ...(signingKeyFrom && { signingKeyFrom: secretFrom(directory, signingKeyFrom) }),
        ...(knownHosts !== undefined && { knownHosts: resolve(directory, knownHosts) }),
        verify: {
          ...verify,
          ...(allowedSigners !== undefined && { allowedSigners: resolve(directory, allowedSigners) }),
          ...(gpgKeyring !== undefined && { gpgKeyring: resolve(directory, gpgKeyring) }),
        },
      },
      ...(webhookSecretFrom && { webhookSecretFrom: secretFrom(directory, webhookSecretFrom) }),
      ...(notify && { notify: notify.map((receiver) => withAddressFrom(directory, receiver)) }),
    },
  }
}

function withAddressFrom(directory: string, receiver: Notification): Notification {
  const { slack, webhook } = receiver
  return {
    ...receiver,
    ...(slack && { slack: { webhookFrom: secretFrom(directory, slack.webhookFrom) } }),
    ...(webhook && { webhook: { urlFrom: secretFrom(directory, webhook.urlFrom) } }),
  }
}

function secretFrom(directory: string, source: SecretSource): SecretSource {
  const { file } = source
  return file === undefined || isAbsolute(file) ? source : { ...source, file: resolve(directory, file) }
}
