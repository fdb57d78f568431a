import { AwsError, validationError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { readActions, showAction } from './actions.ts'
import { listenerArn, ruleArn } from './arn.ts'
import { checkForwards } from './associations.ts'
import { defaultListenerAttributes } from './attributes.ts'
import { describing, found, modifying, page } from './describe.ts'
import { given, integer, oneOf, requiredText, structure, structures, text, texts } from './input.ts'
import type { ElbParts, Listener, LoadBalancer } from './state.ts'
import { tagsOf } from './tags.ts'

const PER_LOAD_BALANCER = 50
const DEFAULT_SSL_POLICY = 'ELBSecurityPolicy-2016-08'
const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE'] as const

/** The operations on listeners. */
export function listenerOperations(elb: ElbParts): Record<string, Operation> {
  return {
    CreateListener: modifying((input) => ({ Listeners: [showListener(create(elb, input))] })),
    DescribeListeners: describing((input, context) => describe(elb, input, context)),
    ModifyListener: modifying((input) => ({ Listeners: [showListener(modify(elb, input))] })),
    DeleteListener: modifying((input) => {
      const arn = requiredText(input, 'ListenerArn')
      dropListener(elb, found(elb.tables.listeners, arn, 'listener'))
      elb.associationsChanged()
      elb.listenersChanged()
      return {}
    }),
  }
}

/** Removes a listener with its rules and their tags; the caller says afterwards that associations have changed. */
export function dropListener(elb: ElbParts, listener: Listener): void {
  for (const rule of elb.tables.rules.list()) {
    if (rule.listenerArn !== listener.arn) continue
    elb.tables.rules.delete(rule.arn)
    elb.tables.tags.delete(rule.arn)
  }
  elb.tables.listeners.delete(listener.arn)
  elb.tables.tags.delete(listener.arn)
  elb.tables.tags.delete(listener.defaultRuleArn)
}

/** Listeners are described far more often than they change: of the same row the same view is shown again. */
const shownListeners = new WeakMap<Listener, Members>()

function showListener(listener: Listener): Members {
  const known = shownListeners.get(listener)
  if (known !== undefined) return known
  const view = listenerView(listener)
  shownListeners.set(listener, view)
  return view
}

/** A listener as AWS returns it. */
function listenerView(listener: Listener): Members {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol,
    Certificates:
      listener.certificates.length > 0 ? [{ CertificateArn: listener.certificates[0] }] : undefined,
    SslPolicy: listener.sslPolicy,
    DefaultActions: listener.defaultActions.map(showAction),
    AlpnPolicy: listener.alpnPolicy.length > 0 ? listener.alpnPolicy : undefined,
    MutualAuthentication:
      listener.protocol === 'HTTPS' ? (listener.mutualAuthentication ?? { Mode: 'off' }) : undefined,
  }
}

function create(elb: ElbParts, input: Members): Listener {
  const { tables } = elb
  const balancer = found(tables.loadBalancers, requiredText(input, 'LoadBalancerArn'), 'loadBalancer')
  const tags = tagsOf(input)
  const drafted = draft(elb, input, balancer)
  const siblings = tables.listeners.list().filter((listener) => listener.loadBalancerArn === balancer.arn)
  const twin = siblings.find((listener) => listener.port === drafted.port)
  if (twin !== undefined) {
    if (sameSettings(twin, drafted)) return twin
    throw new AwsError(
      'DuplicateListener',
      `A listener already exists on this port for this load balancer '${balancer.arn}'`,
    )
  }
  if (siblings.length >= PER_LOAD_BALANCER) {
    throw new AwsError('TooManyListeners', 'The maximum number of listeners has been reached')
  }
  checkForwards(tables, drafted.defaultActions, { loadBalancerArn: balancer.arn })
  tables.listeners.put(drafted.arn, drafted)
  tables.tags.put(drafted.arn, tags)
  elb.associationsChanged()
  elb.listenersChanged()
  return drafted
}

function draft(elb: ElbParts, input: Members, balancer: LoadBalancer): Listener {
  const port = integer(input, 'Port', { min: 1, max: 65_535 })
  const protocol = oneOf(input, 'Protocol', PROTOCOLS)
  if (port === undefined || protocol === undefined)
    throw validationError('A listener must have a port and a protocol')
  const http = protocol === 'HTTP' || protocol === 'HTTPS'
  if (http !== (balancer.type === 'application')) {
    throw new AwsError(
      'UnsupportedProtocol',
      `Listener protocol '${protocol}' is not supported with a load balancer of type '${balancer.type}'`,
    )
  }
  const arn = listenerArn(balancer.arn, elb.random)
  return {
    arn,
    defaultRuleArn: ruleArn(arn, elb.random),
    loadBalancerArn: balancer.arn,
    port,
    protocol,
    ...readSecurity(input, protocol),
    alpnPolicy: texts(input, 'AlpnPolicy'),
    defaultActions: readActions(input, 'DefaultActions', { protocol }),
    attributes: defaultListenerAttributes(protocol),
  }
}

function modify(elb: ElbParts, input: Members): Listener {
  const { tables } = elb
  const existing = found(tables.listeners, requiredText(input, 'ListenerArn'), 'listener')
  const protocol = oneOf(input, 'Protocol', PROTOCOLS) ?? existing.protocol
  const port = integer(input, 'Port', { min: 1, max: 65_535 }) ?? existing.port
  const taken = tables.listeners
    .list()
    .some(
      (row) =>
        row.arn !== existing.arn && row.loadBalancerArn === existing.loadBalancerArn && row.port === port,
    )
  if (taken)
    throw new AwsError('DuplicateListener', 'A listener already exists on this port for this load balancer')
  const defaultActions = given(input, 'DefaultActions')
    ? readActions(input, 'DefaultActions', { existing: existing.defaultActions, protocol })
    : existing.defaultActions
  checkForwards(tables, defaultActions, {
    loadBalancerArn: existing.loadBalancerArn,
    replacing: existing.arn,
  })
  const changed: Listener = {
    ...existing,
    protocol,
    port,
    ...readSecurity(input, protocol, existing),
    alpnPolicy: given(input, 'AlpnPolicy') ? texts(input, 'AlpnPolicy') : existing.alpnPolicy,
    defaultActions,
    attributes: protocol === existing.protocol ? existing.attributes : defaultListenerAttributes(protocol),
  }
  tables.listeners.put(existing.arn, changed)
  elb.associationsChanged()
  elb.listenersChanged()
  return changed
}

function readSecurity(
  input: Members,
  protocol: string,
  existing?: Listener,
): Pick<Listener, 'sslPolicy' | 'certificates' | 'mutualAuthentication'> {
  if (protocol !== 'HTTPS' && protocol !== 'TLS') {
    return { sslPolicy: undefined, certificates: [], mutualAuthentication: undefined }
  }
  const givenCertificates = structures(input, 'Certificates').map((item) =>
    requiredText(item, 'CertificateArn'),
  )
  const certificates =
    givenCertificates.length > 0
      ? [...givenCertificates, ...(existing?.certificates.slice(1) ?? [])]
      : (existing?.certificates ?? [])
  if (certificates.length === 0) throw validationError('A certificate must be specified for secure listeners')
  const mutual = structure(input, 'MutualAuthentication')
  return {
    sslPolicy: text(input, 'SslPolicy') ?? existing?.sslPolicy ?? DEFAULT_SSL_POLICY,
    certificates: [...new Set(certificates)],
    mutualAuthentication:
      mutual === undefined
        ? existing?.mutualAuthentication
        : Object.fromEntries(Object.entries(mutual).map(([key, value]) => [key, String(value)])),
  }
}

function describe(elb: ElbParts, input: Members, context: CallContext): Members {
  const rows = context.read(elb.tables.listeners)
  const arns = texts(input, 'ListenerArns')
  const ofBalancer = text(input, 'LoadBalancerArn')
  if (arns.length > 0)
    return page(
      arns.map((arn) => found(rows, arn, 'listener')),
      input,
      showListener,
      'Listeners',
    )
  if (ofBalancer === undefined)
    throw validationError('You must specify either listener ARNs or a load balancer ARN')
  found(context.read(elb.tables.loadBalancers), ofBalancer, 'loadBalancer')
  const listeners = rows.list().filter((listener) => listener.loadBalancerArn === ofBalancer)
  return page(listeners, input, showListener, 'Listeners')
}

function sameSettings(left: Listener, right: Listener): boolean {
  const settings = (row: Listener) => JSON.stringify([row.protocol, row.defaultActions, row.certificates[0]])
  return settings(left) === settings(right)
}
