import type { Unmanaged } from '../resources/types.ts'
import type { Place, Side } from './observation.ts'
import type { Sender } from './webhook/delivery.ts'

interface ReleaseSubject {
  readonly environment: string
  readonly release: string
}

interface RolloutSubject extends ReleaseSubject {
  readonly rollout: string
}

type UnmanagedKind = Unmanaged['kind']

/** Everything worth telling anybody, each with just the facts that metrics, logs, notifications and history need. Never a secret, never a commit message. */
export type SteersmanEvent =
  | ({
      readonly type: 'RolloutStarted'
      readonly why: string
      readonly who: string
      readonly commit: string
      readonly to: Place
    } & RolloutSubject)
  | ({ readonly type: 'PhaseEntered'; readonly phase: string; readonly message: string } & RolloutSubject)
  | ({
      readonly type: 'ActionDone'
      readonly action: string
      readonly message: string
      readonly requestId: string | undefined
      readonly durationMs: number
    } & RolloutSubject)
  | ({
      readonly type: 'ActionFailed'
      readonly action: string
      readonly code: string
      readonly message: string
    } & RolloutSubject)
  | ({
      readonly type: 'GateFinished'
      readonly gate: string
      readonly result: string
      readonly message: string
    } & RolloutSubject)
  /** A person is asked; without an end for a halt. */
  | ({
      readonly type: 'DecisionAwaited'
      readonly gate: string
      readonly until: string | undefined
      readonly message: string
    } & RolloutSubject)
  /** What a person decided was taken over. */
  | ({
      readonly type: 'GateDecided'
      readonly gate: string
      readonly verdict: string
      readonly by: string
    } & RolloutSubject)
  | ({
      readonly type: 'RolloutFinished'
      readonly outcome: string
      readonly reason: string
      readonly message: string
      readonly strategy: string
      readonly durationMs: number
      readonly waitMs: number
      /** From the commit's first sight to full traffic; undefined unless it succeeded. */
      readonly commitToTrafficMs: number | undefined
    } & RolloutSubject)
  | ({ readonly type: 'TrafficSeen'; readonly weights: Readonly<Record<Side, number>> } & ReleaseSubject)
  | ({
      readonly type: 'ReleaseStatus'
      readonly revision: string
      readonly side: string
      readonly image: string
      readonly conditions: Readonly<Record<string, boolean>>
      readonly phase: string | undefined
    } & ReleaseSubject)
  | ({
      readonly type: 'DriftFound'
      readonly kind: string
      readonly fieldClass: string
      readonly path: string
      readonly wanted: string
      readonly live: string
    } & ReleaseSubject)
  /** Who has made the last call that may have changed a drifted field, as the account's trail has it. */
  | ({
      readonly type: 'DriftAttributed'
      readonly path: string
      readonly user: string
      readonly operation: string
      readonly eventId: string
      readonly at: string
    } & ReleaseSubject)
  | ({
      readonly type: 'DriftSeen'
      readonly counts: readonly {
        readonly kind: string
        readonly fieldClass: string
        readonly count: number
        readonly ageSeconds: number
      }[]
    } & ReleaseSubject)
  | ({ readonly type: 'DriftCorrected'; readonly action: string; readonly message: string } & ReleaseSubject)
  | ({ readonly type: 'ReleaseRemoved' } & ReleaseSubject)
  | { readonly type: 'EnvironmentRemoved'; readonly environment: string }
  /** Somebody has deleted it, and so many rollouts are ended first. */
  | { readonly type: 'EnvironmentEnding'; readonly environment: string; readonly rollouts: number }
  /** Releases of a deleted Environment that are still to be taken down; 0 when none is left. */
  | { readonly type: 'EnvironmentDraining'; readonly environment: string; readonly releases: number }
  | {
      readonly type: 'SourceFetched'
      readonly environment: string
      readonly result: 'success' | 'failure'
      readonly message: string
      readonly durationMs: number
    }
  | {
      readonly type: 'RevisionSeen'
      readonly environment: string
      readonly commit: string
      readonly ageSeconds: number
    }
  | {
      readonly type: 'ManifestRefused'
      readonly environment: string
      readonly commit: string
      readonly issues: number
      readonly first: string
    }
  | {
      readonly type: 'TagMoved'
      readonly environment: string
      readonly tag: string
      readonly commit: string
      readonly number: number
    }
  | {
      readonly type: 'TerraformRan'
      readonly environment: string
      readonly command: 'plan' | 'apply'
      readonly result: string
      /** Without any value of an attribute. */
      readonly message: string
      readonly commit: string
      readonly durationMs: number
    }
  | {
      /** Terraform creates, changes or destroys a resource. */
      readonly type: 'ResourceChanged'
      readonly environment: string
      readonly address: string
      readonly action: string
      readonly result: 'started' | 'done' | 'failed'
      readonly elapsedSeconds: number
    }
  | { readonly type: 'FreezeSeen'; readonly environment: string; readonly active: boolean }
  | {
      readonly type: 'FreezeOverridden'
      readonly environment: string
      readonly by: string
      readonly reason: string
    }
  | { readonly type: 'StateLockSeen'; readonly environment: string; readonly held: boolean }
  | {
      readonly type: 'ConditionChanged'
      readonly environment: string
      readonly release: string | undefined
      readonly condition: string
      readonly status: boolean
      readonly reason: string
      readonly message: string
    }
  | {
      readonly type: 'Reconciled'
      readonly kind: 'Environment' | 'Release' | 'Infrastructure'
      readonly key: string
      readonly result: string
      readonly durationMs: number
      readonly message?: string
    }
  | {
      /** Releases that a sweep found just as their last reconcile left them: there was nothing to decide again. */
      readonly type: 'ReleasesAtRest'
      readonly environment: string
      readonly releases: readonly string[]
    }
  | {
      readonly type: 'ReconcileFailed'
      readonly kind: 'Environment' | 'Release' | 'Infrastructure'
      readonly key: string
      readonly code: string
      readonly message: string
      readonly retryMs: number
    }
  | { readonly type: 'QueueSeen'; readonly depth: number; readonly longestRunningSeconds: number }
  | { readonly type: 'QueueWaited'; readonly durationMs: number }
  | { readonly type: 'ConfigurationRefused'; readonly file: string; readonly message: string }
  | { readonly type: 'ConfigurationLoaded'; readonly environments: number }
  | {
      readonly type: 'LeaseChanged'
      readonly lease: string
      readonly held: boolean
      readonly epoch: number
      readonly message: string
    }
  /** A message of the queue was read, and so many were woken. */
  | {
      readonly type: 'NewsHeard'
      readonly kind: string
      readonly ageSeconds: number
      readonly woken: number
    }
  /** A message that nobody can be woken by. */
  | { readonly type: 'NewsDropped'; readonly why: string }
  /** A webhook came, and so many environments were woken; one that is not signed, or unreadable, is refused. */
  | {
      readonly type: 'WebhookHeard'
      readonly sender: Sender
      readonly result: 'Taken' | 'Ignored' | 'Refused'
      readonly woken: number
    }
  /** Somebody was told of something, or could not be. */
  | {
      readonly type: 'Notified'
      readonly environment: string
      readonly about: string
      readonly receiver: 'slack' | 'webhook' | 'all'
      readonly result: 'Sent' | 'Failed' | 'Dropped'
      /** Why it was not sent. */
      readonly message: string
    }
  /** How many services, rules and target groups no Release names, in the places where releases of the environment run. */
  | {
      readonly type: 'UnmanagedSeen'
      readonly environment: string
      readonly counts: Readonly<Record<UnmanagedKind, number>>
    }
  /** The trail of calls may not be read; nobody asks it again. */
  | { readonly type: 'TrailRefused'; readonly environment: string; readonly message: string }
  | {
      readonly type: 'ListeningChanged'
      readonly environment: string
      readonly listens: boolean
      readonly reason: string
      readonly message: string
    }
  | {
      readonly type: 'AwsCall'
      readonly service: string
      readonly operation: string
      readonly code: string
      readonly durationMs: number
      readonly attempts: number
    }
  | { readonly type: 'AwsThrottled'; readonly service: string; readonly operation: string }
