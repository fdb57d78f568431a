import type { RolloutPhase } from '../../resources/generated/rollout.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import type { ByEventType, EventOf } from './by-type.ts'
import { forEvent } from './by-type.ts'
import { createLabelValues } from './label-values.ts'
import type { Redactor } from './redactor.ts'
import type { Series } from './series.ts'
import { createSeries } from './series.ts'
import { prefersOpenMetrics } from './accept.ts'

export interface Metrics {
  readonly telemetry: Telemetry
  /** The page for `/metrics`: OpenMetrics where the Accept header prefers it, else the Prometheus text format 0.0.4. */
  text(accept: string | undefined): Promise<{ readonly contentType: string; readonly body: string }>
}

export interface MetricsOptions {
  readonly version: string
  readonly commit: string
  readonly redactor: Pick<Redactor, 'text'>
}

/** Every phase that a rollout can be in, so that each has a series that says no. A record, so that a new phase must be added here. */
const phases: Readonly<Record<RolloutPhase, true>> = {
  Pending: true,
  Provisioning: true,
  Verifying: true,
  AwaitingApproval: true,
  Shifting: true,
  Baking: true,
  RollingBack: true,
  Succeeded: true,
  RolledBack: true,
  Superseded: true,
  Aborted: true,
}

/** Counts and measures what the events tell, under the names of docs/reference/metrics.md. */
export function createMetrics({ version, commit, redactor }: MetricsOptions): Metrics {
  const series = createSeries(createLabelValues(redactor))
  const record = recordInto(series)
  series.set('build_info', { version, commit }, 1)
  return {
    telemetry: { emit: (event) => forEvent(record, event) },
    text: (accept) => series.text(prefersOpenMetrics(accept) ? 'openmetrics' : 'prometheus'),
  }
}

function recordInto(series: Series): ByEventType<void> {
  return {
    PhaseEntered: (event) => setPhase(series, event, event.phase),
    GateFinished: ({ environment, release, gate, result }) =>
      series.add('gate_results_total', { environment, release, gate, result }, 1),
    RolloutFinished: (event) => countRollout(series, event),
    TrafficSeen: ({ environment, release, weights }) => {
      series.set('traffic_weight', { environment, release, side: 'blue' }, weights.blue)
      series.set('traffic_weight', { environment, release, side: 'green' }, weights.green)
    },
    ReleaseStatus: (event) => setStatus(series, event),
    DriftSeen: (event) => setDrift(series, event),
    UnmanagedSeen: (event) => countUnmanaged(series, event),
    ReleaseRemoved: ({ environment, release }) => series.remove({ environment, release }),
    EnvironmentRemoved: ({ environment }) => series.remove({ environment }),
    SourceFetched: ({ environment, result }) => series.add('source_fetch_total', { environment, result }, 1),
    RevisionSeen: ({ environment, ageSeconds }) =>
      series.set('source_revision_age_seconds', { environment }, ageSeconds),
    ManifestRefused: () => undefined,
    TagMoved: () => undefined,
    TerraformRan: ({ environment, command, result, durationMs }) => {
      series.add('terraform_runs_total', { environment, command, result }, 1)
      series.observe('terraform_duration_seconds', { environment, command }, durationMs / 1_000)
    },
    ResourceChanged: () => undefined,
    StateLockSeen: ({ environment, held }) =>
      series.set('terraform_state_locked', { environment }, held ? 1 : 0),
    FreezeSeen: ({ environment, active }) => series.set('freeze_active', { environment }, active ? 1 : 0),
    FreezeOverridden: () => undefined,
    ConditionChanged: (event) => {
      if (event.release !== undefined) setCondition(series, { ...event, release: event.release }, event)
    },
    Reconciled: (event) => countReconcile(series, event),
    ReleasesAtRest: (event) => countAtRest(series, event),
    ReconcileFailed: ({ kind }) => series.add('reconcile_total', { kind, result: 'Error' }, 1),
    QueueSeen: ({ depth, longestRunningSeconds }) => {
      series.set('workqueue_depth', {}, depth)
      series.set('workqueue_longest_running_processor_seconds', {}, longestRunningSeconds)
    },
    QueueWaited: ({ durationMs }) =>
      series.observe('workqueue_queue_duration_seconds', {}, durationMs / 1_000),
    LeaseChanged: ({ lease, held }) => series.set('leader', { shard: lease }, held ? 1 : 0),
    Notified: ({ environment, receiver, result }) =>
      series.add('notifications_total', { environment, receiver, result }, 1),
    WebhookHeard: ({ sender, result }) => series.add('webhooks_total', { sender, result }, 1),
    NewsHeard: (event) => countNews(series, event),
    NewsDropped: ({ why }) => series.add('events_dropped_total', { reason: why }, 1),
    ListeningChanged: ({ environment, listens }) =>
      series.set('events_listening', { environment }, listens ? 1 : 0),
    AwsCall: (event) => countAwsCall(series, event),
    AwsThrottled: ({ service, operation }) => series.add('aws_throttles_total', { service, operation }, 1),
    ...ofLogAlone,
  }
}

/** What a person wants to read, and nobody wants to count. */
const ofLogAlone = {
  RolloutStarted: () => undefined,
  ActionDone: () => undefined,
  ActionFailed: () => undefined,
  DecisionAwaited: () => undefined,
  GateDecided: () => undefined,
  DriftFound: () => undefined,
  DriftCorrected: () => undefined,
  EnvironmentEnding: () => undefined,
  EnvironmentDraining: () => undefined,
  DriftAttributed: () => undefined,
  TrailRefused: () => undefined,
  ConfigurationRefused: () => undefined,
  ConfigurationLoaded: () => undefined,
}

function countUnmanaged(series: Series, { environment, counts }: EventOf<'UnmanagedSeen'>): void {
  for (const [kind, count] of Object.entries(counts)) series.set('unmanaged', { environment, kind }, count)
}

function countReconcile(series: Series, { kind, result, durationMs }: EventOf<'Reconciled'>): void {
  series.add('reconcile_total', { kind, result }, 1)
  series.observe('reconcile_duration_seconds', { kind }, durationMs / 1_000)
}

/** Looked at, and nothing to decide again. */
function countAtRest(series: Series, { releases }: EventOf<'ReleasesAtRest'>): void {
  series.add('reconcile_total', { kind: 'Release', result: 'AtRest' }, releases.length)
}

function countNews(series: Series, { kind, ageSeconds }: EventOf<'NewsHeard'>): void {
  series.add('events_received_total', { kind }, 1)
  series.observe('event_age_seconds', { kind }, ageSeconds)
}

interface Subject {
  readonly environment: string
  readonly release: string
}

function countRollout(series: Series, event: EventOf<'RolloutFinished'>): void {
  const { environment, release, strategy, outcome, durationMs, waitMs, commitToTrafficMs } = event
  series.add('rollouts_total', { environment, release, strategy, outcome }, 1)
  series.observe('rollout_duration_seconds', { environment, strategy, outcome }, durationMs / 1_000)
  series.observe('rollout_wait_seconds', { environment, strategy, outcome }, waitMs / 1_000)
  if (commitToTrafficMs === undefined) return
  series.observe('commit_to_traffic_seconds', { environment }, commitToTrafficMs / 1_000)
}

function setStatus(series: Series, event: EventOf<'ReleaseStatus'>): void {
  const { environment, release, revision, side, image, conditions, phase } = event
  series.remove({ environment, release }, 'release_info')
  series.set('release_info', { environment, release, revision, side, image }, 1)
  for (const [condition, status] of Object.entries(conditions))
    setCondition(series, event, { condition, status })
  setPhase(series, event, phase)
}

function setCondition(
  series: Series,
  { environment, release }: Subject,
  { condition, status }: { readonly condition: string; readonly status: boolean },
): void {
  for (const each of [true, false]) {
    const labels = { environment, release, type: condition, status: each ? 'True' : 'False' }
    series.set('release_condition', labels, each === status ? 1 : 0)
  }
}

function setPhase(series: Series, { environment, release }: Subject, phase: string | undefined): void {
  if (phase === undefined) return series.remove({ environment, release }, 'rollout_phase')
  for (const each of Object.keys(phases)) {
    series.set('rollout_phase', { environment, release, phase: each }, each === phase ? 1 : 0)
  }
}

/** What no longer drifts is 0, not gone: an alert on it must see it end. */
function setDrift(series: Series, { environment, release, counts }: EventOf<'DriftSeen'>): void {
  for (const known of series.matching('drift', { environment, release })) {
    const labels = {
      environment,
      release,
      kind: known['kind'] ?? '',
      field_class: known['field_class'] ?? '',
    }
    series.set('drift', labels, 0)
    series.set('drift_age_seconds', labels, 0)
  }
  for (const { kind, fieldClass, count, ageSeconds } of counts) {
    const labels = { environment, release, kind, field_class: fieldClass }
    series.set('drift', labels, count)
    series.set('drift_age_seconds', labels, ageSeconds)
  }
}

function countAwsCall(
  series: Series,
  { service, operation, code, attempts, durationMs }: EventOf<'AwsCall'>,
): void {
  series.add('aws_requests_total', { service, operation, code }, 1)
  if (attempts > 1) series.add('aws_requests_total', { service, operation, code: 'Retried' }, attempts - 1)
  series.observe('aws_request_duration_seconds', { service, operation }, durationMs / 1_000)
}
