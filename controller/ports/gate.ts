import type { Callback } from '../core/gate/callback.ts'
import type { AlarmQuestion } from '../core/gate/judge-alarms.ts'
import type { ComparisonBounds } from '../core/gate/judge-comparison.ts'
import type { Bounds } from '../core/gate/judge-value.ts'
import type { MetricMath, MetricSeries } from './metrics.ts'

/** A side of a release, as a gate asks it over HTTP. */
export interface ListenerProbe {
  readonly gate: string
  /** The listener to ask: the adapter finds its real address. */
  readonly loadBalancer: { readonly name: string; readonly dnsName: string }
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly host: string | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Limit of one request, connection and body included. */
  readonly timeoutMs: number
}

/** One HTTP request that a gate makes against a side of a release. */
export interface HttpProbe extends ListenerProbe {
  readonly kind: 'http'
  readonly path: string
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly expect: { readonly status: number; readonly body: string | undefined }
}

/** The next requests that warm a side up. */
export interface WarmingProbe extends ListenerProbe {
  readonly kind: 'warming'
  /** Asked in turn. */
  readonly paths: readonly string[]
  /** How many requests this batch has at most, all of them begun within `batchMs`. */
  readonly requests: number
  readonly batchMs: number
  /** How many are under way at once at most. */
  readonly concurrency: number
  /** How many requests of the gate were answered well before this batch, and how many it takes. */
  readonly progress: { readonly answered: number; readonly wanted: number }
}

/** Whether any of some CloudWatch alarms is red. */
export interface AlarmsProbe extends AlarmQuestion {
  readonly kind: 'alarms'
  readonly gate: string
}

/** The newest whole period of a CloudWatch metric against bounds. */
export interface CloudWatchProbe {
  readonly kind: 'cloudwatch'
  readonly gate: string
  readonly series: MetricSeries | MetricMath
  readonly bounds: Bounds
  /** The same question about the live side, and by how much the answers may differ. */
  readonly comparison?: { readonly series: MetricSeries | MetricMath } & ComparisonBounds
  /** Periods that began before, in milliseconds since the epoch, tell of another version and are left out. */
  readonly since: number
}

/** A function of the environment's account that decides. */
export interface LambdaProbe {
  readonly kind: 'lambda'
  readonly gate: string
  /** ARN, with or without a qualifier. */
  readonly function: string
  /** JSON without secrets. */
  readonly payload: string
}

/** A program beside the controller's configuration. */
export interface ScriptProbe {
  readonly kind: 'script'
  readonly gate: string
  /** Its path below the configuration's directory, and its arguments. */
  readonly command: readonly string[]
  /** What it is told, as environment variables. */
  readonly facts: Readonly<Record<string, string>>
  /** Limit of one run. */
  readonly timeoutMs: number
}

/** An instant query of Prometheus against bounds. */
export interface PrometheusProbe {
  readonly kind: 'prometheus'
  readonly gate: string
  /** Where the server's API begins. */
  readonly server: string
  readonly query: string
  readonly bounds: Bounds
  /** Limit of one query, connection and body included. */
  readonly timeoutMs: number
}

/** A POST to a receiver that decides. */
export interface WebhookProbe {
  readonly kind: 'webhook'
  readonly gate: string
  readonly url: string
  /** JSON without secrets. */
  readonly body: string
  /** The same for each try of one gate of one rollout, so that the receiver can tell them. */
  readonly id: string
  /** What the receiver may call back about; left out, it is asked again instead. */
  readonly callback?: Callback
  /** Limit of one request, connection and body included. */
  readonly timeoutMs: number
}

/** One question of a gate, by the gate's kind. */
export type GateProbe =
  | HttpProbe
  | WarmingProbe
  | LambdaProbe
  | ScriptProbe
  | AlarmsProbe
  | CloudWatchProbe
  | PrometheusProbe
  | WebhookProbe

/** What one attempt said. Inconclusive: the question could not be asked (no connection, refused address) or its answer says nothing, so it tells nothing about the release. */
export interface GateAttempt {
  readonly result: 'Success' | 'Failure' | 'Inconclusive'
  /** One sentence for people; never a body or a header, which may hold secrets. */
  readonly message: string
  /** Of a question that is many: how many were answered well, and how many badly. */
  readonly answers?: { readonly good: number; readonly bad: number }
  /** After so many milliseconds the question is to be asked again, where who was asked has said so. */
  readonly pauseMs?: number
}

/** Asks the questions that decide whether a version may take the traffic. */
export interface GateRunner {
  probe(probe: GateProbe, signal: AbortSignal): Promise<GateAttempt>
}
