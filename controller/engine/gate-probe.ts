import type { Action } from '../core/action.ts'
import type { Place, ReleaseObservation, RuleFacts } from '../core/observation.ts'
import { seenAt } from '../core/observation.ts'
import type { SideNames } from '../core/gate/side-placeholders.ts'
import { dimensionOf, namesSide, withSideNames } from '../core/gate/side-placeholders.ts'
import { callbackOf } from '../core/gate/callback.ts'
import { callbackBody, hookPayload } from '../core/gate/hook-payload.ts'
import { webhookBody } from '../core/gate/webhook-body.ts'
import { BATCH_MS, timeoutOf } from '../core/gate/timing.ts'
import { gateStatus } from '../core/rollout/gates.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import { originSide, phaseStart, targetPlace } from '../core/rollout/state.ts'
import { fromTimestamp, timestamp } from '../core/time.ts'
import { durationMs } from '../resources/duration.ts'
import type { CloudWatchQuery } from '../resources/generated/rollout.ts'
import type { DefaultedGate } from '../resources/types.ts'
import { PortError } from '../ports/error.ts'
import type {
  AlarmsProbe,
  CloudWatchProbe,
  GateProbe,
  HttpProbe,
  LambdaProbe,
  ListenerProbe,
  PrometheusProbe,
  ScriptProbe,
  WarmingProbe,
  WebhookProbe,
} from '../ports/gate.ts'
import type { ReleaseSubject } from './observe.ts'

/** What a gate's question is made of. */
export interface GateContext {
  readonly rollout: RolloutState | undefined
  readonly observation: ReleaseObservation
  readonly subject: ReleaseSubject
}

/** Whether an action is a gate's question that goes through a listener or names a side of the load balancer, so that these have to be known. */
export const asksListener = (action: Action, rollout: RolloutState | undefined): boolean =>
  action.kind === 'ProbeGate' &&
  rollout?.spec.gates?.some(
    ({ name, http, warming, script, cloudwatch }) =>
      name === action.gate &&
      ((http ?? warming ?? script) !== undefined || namesSide(JSON.stringify(cloudwatch ?? ''))),
  ) === true

/** The question that a gate of the running rollout asks now. Throws PortErrors where it can't be made. */
export function gateProbe(name: string, context: GateContext): GateProbe {
  const { rollout } = context
  const gate = rollout?.spec.gates?.find((candidate) => candidate.name === name)
  if (rollout === undefined || gate === undefined) throw unclear(name)
  if (gate.http !== undefined) return httpProbe(gate, gate.http, context)
  if (gate.warming !== undefined) return warmingProbe(gate, gate.warming, context)
  if (gate.lambda !== undefined) return lambdaProbe(gate, gate.lambda, context, rollout)
  if (gate.script !== undefined) return scriptProbe(gate, gate.script, context, rollout)
  if (gate.alarms !== undefined) return alarmsProbe(gate, gate.alarms, rollout)
  if (gate.cloudwatch !== undefined) return cloudWatchProbe(gate, gate.cloudwatch, context, rollout)
  if (gate.prometheus !== undefined) return prometheusProbe(gate, gate.prometheus)
  if (gate.webhook !== undefined) return webhookProbe(gate, gate.webhook, context, rollout)
  throw unclear(name)
}

function httpProbe(
  gate: DefaultedGate,
  http: NonNullable<DefaultedGate['http']>,
  context: GateContext,
): HttpProbe {
  return {
    kind: 'http',
    ...listenerProbe(gate, http, context),
    path: http.path,
    method: http.method,
    expect: { status: http.expect.status, body: http.expect.body },
  }
}

/** As many requests as a second may have, and no more than are missing. */
function warmingProbe(
  gate: DefaultedGate,
  warming: NonNullable<DefaultedGate['warming']>,
  context: GateContext,
): WarmingProbe {
  const { requests: wanted, perSecond, concurrency, paths } = warming
  const answered = context.rollout && gateStatus(context.rollout.status, gate.name)?.successes
  const progress = { answered: answered ?? 0, wanted }
  return {
    kind: 'warming',
    ...listenerProbe(gate, warming, context),
    paths,
    requests: Math.min(perSecond, wanted - progress.answered),
    batchMs: BATCH_MS,
    concurrency,
    progress,
  }
}

function listenerProbe(
  { name }: DefaultedGate,
  asked: NonNullable<DefaultedGate['http'] | DefaultedGate['warming']>,
  context: GateContext,
): ListenerProbe {
  const { loadBalancer } = context.observation
  if (loadBalancer === null) throw unclear(name)
  const { port, protocol } = askedRule(context)
  return {
    gate: name,
    loadBalancer,
    port,
    protocol,
    host: hostOf(context, asked.host),
    headers: asked.headers ?? {},
    timeoutMs: durationMs(asked.requestTimeout),
  }
}

/** The production rule while the new version takes the traffic, the test rule before. */
function askedRule({ rollout, observation }: GateContext): RuleFacts {
  const { phase } = rollout?.status ?? {}
  const isLive = phase === 'Shifting' || phase === 'Baking'
  const rule = isLive ? observation.production[0] : observation.test
  if (rule === undefined || rule === null) throw missingRule(isLive ? 'the production rule' : 'the test rule')
  return rule
}

/** The production rule's host, so that the test listener's rules answer as production would; else what the gate names. */
function hostOf({ subject }: Pick<GateContext, 'subject'>, named: string | undefined): string | undefined {
  const host = named ?? subject.rules.find((rule) => rule.host !== undefined)?.host
  return host?.startsWith('*') === true ? undefined : host
}

const lambdaProbe = (
  gate: DefaultedGate,
  asked: NonNullable<DefaultedGate['lambda']>,
  { observation }: GateContext,
  rollout: RolloutState,
): LambdaProbe => ({
  kind: 'lambda',
  gate: gate.name,
  function: asked.function,
  payload: hookPayload(rollout, { gate, details: asked.payload ?? {}, observation }),
})

const scriptProbe = (
  gate: DefaultedGate,
  { command }: NonNullable<DefaultedGate['script']>,
  { observation: { loadBalancer, test } }: GateContext,
  { name, spec }: RolloutState,
): ScriptProbe => ({
  kind: 'script',
  gate: gate.name,
  command,
  facts: {
    STEERSMAN_ENVIRONMENT: spec.environment,
    STEERSMAN_RELEASE: spec.release,
    STEERSMAN_ROLLOUT: name,
    STEERSMAN_GATE: gate.name,
    STEERSMAN_COMMIT: spec.commit,
    ...(spec.to.side === undefined ? {} : { STEERSMAN_SIDE: spec.to.side }),
    ...(spec.image?.tag === undefined ? {} : { STEERSMAN_IMAGE_TAG: spec.image.tag }),
    ...(loadBalancer === null || test === null
      ? {}
      : { STEERSMAN_TEST_URL: `${test.protocol.toLowerCase()}://${loadBalancer.dnsName}:${test.port}` }),
  },
  timeoutMs: timeoutOf(gate),
})

const alarmsProbe = (
  gate: DefaultedGate,
  names: readonly string[],
  { status }: RolloutState,
): AlarmsProbe => ({
  kind: 'alarms',
  gate: gate.name,
  names,
  alreadyRed: gate.alreadyRed ?? 'Fail',
  rolloutStartedAt: fromTimestamp(status.startedAt ?? timestamp(0)),
})

function cloudWatchProbe(
  gate: DefaultedGate,
  asked: NonNullable<DefaultedGate['cloudwatch']>,
  context: GateContext,
  rollout: RolloutState,
): CloudWatchProbe {
  const { compare, max, min } = asked
  const question = (side: Place): CloudWatchProbe['series'] =>
    metricQuestion(asked, (text) =>
      namesSide(text) ? withSideNames(text, sideNames(gate, side, context)) : text,
    )
  return {
    kind: 'cloudwatch',
    gate: gate.name,
    series: question(targetPlace(rollout)),
    bounds: { max, min },
    ...(compare === undefined
      ? {}
      : {
          comparison: {
            series: question(originSide(rollout)),
            maxRatio: compare.maxRatio,
            maxDifference: compare.maxDifference,
          },
        }),
    since: phaseStart(rollout.status),
  }
}

/** One metric, or an expression over several, with `put` done to what its dimensions are. */
function metricQuestion(
  asked: NonNullable<DefaultedGate['cloudwatch']>,
  put: (text: string) => string,
): CloudWatchProbe['series'] {
  const periodSeconds = durationMs(asked.period) / 1000
  const seriesOf = ({
    namespace = '',
    metric = '',
    statistic = '',
    dimensions = {},
  }: Partial<CloudWatchQuery>) => ({
    namespace,
    metric,
    dimensions: Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, put(value)])),
    statistic,
    periodSeconds,
  })
  if (asked.expression === undefined) return seriesOf(asked)
  const queries = Object.entries(asked.queries ?? {}).map(([name, query]) => [name, seriesOf(query)] as const)
  return { queries: Object.fromEntries(queries), expression: asked.expression, periodSeconds }
}

function sideNames(gate: DefaultedGate, side: Place, { observation, subject }: GateContext): SideNames {
  const { loadBalancer } = observation
  const { targetGroup } = seenAt(observation, side)
  const service = subject.serviceNames[side]
  // Which group serves is ECS's own choice where it moves the traffic: nothing names it there.
  const isNamed = targetGroup !== null || side === 'only'
  if (loadBalancer === null || !isNamed || service === undefined) throw unclear(gate.name)
  return {
    targetGroup: dimensionOf(targetGroup?.arn ?? ''),
    loadBalancer: dimensionOf(loadBalancer.arn),
    service,
    cluster: subject.cluster,
  }
}

const prometheusProbe = (
  gate: DefaultedGate,
  { server, query, max, min }: NonNullable<DefaultedGate['prometheus']>,
): PrometheusProbe => ({
  kind: 'prometheus',
  gate: gate.name,
  server,
  query,
  bounds: { max, min },
  timeoutMs: timeoutOf(gate),
})

const webhookProbe = (
  gate: DefaultedGate,
  { url, callback }: NonNullable<DefaultedGate['webhook']>,
  { observation }: GateContext,
  rollout: RolloutState,
): WebhookProbe => ({
  kind: 'webhook',
  gate: gate.name,
  url,
  body: callback ? callbackBody(rollout, { gate, observation }) : webhookBody(rollout, gate.name),
  ...(callback ? { callback: callbackOf(rollout, gate.name) } : {}),
  id: `${rollout.name}/${gate.name}`,
  timeoutMs: timeoutOf(gate),
})

const unclear = (gate: string): PortError =>
  new PortError(`gate ${gate} can't be asked`, { code: 'GateUnclear', handling: 'retry' })

/** A rule that was there when it was last looked at. */
export const missingRule = (what: string): PortError =>
  new PortError(`${what} does not exist any more`, { code: 'RuleMissing', handling: 'retry' })
