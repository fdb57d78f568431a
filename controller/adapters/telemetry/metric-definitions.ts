interface Definition {
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  /** Upper bounds in seconds, of histograms. */
  readonly buckets?: readonly number[]
}

/** Seconds to hours: what people wait for. */
const longBuckets = [5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400]
/** A millisecond to half a minute: what the machine does. */
const shortBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const release = ['environment', 'release'] as const

/** Every metric without its prefix `steersman_`. The names are an interface: dashboards and alerts of others use them. */
const metricDefinitions = {
  release_info: {
    type: 'gauge',
    labels: [...release, 'revision', 'side', 'image'],
    help: 'Always 1: which revision and image of a release is live, and on which side.',
  },
  release_condition: {
    type: 'gauge',
    labels: [...release, 'type', 'status'],
    help: 'Whether a condition of a release has this status (True or False): 1 or 0.',
  },
  drift: {
    type: 'gauge',
    labels: [...release, 'kind', 'field_class'],
    help: 'Number of fields that differ from what git says.',
  },
  drift_age_seconds: {
    type: 'gauge',
    labels: [...release, 'kind', 'field_class'],
    help: 'How long the oldest drifted field has differed; 0 without drift.',
  },
  unmanaged: {
    type: 'gauge',
    labels: ['environment', 'kind'],
    help: 'Services, rules and target groups (kind) that no Release names, in the clusters and behind the load balancers of the releases.',
  },
  rollout_phase: {
    type: 'gauge',
    labels: [...release, 'phase'],
    help: 'Whether the newest rollout of a release is in this phase: 1 or 0.',
  },
  rollouts_total: {
    type: 'counter',
    labels: [...release, 'strategy', 'outcome'],
    help: 'Rollouts that ended.',
  },
  rollout_duration_seconds: {
    type: 'histogram',
    labels: ['environment', 'strategy', 'outcome'],
    help: 'From the start of a rollout to its end, without the time that people took to approve.',
    buckets: longBuckets,
  },
  rollout_wait_seconds: {
    type: 'histogram',
    labels: ['environment', 'strategy', 'outcome'],
    help: 'How long a rollout waited for people.',
    buckets: longBuckets,
  },
  traffic_weight: {
    type: 'gauge',
    labels: [...release, 'side'],
    help: 'Production weight of a side as last read from the load balancer.',
  },
  gate_results_total: {
    type: 'counter',
    labels: [...release, 'gate', 'result'],
    help: 'Gates that ended.',
  },
  reconcile_total: { type: 'counter', labels: ['kind', 'result'], help: 'Reconciles that ended.' },
  reconcile_duration_seconds: {
    type: 'histogram',
    labels: ['kind'],
    help: 'How long one reconcile took.',
    buckets: shortBuckets,
  },
  workqueue_depth: { type: 'gauge', labels: [], help: 'Keys that wait to be reconciled.' },
  workqueue_queue_duration_seconds: {
    type: 'histogram',
    labels: [],
    help: 'How long a key waited before its reconcile began.',
    buckets: shortBuckets,
  },
  workqueue_longest_running_processor_seconds: {
    type: 'gauge',
    labels: [],
    help: 'How long the oldest reconcile under way has run.',
  },
  terraform_runs_total: {
    type: 'counter',
    labels: ['environment', 'command', 'result'],
    help: 'Plans and applies by Terraform, by how they ended.',
  },
  terraform_duration_seconds: {
    type: 'histogram',
    labels: ['environment', 'command'],
    help: 'How long Terraform took.',
    buckets: longBuckets,
  },
  terraform_state_locked: {
    type: 'gauge',
    labels: ['environment'],
    help: '1 while somebody else holds the lock of the state.',
  },
  freeze_active: {
    type: 'gauge',
    labels: ['environment'],
    help: '1 while a freeze window is open or can’t be read, else 0.',
  },
  source_fetch_total: {
    type: 'counter',
    labels: ['environment', 'result'],
    help: 'Looks at the git repository (success or failure).',
  },
  source_revision_age_seconds: {
    type: 'gauge',
    labels: ['environment'],
    help: 'Age of the commit that the environment wants, when it was last looked at.',
  },
  commit_to_traffic_seconds: {
    type: 'histogram',
    labels: ['environment'],
    help: 'From the first sight of a commit to its full traffic.',
    buckets: longBuckets,
  },
  notifications_total: {
    type: 'counter',
    labels: ['environment', 'receiver', 'result'],
    help: 'Notices to people: Sent, Failed where the receiver did not take it, Dropped where too many waited.',
  },
  webhooks_total: {
    type: 'counter',
    labels: ['sender', 'result'],
    help: 'Webhooks that announced something: Taken, Ignored where no environment follows it, Refused where it was not signed or not understood.',
  },
  events_received_total: {
    type: 'counter',
    labels: ['kind'],
    help: 'Messages of the queue that something may have changed, by what they are about.',
  },
  events_dropped_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Messages of the queue that were put away unread: not JSON, no event, foreign, or about nothing that could be managed.',
  },
  event_age_seconds: {
    type: 'histogram',
    labels: ['kind'],
    help: 'How old a message was when it was heard.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400],
  },
  events_listening: {
    type: 'gauge',
    labels: ['environment'],
    help: 'Whether the queue that wakes is heard: 1 or 0. Without spec.aws.events there is no series.',
  },
  aws_requests_total: {
    type: 'counter',
    labels: ['service', 'operation', 'code'],
    help: 'Requests to AWS by what they answered (OK, or the code of the error; Retried: an attempt that another one followed).',
  },
  aws_throttles_total: {
    type: 'counter',
    labels: ['service', 'operation'],
    help: 'Requests that AWS throttled.',
  },
  aws_request_duration_seconds: {
    type: 'histogram',
    labels: ['service', 'operation'],
    help: 'How long a call to AWS took with its retries.',
    buckets: shortBuckets,
  },
  leader: {
    type: 'gauge',
    labels: ['shard'],
    help: 'Whether this controller holds the lease: 1 or 0.',
  },
  build_info: { type: 'gauge', labels: ['version', 'commit'], help: 'Always 1: which build runs.' },
} as const satisfies Readonly<Record<string, Definition>>

export type MetricName = keyof typeof metricDefinitions

/** Names of the metrics of one type. */
export type NameOfType<Type extends Definition['type']> = {
  [Name in MetricName]: (typeof metricDefinitions)[Name]['type'] extends Type ? Name : never
}[MetricName]

export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof metricDefinitions)[Name]['labels'][number], string>
>

/** The same record with its members' common type, for whoever goes through all of them. */
export const definitions: Readonly<Record<string, Definition>> = metricDefinitions
