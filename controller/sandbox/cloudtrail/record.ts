import type { DoneCall, Members } from '../kernel/operation.ts'

/** Who has called, as STS knows them. */
export interface Caller {
  readonly arn: string
  readonly userId: string
  /** Of a user, or of a role's session. */
  readonly userName: string
  readonly accessKeyId: string | undefined
}

/** One management event as CloudTrail keeps it. */
export interface TrailRecord {
  readonly id: string
  readonly at: number
  readonly region: string
  readonly userName: string
  readonly source: string
  readonly name: string
  readonly resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[]
  /** CloudTrail's own JSON, as CloudTrailEvent has it. */
  readonly event: Members
}

/** The services that speak the Query protocol: CloudTrail writes their members with a small first letter. */
const QUERY: ReadonlySet<string> = new Set(['elasticloadbalancing', 'ec2', 'iam', 'sts', 'monitoring'])

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function recordOf(call: DoneCall, caller: Caller, id: string): TrailRecord {
  const { service, operation, input, context, output, error, userAgent } = call
  const source = `${service}.amazonaws.com`
  const request = QUERY.has(service) ? smallLetters(input) : hidden(input)
  const event = {
    eventVersion: '1.11',
    userIdentity: identityOf(caller, context.accountId),
    eventTime: new Date(context.now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    eventSource: source,
    eventName: operation,
    awsRegion: context.region,
    sourceIPAddress: '127.0.0.1',
    userAgent: userAgent ?? 'unknown',
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
    requestParameters: request,
    responseElements: null,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: context.accountId,
    eventCategory: 'Management',
  }
  const { now: at, region } = context
  const resources = resourcesOf([input, output])
  return { id, at, region, userName: caller.userName, source, name: operation, resources, event }
}

function identityOf({ arn, userId, userName, accessKeyId }: Caller, accountId: string): Members {
  const isSession = arn.includes(':assumed-role/')
  return {
    type: isSession ? 'AssumedRole' : 'IAMUser',
    principalId: userId,
    arn,
    accountId,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(isSession ? {} : { userName }),
  }
}

/** The names and ARNs that the request and its answer speak of, which LookupEvents finds it by. */
function resourcesOf(values: readonly unknown[]): TrailRecord['resources'] {
  const names = new Map<string, string>()
  const visit = (value: unknown, member: string, depth: number): void => {
    if (depth > DEEPEST || names.size >= MOST_RESOURCES) return
    if (typeof value === 'string') {
      const type = TYPES[member.toLowerCase()] ?? (value.startsWith('arn:') ? 'AWS::Resource' : undefined)
      if (type !== undefined && !names.has(value)) names.set(value, type)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value))
      visit(item, Array.isArray(value) ? member : name, depth + 1)
  }
  for (const value of values) visit(value, '', 0)
  return [...names].map(([ResourceName, ResourceType]) => ({ ResourceType, ResourceName }))
}

const DEEPEST = 6
const MOST_RESOURCES = 40

const TYPES: Readonly<Record<string, string>> = {
  service: 'AWS::ECS::Service',
  servicename: 'AWS::ECS::Service',
  cluster: 'AWS::ECS::Cluster',
  clustername: 'AWS::ECS::Cluster',
  taskdefinition: 'AWS::ECS::TaskDefinition',
  family: 'AWS::ECS::TaskDefinition',
  resourceid: 'AWS::ApplicationAutoScaling::ScalableTarget',
}

/** As in AWS, what may be a secret is not kept: the values of environment variables. */
function hidden(value: Members): Members {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === 'environment' ? HIDDEN : hiddenIn(item)]),
  )
}

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS'

function hiddenIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hiddenIn)
  return typeof value === 'object' && value !== null ? hidden({ ...value }) : value
}

function smallLetters(value: Members): Members {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      smallIn(item),
    ]),
  )
}

function smallIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(smallIn)
  return typeof value === 'object' && value !== null ? smallLetters({ ...value }) : value
}
