import { durationMs } from '../../resources/duration.ts'
import type { DefaultedGate, GateStatus } from '../../resources/generated/rollout.ts'

/** CloudWatch looks at an alarm once in its period, 10 seconds at the least and usually a minute. */
const ALARMS_INTERVAL_MS = 15_000
const WEBHOOK_INTERVAL_MS = 10_000
const OTHER_INTERVAL_MS = 5_000
/** A program is started no more often than that. */
const SCRIPT_INTERVAL_MS = 30_000
/** As ECS asks its hooks. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html */
const LAMBDA_INTERVAL_MS = 30_000

/** How long one invocation of a function may last, in milliseconds: what takes longer answers IN_PROGRESS. */
export const INVOCATION_MS = 30_000

/** A batch of a warming has as many requests as a second may have, so one batch in a second keeps to its rate. */
const WARMING_INTERVAL_MS = 1_000

/** For so long a batch of a warming begins requests, in milliseconds. */
export const BATCH_MS = 5_000

/** Limit of one question that has none of its own; AWS's reads are tried again within it. */
const QUESTION_TIMEOUT_MS = 10_000

/** Time between two questions, in milliseconds: as who was asked has said, else by kind. A metric has no more to say before its next period is over. */
export function intervalOf(
  gate: DefaultedGate,
  { pauseSeconds }: Pick<GateStatus, 'pauseSeconds'> = {},
): number {
  if (pauseSeconds !== undefined) return pauseSeconds * 1000
  if (gate.http !== undefined) return durationMs(gate.http.interval)
  if (gate.prometheus !== undefined) return durationMs(gate.prometheus.interval)
  if (gate.cloudwatch !== undefined) return durationMs(gate.cloudwatch.period)
  if (gate.lambda !== undefined) return LAMBDA_INTERVAL_MS
  if (gate.script !== undefined) return SCRIPT_INTERVAL_MS
  if (gate.alarms !== undefined) return ALARMS_INTERVAL_MS
  if (gate.warming !== undefined) return WARMING_INTERVAL_MS
  return gate.webhook === undefined ? OTHER_INTERVAL_MS : WEBHOOK_INTERVAL_MS
}

/** How long one question may last, in milliseconds. */
export function timeoutOf({ http, warming, lambda, script }: DefaultedGate): number {
  if (script !== undefined) return durationMs(script.runTimeout)
  if (lambda !== undefined) return INVOCATION_MS
  if (warming !== undefined) return BATCH_MS + durationMs(warming.requestTimeout)
  return http === undefined ? QUESTION_TIMEOUT_MS : durationMs(http.requestTimeout)
}

/** How long there can be no answer yet, in milliseconds: a metric's first period has to begin after the phase did, and to end. */
export const firstAnswerMs = ({ cloudwatch }: DefaultedGate): number =>
  cloudwatch === undefined ? 0 : 2 * durationMs(cloudwatch.period)
