import type { AdoptionAws } from '../../ports/adoption.ts'
import type { CodeDeploy } from '../../ports/code-deploy.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Events } from '../../ports/events.ts'
import type { DeepLooks } from '../../ports/deep-looks.ts'
import { PortError } from '../../ports/error.ts'
import type { Functions } from '../../ports/functions.ts'
import type { Inventory } from '../../ports/inventory.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Platform } from '../../ports/platform.ts'
import type { Random } from '../../ports/random.ts'
import type { Registry } from '../../ports/registry.ts'
import type { Schedules } from '../../ports/schedules.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import type { Traffic } from '../../ports/traffic.ts'
import type { Trail } from '../../ports/trail.ts'
import { createAdoption } from './adoption/adoption.ts'
import { createAccountGuard } from './client/account.ts'
import {
  createClients,
  defaultCredentials,
  type ClientSettings,
  type RequestHandler,
  type SignerConstructor,
} from './client/clients.ts'
import { credentialSecrets, type AwsCredentials, type CredentialsSource } from './client/credentials.ts'
import { createHttpHandler } from './client/http-handler.ts'
import { createAwsLimits, type AwsLimits } from './client/limits.ts'
import { credentialsOf, type RoleStep } from './client/role-chain.ts'
import { createSender, type Sender } from './client/sender.ts'
import { createCodeDeploy } from './code-deploy/code-deploy.ts'
import { createEvents } from './events/events.ts'
import { slowed } from './client/slowed.ts'
import type { AwsTools } from './client/tools.ts'
import { createDeepLooks } from './deep/deep-looks.ts'
import { createFunctions } from './functions/functions.ts'
import { createInventory } from './inventory/inventory.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createPlatform } from './platform/platform.ts'
import { createRegistry } from './registry/registry.ts'
import { createSchedules } from './schedules/schedules.ts'
import { createTraffic } from './traffic/traffic.ts'
import { createTrail } from './trail/trail.ts'

export interface AwsOptions {
  readonly region: string
  /** Left out: the account of `roleArn`, or whichever the credentials belong to. */
  readonly accountId?: string
  /** Names the session of an assumed role, and takes turns with the account's other environments. */
  readonly environment: string
  /** Roles that are taken on first, one from the other, on the way to `roleArn`. */
  readonly via?: readonly RoleStep[]
  /** Assumed on top of the base credentials. */
  readonly roleArn?: string
  /** Given along when `roleArn` is assumed. */
  readonly externalId?: string
  /** Tags of the session in `roleArn`. */
  readonly sessionTags?: Readonly<Record<string, string>>
  readonly endpoint?: string
  readonly clock: Clock
  readonly random: Random
  readonly telemetry: Telemetry
  /** Shared by all environments of a process, so that they keep to the account's limits together. */
  readonly limits?: AwsLimits
  /** Carries the requests; the caller closes it. Left out: keep-alive connections of our own. */
  readonly requestHandler?: RequestHandler
  /** Left out: Signature Version 4 with the credentials. */
  readonly signerConstructor?: SignerConstructor
  /** Milliseconds; must be shorter than the lease. Default 5,000. */
  readonly callTimeoutMs?: number
  /** Base credentials; left out: AWS's own chain. */
  readonly credentials?: CredentialsSource
}

export interface Aws {
  readonly platform: Platform
  readonly traffic: Traffic
  readonly registry: Registry
  readonly inventory: Inventory
  readonly metrics: Metrics
  readonly adoption: AdoptionAws
  readonly functions: Functions
  readonly trail: Trail
  readonly schedules: Schedules
  readonly codeDeploy: CodeDeploy
  /** The queue of this URL. */
  events(queueUrl: string): Events
  readonly deepLooks: DeepLooks
  /** Who we are; rejects with `WrongAccount` when the credentials belong to another account. */
  identity(): Promise<{ readonly accountId: string }>
  /** The credentials as environment variables, for a program that acts as us; rejects as `identity` does. */
  variables(): Promise<Readonly<Record<string, string>>>
  /** Ends what is under way; every later call rejects. */
  close(): void
}

const defaultCallTimeoutMs = 5_000

/** Amazon ECS, Elastic Load Balancing, ECR, CloudWatch, Lambda and EventBridge Scheduler of one account and region, through the AWS SDK. No call is made before the account is known to be right. */
export function createAws(options: AwsOptions): Aws {
  const { clock, region, callTimeoutMs = defaultCallTimeoutMs } = options
  const wantedAccount = options.accountId ?? accountOfRole(options.roleArn)
  const accountId = wantedAccount ?? 'unknown'
  const { requestHandler, closeHandler } = carrierOf(options, callTimeoutMs)
  const settings: ClientSettings = {
    region,
    requestHandler,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.signerConstructor === undefined ? {} : { signerConstructor: options.signerConstructor }),
  }
  const closing = new AbortController()
  let writesEnded = 0
  const place = { accountId, region }
  const limits = options.limits ?? createAwsLimits(clock)
  const secrets = credentialSecrets()
  const sender = createSender({
    ...options,
    accountId,
    owner: options.environment,
    limits: limits.of(place),
    callTimeoutMs,
    closing: closing.signal,
    onWritten: () => (writesEnded += 1),
    secrets: () => secrets.known(),
    onExpired: () => credentials.invalidate(),
  })
  const base = secrets.remembering(options.credentials ?? defaultCredentials(settings))
  const credentials = credentialsOf(options, { ...options, base, settings, send: sender, secrets })
  const clients = createClients(settings, () => credentials.current())
  const guard = createAccountGuard({
    sts: clients.sts,
    send: sender,
    credentials,
    accountId: wantedAccount,
    region,
  })
  const send: Sender = async (operation, attempt, asked) => {
    await guard.check()
    return sender(operation, attempt, asked)
  }
  const tools = { clients, send, clock, epoch: () => writesEnded, accountId }
  const slow = { limits: limits.fifthOf(place), owner: options.environment, signal: closing.signal }
  return {
    ...portsOver(tools, slowed(send, slow)),
    trail: createTrail(tools, () => guard.check()),
    events: (queueUrl) => createEvents(tools, { queueUrl, outdate: () => (writesEnded += 1) }),
    identity: () => guard.check(),
    variables: async () => {
      await guard.check()
      return credentialVariables(await credentials.current(), options)
    },
    close() {
      closing.abort(shuttingDown())
      closeHandler()
    },
  }
}

/** What deep looks send takes its time. */
function portsOver(
  tools: AwsTools,
  sendSlowly: Sender,
): Omit<Aws, 'trail' | 'events' | 'identity' | 'variables' | 'close'> {
  return {
    platform: createPlatform(tools),
    traffic: createTraffic(tools),
    registry: createRegistry(tools),
    inventory: createInventory(tools),
    metrics: createMetrics(tools),
    adoption: createAdoption(tools),
    functions: createFunctions(tools),
    schedules: createSchedules(tools),
    codeDeploy: createCodeDeploy(tools),
    deepLooks: createDeepLooks({ ...tools, send: sendSlowly }),
  }
}

/** As every AWS SDK reads them. */
function credentialVariables(
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  { region, endpoint = process.env['AWS_ENDPOINT_URL'] }: Pick<AwsOptions, 'region' | 'endpoint'>,
): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_REGION: region,
    ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint }),
  }
}

/** The caller's request handler is the caller's to close; ours is ours. */
function carrierOf(
  { requestHandler }: AwsOptions,
  callTimeoutMs: number,
): { readonly requestHandler: RequestHandler; readonly closeHandler: () => void } {
  if (requestHandler !== undefined) return { requestHandler, closeHandler() {} }
  const own = createHttpHandler({ callTimeoutMs, caBundle: process.env['AWS_CA_BUNDLE'] })
  return { requestHandler: own, closeHandler: () => own.destroy() }
}

function accountOfRole(roleArn: string | undefined): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(roleArn ?? '')?.[1]
}

function shuttingDown(): PortError {
  return new PortError('the controller is shutting down', { code: 'ShuttingDown', handling: 'retry' })
}
