import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
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
import type { AwsCredentials, CredentialsSource } from './credentials.ts'

/** What carries requests: an instance of an SDK request handler. */
export type RequestHandler = NonNullable<ECSClientConfig['requestHandler']>

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
  /** A registry may live in another region than the services. At most as many clients as AWS has regions. */
  ecr(region: string): ECRClient
}

export interface ClientSettings {
  readonly region: string
  readonly endpoint?: string
  readonly requestHandler: RequestHandler
}

const maxRegions = 64

/**
 * The SDK's clients; each makes one attempt only, since the sender decides about more. They need no destroying: all they hold is
 * the request handler, and its maker closes that.
 */
export function createClients(settings: ClientSettings, credentials: CredentialsSource): Clients {
  const common = commonSettings(settings, credentials)
  const ecrByRegion = new Map<string, ECRClient>()
  return {
    ecs: new ECSClient(common),
    elb: new ElasticLoadBalancingV2Client(common),
    sts: new STSClient(common),
    tagging: new ResourceGroupsTaggingAPIClient(common),
    cloudwatch: new CloudWatchClient(common),
    lambda: new LambdaClient(common),
    codeDeploy: new CodeDeployClient(common),
    scaling: new ApplicationAutoScalingClient(common),
    scheduler: new SchedulerClient(common),
    // A queue's URL is no address: requests go to the region's own endpoint, whatever host somebody wrote into it.
    sqs: new SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
    ecr(region) {
      const client = ecrByRegion.get(region) ?? new ECRClient({ ...common, region })
      if (ecrByRegion.size < maxRegions) ecrByRegion.set(region, client)
      return client
    },
  }
}

/** An STS client for taking on a role with the base credentials. */
export function createBaseSts(settings: ClientSettings, credentials: CredentialsSource): STSClient {
  return new STSClient(commonSettings(settings, credentials))
}

/** AWS's own chain: environment, profile, SSO, web identity, container, instance. */
export function defaultCredentials(settings: ClientSettings): CredentialsSource {
  const { region, endpoint, requestHandler } = settings
  return fromNodeProviderChain({
    clientConfig: { region, requestHandler, ...(endpoint === undefined ? {} : { endpoint }) },
  })
}

function commonSettings(
  { region, endpoint, requestHandler }: ClientSettings,
  credentials: CredentialsSource,
) {
  return {
    region,
    requestHandler,
    credentials: unmemoized(credentials),
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    ...(endpoint === undefined ? {} : { endpoint }),
  } as const
}

/** Says to the SDK that this source keeps its own credentials, so that it asks each time and uses no clock of its own. */
function unmemoized(credentials: CredentialsSource): CredentialsSource & { readonly memoized: true } {
  const source = (): Promise<AwsCredentials> => credentials()
  return Object.assign(source, { memoized: true as const })
}
