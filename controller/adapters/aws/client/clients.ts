import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CodeDeployClient } from '@aws-sdk/client-codedeploy'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { USER_AGENT } from './user-agent.ts'
import type { AwsCredentials, CredentialsSource } from './credentials.ts'
import { hearingBytes } from './heard-bytes.ts'

/** What carries requests: an instance of an SDK request handler. */
export type RequestHandler = NonNullable<ECSClientConfig['requestHandler']>

/** What signs requests: a class of signers, as the SDK has them. */
export type SignerConstructor = NonNullable<ECSClientConfig['signerConstructor']>

type RetryStrategy = Extract<NonNullable<ECSClientConfig['retryStrategy']>, { readonly retry: unknown }>

export interface Clients {
  readonly ecs: ECSClient
  readonly elb: ElasticLoadBalancingV2Client
  readonly sts: STSClient
  readonly tagging: ResourceGroupsTaggingAPIClient
  readonly cloudwatch: CloudWatchClient
  readonly lambda: LambdaClient
  readonly codeDeploy: CodeDeployClient
  readonly scaling: ApplicationAutoScalingClient
  readonly scheduler: SchedulerClient
  readonly sqs: SQSClient
  readonly cloudtrail: CloudTrailClient
  /** A registry may live in another region than the services. At most as many clients as AWS has regions. */
  ecr(region: string): ECRClient
}

export interface ClientSettings {
  readonly region: string
  readonly endpoint?: string
  readonly requestHandler: RequestHandler
  /** Left out: Signature Version 4 with the credentials. */
  readonly signerConstructor?: SignerConstructor
}

const maxRegions = 64

/**
 * The SDK's clients; each makes one attempt only, since the sender decides about more. They need no destroying: all they hold is
 * the request handler, and its maker closes that.
 */
export function createClients(settings: ClientSettings, credentials: CredentialsSource): Clients {
  const requestHandler = hearingBytes(settings.requestHandler)
  const common = commonSettings({ ...settings, requestHandler }, credentials)
  const ecrByRegion = new Map<string, ECRClient>()
  return {
    ecs: lean(new ECSClient(common)),
    elb: lean(new ElasticLoadBalancingV2Client(common)),
    sts: lean(new STSClient(common)),
    tagging: lean(new ResourceGroupsTaggingAPIClient(common)),
    cloudwatch: lean(new CloudWatchClient(common)),
    lambda: lean(new LambdaClient(common)),
    codeDeploy: lean(new CodeDeployClient(common)),
    scaling: lean(new ApplicationAutoScalingClient(common)),
    cloudtrail: lean(new CloudTrailClient(common)),
    scheduler: lean(new SchedulerClient(common)),
    // A queue's URL is no address: requests go to the region's own endpoint, whatever host somebody wrote into it.
    sqs: lean(new SQSClient({ ...common, useQueueUrlAsEndpoint: false })),
    ecr(region) {
      const client = ecrByRegion.get(region) ?? lean(new ECRClient({ ...common, region }))
      if (ecrByRegion.size < maxRegions) ecrByRegion.set(region, client)
      return client
    },
  }
}

/** An STS client for taking on a role with the base credentials. */
export function createBaseSts(settings: ClientSettings, credentials: CredentialsSource): STSClient {
  return lean(new STSClient(commonSettings(settings, credentials)))
}

/** AWS's own chain: environment, profile, SSO, web identity, container, instance. */
export function defaultCredentials(settings: ClientSettings): CredentialsSource {
  const { region, endpoint, requestHandler } = settings
  return fromNodeProviderChain({
    clientConfig: { region, requestHandler, ...(endpoint === undefined ? {} : { endpoint }) },
  })
}

function commonSettings(
  { region, endpoint, requestHandler, signerConstructor }: ClientSettings,
  credentials: CredentialsSource,
) {
  return {
    region,
    requestHandler,
    credentials: unmemoized(credentials),
    // By it, and by who we are, a trail's calls of ours are told from those of people.
    customUserAgent: USER_AGENT,
    retryStrategy: ONE_ATTEMPT,
    defaultsMode: 'standard',
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(signerConstructor === undefined ? {} : { signerConstructor }),
  } as const
}

interface AnyClient {
  readonly middlewareStack: { remove(name: string): boolean }
  readonly config: object
}

/**
 * Without the middleware that goes through each question and each answer for a log that nobody keeps. The settings, which the SDK copies for each call, are a
 * plain object: its own has a getter, and takes several times as long to copy.
 */
function lean<Client extends AnyClient>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware')
  return Object.assign(client, { config: { ...client.config } })
}

/** One attempt: the sender decides about more. The SDK's own strategy makes an error with its stack for each call, and another one for each that fails. */
const ONE_ATTEMPT: RetryStrategy = { mode: 'standard', retry: (next, args) => next(args) }

/** Says to the SDK that this source keeps its own credentials, so that it asks each time and uses no clock of its own. */
function unmemoized(credentials: CredentialsSource): CredentialsSource & { readonly memoized: true } {
  const source = (): Promise<AwsCredentials> => credentials()
  return Object.assign(source, { memoized: true as const })
}
