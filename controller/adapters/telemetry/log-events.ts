import type { SteersmanEvent } from '../../core/event.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import type { ByEventType } from './by-type.ts'
import { forEvent } from './by-type.ts'
import type { Log, LogLevel } from './logger.ts'

/** How loud an event is and what it says; its own facts follow as fields. Undefined: other sinks tell it, the log stays readable. */
type Line = readonly [LogLevel, string] | undefined

/** Writes every event that a person reading the log wants, in one line each. */
export function logEvents(log: Log): Telemetry {
  return {
    emit(event) {
      const line = forEvent(lines, event)
      if (line === undefined) return
      const [level, message] = line
      log[level](message, fieldsOf(event))
    },
  }
}

function fieldsOf(event: SteersmanEvent): Readonly<Record<string, unknown>> {
  const { type, ...facts } = event
  return { event: type, ...Object.fromEntries(Object.entries(facts).filter(([key]) => key !== 'message')) }
}

const lines: ByEventType<Line> = {
  RolloutStarted: ({ rollout, to, why }) => ['info', `rollout ${rollout} started towards ${to} (${why})`],
  PhaseEntered: ({ rollout, phase, message }) => ['info', `rollout ${rollout} is ${phase}: ${message}`],
  ActionDone: ({ action, message }) => ['info', `${action}: ${message}`],
  ActionFailed: ({ action, code, message }) => ['warn', `${action} failed with ${code}: ${message}`],
  GateFinished: ({ gate, result, message }) => [
    passed(result) ? 'info' : 'warn',
    `gate ${gate} ${result}: ${message}`,
  ],
  DecisionAwaited: ({ rollout, message }) => ['warn', `rollout ${rollout} waits for a person: ${message}`],
  GateDecided: ({ rollout, gate, verdict, by }) => [
    'info',
    `gate ${gate} of rollout ${rollout}: ${verdict} by ${by}`,
  ],
  RolloutFinished: ({ rollout, outcome, reason, message }) => [
    outcome === 'Succeeded' ? 'info' : 'warn',
    `rollout ${rollout} ended ${outcome} (${reason}): ${message}`,
  ],
  TrafficSeen: () => undefined,
  ReleaseStatus: () => undefined,
  DriftFound: ({ path, wanted, live }) => ['warn', `drift at ${path}: wanted ${wanted}, live ${live}`],
  DriftAttributed: ({ path, user, operation, eventId, at }) => [
    'warn',
    `drift at ${path}: the last ${operation} was made by ${user} at ${at} (event ${eventId})`,
  ],
  DriftSeen: () => undefined,
  DriftCorrected: ({ action, message }) => ['info', `drift corrected by ${action}: ${message}`],
  ReleaseRemoved: ({ environment, release }) => [
    'info',
    `release ${environment}/${release} is gone from the branch`,
  ],
  EnvironmentRemoved: ({ environment }) => [
    'info',
    `environment ${environment} is gone from the configuration`,
  ],
  EnvironmentEnding: ({ environment, rollouts }) => [
    'info',
    `environment ${environment} is deleted: ${rollouts} rollouts are ended first`,
  ],
  EnvironmentDraining: ({ environment, releases }) => [
    'info',
    releases === 0
      ? `environment ${environment} is deleted, and nothing of it runs any more`
      : `environment ${environment} is deleted: ${releases} releases are taken down first`,
  ],
  SourceFetched: ({ environment, result, message }) =>
    result === 'success' ? undefined : ['warn', `source of ${environment} could not be fetched: ${message}`],
  RevisionSeen: ({ environment, commit }) => ['debug', `${environment} is at ${commit}`],
  ManifestRefused: ({ environment, commit, issues, first }) => [
    'warn',
    `${environment} refuses commit ${commit} for ${issues} issues, first: ${first}`,
  ],
  TagMoved: ({ tag, commit }) => ['info', `tag ${tag} moved to ${commit}`],
  TerraformRan: ({ environment, command, result, message, commit }) => [
    result === 'Done' ? 'info' : 'warn',
    `terraform ${command} of ${environment} at ${commit.slice(0, 12)}: ${result}${message === '' ? '' : `: ${message}`}`,
  ],
  ResourceChanged: ({ address, action, result, elapsedSeconds }) => [
    result === 'failed' ? 'warn' : 'info',
    `terraform: ${action} ${address} ${result}${result === 'started' ? '' : ` after ${elapsedSeconds} s`}`,
  ],
  StateLockSeen: () => undefined,
  FreezeSeen: () => undefined,
  FreezeOverridden: ({ environment, by, reason }) => [
    'warn',
    `the freeze of ${environment} was set aside by ${by}: ${reason}`,
  ],
  ConditionChanged: ({ environment, release, condition, status, reason, message }) => [
    'info',
    `${environment}${release === undefined ? '' : `/${release}`} ${condition} is ${status} (${reason}): ${message}`,
  ],
  Reconciled: ({ kind, key, result, message }) => [
    'debug',
    `${kind} ${key}: ${result}${message === undefined ? '' : `: ${message}`}`,
  ],
  ReconcileFailed: ({ kind, key, code, message }) => [
    'error',
    `${kind} ${key} failed with ${code}: ${message}`,
  ],
  QueueSeen: () => undefined,
  QueueWaited: () => undefined,
  ReleasesAtRest: () => undefined,
  ConfigurationRefused: ({ file, message }) => ['error', `configuration ${file} is refused: ${message}`],
  ConfigurationLoaded: ({ environments }) => [
    'info',
    `configuration loaded with ${environments} environments`,
  ],
  LeaseChanged: ({ lease, held, epoch, message }) => [
    held ? 'info' : 'warn',
    `lease ${lease} is ${held ? 'held' : 'not held'} in epoch ${epoch}: ${message}`,
  ],
  Notified: ({ environment, about, receiver, result, message }) =>
    result === 'Sent'
      ? ['debug', `${receiver} was told of ${environment}: ${about}`]
      : ['warn', `${receiver} could not be told of ${environment}: ${about}: ${message}`],
  WebhookHeard: ({ sender, result, woken }) => [
    // Whoever reaches the port may send what is refused: it is counted, and fills no log.
    'debug',
    `a webhook of ${sender} was ${result.toLowerCase()}${result === 'Taken' ? `, which concerns ${woken} environments` : ''}`,
  ],
  NewsHeard: ({ kind, woken }) => ['debug', `heard of ${kind}, which concerns ${woken}`],
  NewsDropped: ({ why }) => ['debug', `a message of the queue is dropped: ${why}`],
  TrailRefused: ({ environment, message }) => [
    'warn',
    `who changes things in ${environment} by hand stays unknown: ${message}`,
  ],
  UnmanagedSeen: ({ environment, counts }) => [
    'debug',
    `in ${environment} no release names ${Object.entries(counts)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
  ],
  ListeningChanged: ({ environment, listens, message }) => [
    listens ? 'info' : 'warn',
    `events of ${environment}: ${message}`,
  ],
  AwsCall: ({ service, operation, code }) => ['debug', `${service} ${operation} answered ${code}`],
  AwsThrottled: ({ service, operation }) => ['debug', `${service} ${operation} was throttled`],
}

function passed(result: string): boolean {
  return result === 'Passed' || result === 'Success'
}
