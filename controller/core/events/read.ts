/** What a message of the queue is about. */
export type NewsKind = 'Service' | 'Deployment' | 'Task' | 'Image' | 'Scan' | 'ApiCall'

/** What a message says that something may have changed at: names to look for among what is managed, never what the change was. */
export interface News {
  readonly kind: NewsKind
  /** Milliseconds since the epoch; undefined where the message has no time that can be read. */
  readonly at: number | undefined
  readonly account: string
  readonly region: string
  readonly subject: NewsSubject
}

export type NewsSubject =
  | { readonly kind: 'Service'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'LoadBalancing'; readonly arns: readonly string[] }
  | { readonly kind: 'Repository'; readonly repository: string }

/** Why a message is put away without anybody being woken. */
export type Dropped = 'NotJson' | 'NotAnEvent' | 'Foreign' | 'NoSubject'

export type NewsRead =
  { readonly kind: 'News'; readonly news: News } | { readonly kind: 'Dropped'; readonly why: Dropped }

/** The most that SQS carries in one message is 1 MiB; an event of EventBridge has 256 KiB at most. */
const LONGEST_MESSAGE = 1_048_576

/** Longer texts are no names of AWS. */
const LONGEST_NAME = 2_048
/** A request may name many target groups; nobody has more rules than this in one call. */
const MOST_ARNS = 50

/**
 * Reads a message of the queue, which anybody may have written: it wakes somebody, or it is dropped, and nothing in it is believed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function readNews(message: string): NewsRead {
  const event = parsed(message)
  if (event === undefined) return dropped('NotJson')
  if (!isMembers(event)) return dropped('NotAnEvent')
  const [source, type] = [nameIn(event, 'source'), nameIn(event, 'detail-type')]
  const [account, region] = [nameIn(event, 'account'), nameIn(event, 'region')]
  const detail = membersIn(event, 'detail')
  if (source === undefined || type === undefined || detail === undefined) return dropped('NotAnEvent')
  if (account === undefined || region === undefined) return dropped('NotAnEvent')
  const known = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined
  if (known === undefined || !known.sources.includes(source)) return dropped('Foreign')
  const subject = known.subject(detail, event)
  if (subject === undefined) return dropped('NoSubject')
  return { kind: 'News', news: { kind: known.kind, at: timeOf(event['time']), account, region, subject } }
}

type Members = Readonly<Record<string, unknown>>

interface Known {
  readonly kind: NewsKind
  readonly sources: readonly string[]
  readonly subject: (detail: Members, event: Members) => NewsSubject | undefined
}

const KINDS: Readonly<Record<string, Known>> = {
  'ECS Service Action': { kind: 'Service', sources: ['aws.ecs'], subject: serviceOfResources },
  'ECS Deployment State Change': { kind: 'Deployment', sources: ['aws.ecs'], subject: serviceOfResources },
  'ECS Task State Change': { kind: 'Task', sources: ['aws.ecs'], subject: serviceOfTask },
  'ECR Image Action': { kind: 'Image', sources: ['aws.ecr'], subject: repositoryOf },
  'ECR Image Scan': { kind: 'Scan', sources: ['aws.ecr'], subject: repositoryOf },
  'AWS API Call via CloudTrail': {
    kind: 'ApiCall',
    sources: ['aws.ecs', 'aws.elasticloadbalancing'],
    subject: subjectOfCall,
  },
}

/** `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME`; ARNs of the old form have no cluster, which the detail has then. */
function serviceOfResources(detail: Members, event: Members): NewsSubject | undefined {
  const [arn] = textsIn(event['resources'])
  return arn === undefined ? undefined : serviceNamed(arn, nameIn(detail, 'clusterArn'))
}

/** Tasks of a service are of the group `service:NAME`. */
function serviceOfTask(detail: Members): NewsSubject | undefined {
  const [, name] = /^service:(.+)$/.exec(nameIn(detail, 'group') ?? '') ?? []
  return name === undefined ? undefined : serviceNamed(name, nameIn(detail, 'clusterArn'))
}

function repositoryOf(detail: Members): NewsSubject | undefined {
  const repository = nameIn(detail, 'repository-name')
  return repository === undefined ? undefined : { kind: 'Repository', repository }
}

function subjectOfCall(detail: Members): NewsSubject | undefined {
  const request = membersIn(detail, 'requestParameters')
  if (request === undefined || detail['readOnly'] === true) return undefined
  const source = nameIn(detail, 'eventSource')
  if (source === 'ecs.amazonaws.com') return serviceOfRequest(request)
  if (source !== 'elasticloadbalancing.amazonaws.com') return undefined
  const arns = arnsIn(request)
  return arns.length === 0 ? undefined : { kind: 'LoadBalancing', arns }
}

function serviceOfRequest(request: Members): NewsSubject | undefined {
  const name =
    nameIn(request, 'service') ?? nameIn(request, 'serviceName') ?? serviceArnIn(request, 'resourceArn')
  return name === undefined ? undefined : serviceNamed(name, nameIn(request, 'cluster'))
}

const serviceArnIn = (request: Members, member: string): string | undefined => {
  const arn = nameIn(request, member)
  return arn !== undefined && /:service\//.test(arn) ? arn : undefined
}

/** A service by name or ARN, in a cluster by name or ARN; ECS takes a call without a cluster for the one named default. */
function serviceNamed(service: string, cluster = 'default'): NewsSubject {
  const [, path] = /^arn:[^:]*:ecs:[^:]*:[^:]*:service\/(.+)$/.exec(service) ?? []
  const [one = service, two] = (path ?? service).split('/')
  const named = two === undefined ? { cluster, service: one } : { cluster: one, service: two }
  return { kind: 'Service', service: named.service, cluster: lastPart(named.cluster) }
}

/** What a call to load balancing names, wherever it does: rules, listeners, target groups. */
function arnsIn(request: Members): readonly string[] {
  const found = new Set<string>()
  const visit = (value: unknown, depth: number): void => {
    if (depth > DEEPEST || found.size >= MOST_ARNS) return
    if (typeof value === 'string' && value.length <= LONGEST_NAME && ELB_ARN.test(value)) found.add(value)
    if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) visit(member, depth + 1)
  }
  visit(request, 0)
  return [...found]
}

const ELB_ARN =
  /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:(?:targetgroup|loadbalancer|listener|listener-rule)\//
const DEEPEST = 8

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function parsed(message: string): unknown {
  if (message.length > LONGEST_MESSAGE) return undefined
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function nameIn(members: Members, name: string): string | undefined {
  const value = Object.hasOwn(members, name) ? members[name] : undefined
  return isName(value) ? value : undefined
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME

function membersIn(members: Members, name: string): Members | undefined {
  const value = members[name]
  return isMembers(value) ? value : undefined
}

const textsIn = (value: unknown): readonly string[] => {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return items.flatMap((item) => (isName(item) ? [item] : []))
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

const dropped = (why: Dropped): NewsRead => ({ kind: 'Dropped', why })
