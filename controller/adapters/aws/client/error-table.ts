import type { Handling } from '../../../ports/error.ts'

/** What a failing call was about; enough to say how to mend it. */
export interface ErrorContext {
  /** The operation's key, for example `ecs:UpdateService`. */
  readonly operation: string
  readonly writes: boolean
  readonly accountId: string
  readonly region: string
  /** Texts that AWS may repeat in its message and that nobody may see. */
  readonly secrets?: readonly string[]
}

/** One kind of refusal: what to do about it, and how a person mends it. */
export interface ErrorRow {
  readonly code: string
  readonly handling: Handling
  readonly remedy?: string | ((context: ErrorContext, awsMessage: string) => string)
  /** The call reached AWS and may have been carried out. */
  readonly maybeDone?: boolean
  /** AWS's own words would show signed headers: leave them out. */
  readonly hideMessage?: boolean
}

/** Too many requests: the call was not carried out. */
export const throttled: ErrorRow = {
  code: 'Throttled',
  handling: 'retry',
  remedy:
    'Nothing to mend: the controller slows down by itself; ask AWS for higher API limits if this lasts.',
}
const denied: ErrorRow = { code: 'AccessDenied', handling: 'stall', remedy: permissionRemedy }
const expired: ErrorRow = {
  code: 'CredentialsExpired',
  handling: 'stall',
  hideMessage: true,
  remedy:
    'Renew the AWS session of the controller; with a role or web identity check that it can still be assumed.',
}
const invalidCredentials: ErrorRow = {
  code: 'CredentialsInvalid',
  handling: 'stall',
  hideMessage: true,
  remedy:
    "Check the controller's AWS credentials (AWS_ACCESS_KEY_ID, AWS_PROFILE, web identity or task role) and the machine's clock.",
}
const invalidRequest: ErrorRow = {
  code: 'InvalidRequest',
  handling: 'stall',
  remedy: 'Correct the value that AWS refuses in the release or its task definition.',
}
/** Trouble on AWS's side: the call may have been carried out. */
export const unavailable: ErrorRow = { code: 'AwsUnavailable', handling: 'retry', maybeDone: true }
const deploymentGroupMissing: ErrorRow = {
  code: 'DeploymentGroupMissing',
  handling: 'stall',
  remedy: 'Create the application and the deployment group of CodeDeploy, or correct spec.codeDeploy.',
}
const quota: ErrorRow = {
  code: 'QuotaReached',
  handling: 'stall',
  remedy: 'Remove what is no longer used, or ask for a higher quota in the Service Quotas console.',
}

const queueMissing: ErrorRow = {
  code: 'QueueNotFound',
  handling: 'stall',
  remedy: 'Create the queue (terraform/modules/events makes it), or correct spec.aws.events.queueUrl.',
}

/** AWS's error names, without a trailing `Exception`. */
export const errorRows: Readonly<Record<string, ErrorRow>> = {
  Throttling: throttled,
  Throttled: throttled,
  TooManyRequests: throttled,
  RequestLimitExceeded: throttled,
  RequestThrottled: throttled,
  PriorRequestNotComplete: throttled,

  AccessDenied: denied,
  UnauthorizedOperation: denied,
  NotAuthorized: denied,

  ExpiredToken: expired,
  RequestExpired: expired,
  UnrecognizedClient: invalidCredentials,
  InvalidClientTokenId: invalidCredentials,
  InvalidAccessKeyId: invalidCredentials,
  InvalidSignature: invalidCredentials,
  SignatureDoesNotMatch: invalidCredentials,
  IncompleteSignature: invalidCredentials,
  MissingAuthenticationToken: invalidCredentials,
  AuthFailure: invalidCredentials,
  CredentialsProviderError: {
    code: 'CredentialsMissing',
    handling: 'stall',
    hideMessage: true,
    remedy:
      'Give the controller AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, a web identity token, or a task role.',
  },
  TokenProviderError: {
    code: 'CredentialsMissing',
    handling: 'stall',
    remedy: 'Run `aws sso login` for the profile.',
  },
  InvalidIdentityToken: {
    code: 'CredentialsInvalid',
    handling: 'stall',
    hideMessage: true,
    remedy: "Check the web identity token and the role's trust policy.",
  },
  IDPCommunicationError: unavailable,
  OptInRequired: {
    code: 'AccountNotReady',
    handling: 'stall',
    remedy: 'Enable the service or region for this AWS account.',
  },
  RegionDisabled: {
    code: 'AccountNotReady',
    handling: 'stall',
    remedy: 'Enable AWS STS for this region in the account settings of IAM.',
  },
  Blocked: {
    code: 'AccountNotReady',
    handling: 'stall',
    remedy: 'AWS has blocked this account: contact AWS support.',
  },

  ClusterNotFound: {
    code: 'ClusterMissing',
    handling: 'stall',
    remedy: "Create the cluster, or correct service.cluster and the environment's region and account.",
  },
  ServiceNotFound: {
    code: 'ServiceMissing',
    handling: 'wait',
    remedy: 'The service was deleted meanwhile: it is looked at again and created where the release says so.',
  },
  ServiceNotActive: {
    code: 'ServiceNotActive',
    handling: 'wait',
    remedy: 'The service is being deleted: wait until ECS has drained it.',
  },
  ServiceDeploymentNotFound: {
    code: 'DeploymentMissing',
    handling: 'wait',
    remedy: 'ECS does not know the deployment any more: the service is looked at again.',
  },
  PlatformUnknown: {
    code: 'InvalidRequest',
    handling: 'stall',
    remedy: 'Use a platformVersion that AWS offers.',
  },
  PlatformTaskDefinitionIncompatibility: {
    code: 'InvalidRequest',
    handling: 'stall',
    remedy: 'Use a platformVersion that has the features which the task definition asks for.',
  },
  UnsupportedFeature: {
    code: 'InvalidRequest',
    handling: 'stall',
    remedy: 'Leave out the feature, or use a region that offers it.',
  },
  NamespaceNotFound: {
    code: 'InvalidRequest',
    handling: 'stall',
    remedy: 'Create the Cloud Map namespace of the Service Connect configuration, or correct its name.',
  },
  InvalidParameter: invalidRequest,
  InvalidParameterValue: invalidRequest,
  InvalidParameterCombination: invalidRequest,
  MissingParameter: invalidRequest,
  Validation: invalidRequest,
  ValidationError: invalidRequest,
  Client: invalidRequest,
  Serialization: invalidRequest,
  MalformedQueryString: invalidRequest,
  LimitExceeded: quota,
  ServiceQuotaExceeded: quota,
  ResourceNotFound: {
    code: 'ResourceMissing',
    handling: 'stall',
    remedy: "Create it, or correct its name and the environment's region and account.",
  },
  Conflict: { code: 'Conflict', handling: 'retry' },
  UpdateInProgress: { code: 'Conflict', handling: 'retry' },

  LoadBalancerNotFound: {
    code: 'LoadBalancerMissing',
    handling: 'stall',
    remedy:
      "Create the load balancer, or correct traffic.loadBalancer and the environment's region and account.",
  },
  TargetGroupNotFound: {
    code: 'TargetGroupMissing',
    handling: 'stall',
    remedy: 'Create the target group (Terraform owns it), or correct traffic.targetGroups.',
  },
  ListenerNotFound: {
    code: 'ListenerMissing',
    handling: 'stall',
    remedy: 'Create the listener (Terraform owns it), or correct the port in traffic.rule.',
  },
  RuleNotFound: {
    code: 'RuleMissing',
    handling: 'stall',
    remedy: 'Create the listener rule (Terraform owns it), or correct traffic.rule.',
  },
  TargetGroupAssociationLimit: {
    code: 'QuotaReached',
    handling: 'stall',
    remedy:
      'A target group belongs to at most one load balancer: give the release target groups that no other load balancer uses.',
  },
  TooManyUniqueTargetGroupsPerLoadBalancer: {
    code: 'QuotaReached',
    handling: 'stall',
    remedy:
      'An application load balancer takes 100 target groups, so 50 pairs, and AWS does not raise it: use a second load balancer.',
  },
  TooManyTargetGroups: quota,
  TooManyActions: quota,
  TooManyRules: quota,
  InvalidConfigurationRequest: invalidRequest,
  IncompatibleProtocols: invalidRequest,
  InvalidLoadBalancerAction: invalidRequest,
  UnsupportedProtocol: invalidRequest,
  OperationNotPermitted: {
    code: 'NotPermitted',
    handling: 'stall',
    remedy: 'AWS does not allow this on this load balancer or rule: see its message.',
  },
  CapacityUnitsLimitExceeded: quota,

  ApplicationDoesNotExist: deploymentGroupMissing,
  DeploymentGroupDoesNotExist: deploymentGroupMissing,
  DeploymentLimitExceeded: { code: 'Conflict', handling: 'retry' },
  DeploymentIsNotInReadyState: { code: 'Conflict', handling: 'retry' },
  DeploymentAlreadyCompleted: { code: 'Conflict', handling: 'retry' },
  DeploymentDoesNotExist: { code: 'Conflict', handling: 'retry' },
  DeploymentConfigDoesNotExist: invalidRequest,
  InvalidRevision: invalidRequest,
  InvalidECSService: invalidRequest,

  RepositoryNotFound: {
    code: 'ImageNotFound',
    handling: 'wait',
    remedy: 'Create the repository and push the image.',
  },
  ImageNotFound: { code: 'ImageNotFound', handling: 'wait', remedy: 'Push the image.' },
  ScanNotFound: { code: 'ScanNotFound', handling: 'wait', remedy: 'Start a scan of the image.' },
  UnableToGetUpstreamImage: unavailable,

  QueueDoesNotExist: queueMissing,
  'AWS.SimpleQueueService.NonExistentQueue': queueMissing,
  ReceiptHandleIsInvalid: { code: 'MessageGone', handling: 'wait' },

  Server: unavailable,
  ServerError: unavailable,
  InternalFailure: unavailable,
  InternalError: unavailable,
  InternalServer: unavailable,
  InternalService: unavailable,
  ConcurrentUpdate: unavailable,
  FailedResourceAccess: unavailable,
  ServiceUnavailable: unavailable,
  KmsError: {
    code: 'EncryptionKey',
    handling: 'stall',
    remedy: "Check the KMS key of the image's repository.",
  },
}

function permissionRemedy(context: ErrorContext, awsMessage: string): string {
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(awsMessage)?.[1] ?? context.operation
  const resource = /on resource: (arn:[\w:/.*+=,@-]+)/.exec(awsMessage)?.[1] ?? '*'
  const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })
  const where = action === 'sts:AssumeRole' ? " and name the controller in that role's trust policy" : ''
  return `Add ${statement} to the policy of the role that Steersman uses in account ${context.accountId}${where}.`
}
