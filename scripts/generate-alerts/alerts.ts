/** One alert, in the form that Prometheus' rules, Grafana's and the page for people are written from. */
export interface Alert {
  /** Without the prefix `Steersman`. */
  readonly name: string
  /** `critical` wakes somebody, `warning` waits for the morning, `info` is only shown. */
  readonly severity: 'critical' | 'warning' | 'info'
  /** PromQL; each series that it answers with is one alert. No value of a series is below 0. */
  readonly expression: string
  /** How long it must hold. */
  readonly for: string
  /** Go templates of Prometheus; `.Labels` and `.Value` without `$`, which Grafana takes for variables of its own process. */
  readonly summary: string
  readonly description: string
  /** Why it is asked in this way, for the page. */
  readonly meaning: string
  /** What a person does, in order. Markdown. */
  readonly steps: readonly string[]
}

export interface AlertGroup {
  readonly name: string
  readonly alerts: readonly Alert[]
}

const SUBJECT = '{{ .Labels.environment }}/{{ .Labels.release }}'

/** A new pod's series are others than the old one's: what was said in the last five minutes counts, so that a restart ends no alert. */
const lately = (selector: string): string => `last_over_time(${selector}[5m])`

const anyOf = (expression: string): string => `max by (environment, release) (${expression})`

const stalled = anyOf(lately('steersman_release_condition{type="Stalled",status="True"}'))
const wentBack = anyOf(lately('steersman_rollout_phase{phase="RolledBack"}'))

/** Commits that took more than 30 minutes, as a part of all, over a time. */
const lateCommits = (window: string): string =>
  `(1 - sum by (environment) (increase(steersman_commit_to_traffic_seconds_bucket{le="1800"}[${window}]))` +
  ` / sum by (environment) (increase(steersman_commit_to_traffic_seconds_count[${window}])))`

/** 5 % of commits may be late: a rate of 1 spends just that. */
const burns = (rate: number, long: string, short: string): string =>
  `${lateCommits(long)} > ${rate} * 0.05 and ${lateCommits(short)} > ${rate} * 0.05`

const LATE_STEPS = [
  '`steersman history prod/web` shows where the time went: an image that came late, a gate, a bake time, an approval.',
  'An approval that people are slow to give, and a bake time that is meant, are no fault: raise the bound of 30 minutes in a copy of the rules.',
]

export const ALERT_GROUPS: readonly AlertGroup[] = [
  {
    name: 'steersman-releases',
    alerts: [
      {
        name: 'Drift',
        severity: 'warning',
        expression: `${anyOf(lately('steersman_drift'))} > 0`,
        for: '15m',
        summary: `${SUBJECT} differs from git for 15 minutes`,
        description: `Fields of ${SUBJECT} are not what git says ({{ .Value }} of one kind), and nobody has put them back.`,
        meaning:
          'Fields of a release differ from what its last rollout left, and the difference is not corrected: the environment only tells drift, or it can’t be corrected yet.',
        steps: [
          '`steersman status prod` and `steersman get releases -o yaml` name each field with what is wanted, what is live and since when.',
          'Find out who changed it: CloudTrail, for the field’s service. If the change is wanted, bring it into git.',
          'Otherwise put it back by hand, or let Steersman do it: `spec.drift` of the Environment, see [drift](drift.md).',
        ],
      },
      {
        name: 'RolloutFailed',
        severity: 'critical',
        expression: `${stalled} == 1 and ${wentBack} == 1`,
        for: '1m',
        summary: `${SUBJECT}: the version that the branch wants was refused`,
        description: `The last rollout of ${SUBJECT} went back and is not tried again by itself. The version before it serves.`,
        meaning:
          'The wanted version failed its gates, its health or its deadline. Users are served by the version before it. It stays so until a person does something.',
        steps: [
          '`steersman status prod` says why; `steersman history prod/web` has the rollout’s timeline.',
          'Push a version that is mended, or revert the commit.',
          'If the cause lay elsewhere: `steersman retry prod/web`.',
        ],
      },
      {
        name: 'RolloutRolledBack',
        severity: 'warning',
        // A counter that is new was 0 before: what it has now that it had not 15 minutes ago.
        expression:
          'sum by (environment, release) (increase(steersman_rollouts_total{outcome="RolledBack"}[15m])) > 0' +
          ' or sum by (environment, release) (steersman_rollouts_total{outcome="RolledBack"}' +
          ' unless steersman_rollouts_total{outcome="RolledBack"} offset 15m) > 0',
        for: '0m',
        summary: `${SUBJECT}: a rollout went back`,
        description: `A rollout of ${SUBJECT} went back in the last 15 minutes. It may have had traffic.`,
        meaning: 'A rollout ended as RolledBack in the last 15 minutes; the alert ends by itself.',
        steps: [
          '`steersman history prod/web`: whether it had traffic, and what made it go back.',
          'If it had, look at your service’s own errors of that time: users may have seen them.',
          'If nobody pushes another version, `RolloutFailed` goes on.',
        ],
      },
      {
        name: 'ReleaseStalled',
        severity: 'critical',
        expression: `${stalled} == 1 unless ${wentBack} == 1`,
        for: '5m',
        summary: `${SUBJECT} waits for a person`,
        description: `${SUBJECT} is Stalled: it can’t follow the branch until somebody mends what its status names. What ran before serves.`,
        meaning:
          'Only a person can mend it: a file of the commit is wrong, AWS refuses something, a claim is in conflict. What runs keeps running.',
        steps: [
          '`steersman status prod` has the reason, the message and what to do.',
          '[Troubleshooting](troubleshooting.md) has a line for each reason.',
        ],
      },
      {
        name: 'CommitToTrafficBurnsFast',
        severity: 'warning',
        expression: burns(6, '6h', '30m'),
        for: '0m',
        summary: '{{ .Labels.environment }}: most commits take more than 30 minutes to their traffic',
        description:
          '{{ .Value | humanizePercentage }} of the commits of the last 6 hours took more than 30 minutes to their full traffic; the objective is 5 % in the long run.',
        meaning:
          'The objective is that 95 of 100 commits have all their traffic 30 minutes after they were first seen. Over 6 hours and over the last 30 minutes six times as many are late.',
        steps: LATE_STEPS,
      },
      {
        name: 'CommitToTrafficBurnsSlowly',
        severity: 'info',
        expression: burns(1, '3d', '6h'),
        for: '0m',
        summary:
          '{{ .Labels.environment }}: more commits than meant take more than 30 minutes to their traffic',
        description:
          '{{ .Value | humanizePercentage }} of the commits of the last 3 days took more than 30 minutes to their full traffic; the objective is 5 %.',
        meaning:
          'The same objective over 3 days and over the last 6 hours: more than 5 of 100 commits are late.',
        steps: LATE_STEPS,
      },
    ],
  },
  {
    name: 'steersman-environments',
    alerts: [
      {
        name: 'FreezeActive',
        severity: 'info',
        expression: 'max by (environment) (steersman_freeze_active) == 1',
        for: '0m',
        summary: '{{ .Labels.environment }} is frozen',
        description:
          'No rollout of {{ .Labels.environment }} starts while the freeze lasts; one that runs ends or goes back.',
        meaning:
          'A freeze window holds, or one can’t be read, which counts as frozen. Meant to explain other alerts, not to call anybody.',
        steps: [
          '`steersman status prod` says until when.',
          'If no window should hold now, look at the windows of the Environment: one that can’t be read freezes.',
        ],
      },
      {
        name: 'TerraformStateLocked',
        severity: 'warning',
        expression: 'max by (environment) (steersman_terraform_state_locked) == 1',
        for: '15m',
        summary: '{{ .Labels.environment }}: somebody holds the lock of the Terraform state for 15 minutes',
        description:
          'The infrastructure of {{ .Labels.environment }} waits for a lock that somebody else holds, and so do releases that need its outputs.',
        meaning:
          'Another Terraform works on the same state, or one ended without giving the lock back. A long apply of a colleague is no fault.',
        steps: [
          '`steersman status prod` names the holder, since when, and the lock’s id.',
          'Ask the holder. Only if that process is gone: `steersman terraform unlock prod --id ID`. See [Terraform](terraform.md#what-people-decide).',
        ],
      },
      {
        name: 'SourceUnreachable',
        severity: 'critical',
        expression:
          'sum by (environment) (increase(steersman_source_fetch_total{result="failure"}[10m])) > 0' +
          ' unless sum by (environment) (increase(steersman_source_fetch_total{result="success"}[10m])) > 0',
        for: '5m',
        summary: '{{ .Labels.environment }}: the git repository can’t be read',
        description:
          'Every look at the repository of {{ .Labels.environment }} failed for 10 minutes and more: merges are not seen, pins and rollbacks by git neither.',
        meaning: 'git could not be reached or refuses. Rollouts that run go on; what runs keeps running.',
        steps: [
          'The condition `SourceReady` in `steersman status prod` has git’s words and the remedy.',
          'Whether the git host works; whether the token or key has run out; whether a network policy or proxy is in the way ([credentials](credentials-and-roles.md)).',
          'To go back meanwhile, move the weights or the tag by hand: [roll back](roll-back.md).',
        ],
      },
      {
        name: 'SourceStale',
        severity: 'warning',
        expression:
          'sum by (environment) (increase(steersman_source_fetch_total{result="success"}[1h])) == 0' +
          ' unless sum by (environment) (increase(steersman_source_fetch_total{result="failure"}[1h])) > 0',
        for: '5m',
        summary: '{{ .Labels.environment }}: nobody has looked at the git repository for an hour',
        description:
          'No look at the repository of {{ .Labels.environment }} ended for an hour, neither well nor badly: what Steersman knows of it is too old.',
        meaning:
          'The environment is not reconciled any more, or its `source.interval` is an hour and more. The age of the newest commit is no sign: a branch may rest for weeks.',
        steps: [
          '`steersman get environments -o yaml`: whether it is still configured, and its interval.',
          '`steersman reconcile prod` makes a look immediate; if none comes, see `WorkQueueStuck`.',
        ],
      },
    ],
  },
  {
    name: 'steersman-controller',
    alerts: [
      {
        name: 'AwsThrottled',
        severity: 'warning',
        expression:
          'sum by (service) (rate(steersman_aws_throttles_total[5m]))' +
          ' / sum by (service) (rate(steersman_aws_requests_total[5m])) > 0.05',
        for: '15m',
        summary: 'AWS throttles {{ .Labels.service }}',
        description:
          '{{ .Value | humanizePercentage }} of the requests to {{ .Labels.service }} are throttled for 15 minutes: rollouts take longer.',
        meaning:
          'More than 5 of 100 requests are told to slow down. Steersman does, and goes on; the account’s other users of that API suffer too.',
        steps: [
          'The controller’s dashboard shows which operation.',
          'Who else calls it in this account and region: CloudTrail. Ask for a higher limit if it is Steersman alone, or lower `concurrency`.',
        ],
      },
      {
        name: 'NoLeader',
        severity: 'critical',
        expression:
          'max by (job, namespace, shard) (steersman_leader) == 0' +
          ' or (count by (job, namespace) (steersman_build_info) unless on (job, namespace) steersman_leader)',
        for: '2m',
        summary: 'No controller holds the lease',
        description:
          'A controller is there and none holds the lease, so nobody acts: merges wait, drift stays. What runs keeps running.',
        meaning:
          'A controller ran out of its lease, or never got it because another one, or a broken volume, is in the way.',
        steps: [
          'The controller’s log names the holder: `LeaseHeld` or `LeaseLost` in [troubleshooting](troubleshooting.md#the-controller-itself).',
          'Two controllers on one data directory: end one. A volume that can’t be written: mend it.',
        ],
      },
      {
        name: 'ControllerDown',
        severity: 'critical',
        expression: 'absent(steersman_build_info)',
        for: '5m',
        summary: 'No metrics of any Steersman controller',
        description:
          'Prometheus has no metrics of a controller for 5 minutes: none runs, or none can be scraped. Merges wait, drift stays, and the other alerts are blind.',
        meaning:
          'No controller is seen at all. With several installations in one Prometheus the others hide one that is gone: copy the rule with a label that tells them apart.',
        steps: [
          'Whether it runs: `kubectl get pods`, `systemctl status`, the ECS service that it runs in. Its last log lines say why it ended.',
          'If it runs: `telemetryListen`, the scrape’s address, a network policy.',
          'Meanwhile what runs keeps running. To go back by hand: [roll back](roll-back.md).',
        ],
      },
      {
        name: 'WorkQueueStuck',
        severity: 'critical',
        expression:
          'sum by (job, namespace) (increase(steersman_reconcile_total[15m])) == 0' +
          ' or max by (job, namespace) (steersman_workqueue_longest_running_processor_seconds) > 6000',
        for: '5m',
        summary: 'The controller’s work queue does not move',
        description:
          'No reconcile ended in 15 minutes, or one runs for more than 100 minutes, which is longer than any apply of Terraform may take.',
        meaning:
          'The controller runs and scrapes are answered, but its work does not end. That is a bug of Steersman’s, or a disk that hangs.',
        steps: [
          'Keep the log, and `/metrics` as it is now, for the report.',
          'Restart the controller: it loses nothing, it reads the world again ([operate](operate.md)).',
        ],
      },
    ],
  },
]
