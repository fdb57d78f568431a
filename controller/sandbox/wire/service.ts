import type { Members, ServiceName } from '../kernel/operation.ts'
import { readQuery } from './query.ts'
import { restWires } from './rest.ts'

export interface WireRequest {
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** How a service's answers are written. */
export type Protocol = 'json-1.1' | 'json-1.0' | 'query' | 'ec2' | 's3' | 'rest-json'

/** Which service a request is for, in which protocol, and which region and key it was signed with. */
export interface Addressed {
  readonly service: ServiceName
  readonly protocol: Protocol
  /** The operation; the Query protocol has it in the body, REST has none. */
  readonly operation: string
  readonly region: string | undefined
  readonly accessKeyId: string | undefined
  /** Of a Query request: the parameters, read to find out what it is. */
  readonly parameters?: Members
}

const TARGETS: Record<string, ServiceName> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  Logs_20140328: 'logs',
  GraniteServiceVersion20100801: 'monitoring',
  AnyScaleFrontendService: 'application-autoscaling',
  ResourceGroupsTaggingAPI_20170126: 'tagging',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101': 'cloudtrail',
  CloudTrail_20131101: 'cloudtrail',
  DynamoDB_20120810: 'dynamodb',
  CodeDeploy_20141006: 'codedeploy',
}

const VERSIONS: Record<string, ServiceName> = {
  '2015-12-01': 'elasticloadbalancing',
  '2011-06-15': 'sts',
  '2010-05-08': 'iam',
  '2016-11-15': 'ec2',
  '2010-08-01': 'monitoring',
}

const SCOPES: Record<string, ServiceName> = {
  ecs: 'ecs',
  elasticloadbalancing: 'elasticloadbalancing',
  ecr: 'ecr',
  sts: 'sts',
  iam: 'iam',
  ec2: 'ec2',
  s3: 's3',
  logs: 'logs',
  monitoring: 'monitoring',
  'application-autoscaling': 'application-autoscaling',
  tagging: 'tagging',
  lambda: 'lambda',
  scheduler: 'scheduler',
  sqs: 'sqs',
  events: 'events',
  cloudtrail: 'cloudtrail',
  dynamodb: 'dynamodb',
  codedeploy: 'codedeploy',
}

/** Finds out what a request is: by its target header, else by a Query body's version, else by the credential's scope. */
export function addressed(request: WireRequest): Addressed {
  const scope = credentialScope(request.headers.authorization)
  const signed = { region: scope?.region, accessKeyId: scope?.accessKeyId }
  const scoped = SCOPES[scope?.service ?? '']
  const target = request.headers['x-amz-target']
  if (target !== undefined) {
    const dot = target.lastIndexOf('.')
    const [prefix, operation] = [target.slice(0, Math.max(0, dot)), target.slice(dot + 1)]
    const protocol = request.headers['content-type']?.includes('json-1.0') === true ? 'json-1.0' : 'json-1.1'
    const service = TARGETS[prefix] ?? scoped ?? 'ecs'
    return { ...signed, service, protocol, operation }
  }
  const rest = restWires.get(scoped ?? '')
  if (rest !== undefined)
    return { ...signed, service: rest.service, protocol: 'rest-json', operation: rest.operation(request) }
  const { action, version, input: parameters } = readQuery(queryText(request))
  const service = VERSIONS[version] ?? scoped ?? 's3'
  if (action === '') return { ...signed, service, protocol: 's3', operation: `${request.method} object` }
  return { ...signed, service, protocol: service === 'ec2' ? 'ec2' : 'query', operation: action, parameters }
}

/** What a Query request says: in the body of a POST, in the URL of a GET. */
function queryText(request: WireRequest): string {
  const isForm = request.headers['content-type']?.includes('x-www-form-urlencoded') === true
  if (request.method === 'POST' && isForm) return request.body
  const mark = request.path.indexOf('?')
  return mark < 0 ? '' : request.path.slice(mark + 1)
}

function credentialScope(
  authorization: string | undefined,
): { accessKeyId: string; region: string; service: string } | undefined {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(authorization ?? '')
  const [, accessKeyId, region, service] = scope ?? []
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined
  return { accessKeyId, region, service }
}
