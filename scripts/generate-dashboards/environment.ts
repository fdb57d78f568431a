import type { Dashboard } from './dashboard.ts'
import { stat, table, timeline, timeseries } from './panels.ts'

const E = 'environment="$environment"'
const condition = (type: string): string =>
  `max by (release) (steersman_release_condition{${E},type="${type}",status="True"})`
const number = (expression: string): string => `count(${expression}) or vector(0)`

export const environment: Dashboard = {
  name: 'environment',
  title: 'Steersman: environment',
  description: 'One environment: its releases, its repository, its infrastructure.',
  variables: [
    {
      name: 'environment',
      label: 'Environment',
      query: 'label_values(steersman_source_fetch_total, environment)',
    },
  ],
  rows: [
    {
      title: 'Is anything wrong?',
      panels: [
        stat({
          title: 'Wait for a person',
          description: 'Releases that are Stalled: only a person can mend them.',
          queries: [{ expression: number(`${condition('Stalled')} == 1`) }],
          good: 'zero',
        }),
        stat({
          title: 'Not ready',
          description: 'Releases whose wanted version does not serve.',
          queries: [{ expression: number(`${condition('Ready')} == 0`) }],
          good: 'zero',
        }),
        stat({
          title: 'Drifted fields',
          description: 'Fields of its releases that are not what git says.',
          queries: [{ expression: `sum(steersman_drift{${E}}) or vector(0)` }],
          good: 'zero',
        }),
        stat({
          title: 'State locked by others',
          description: '1 while somebody else holds the lock of the Terraform state.',
          queries: [{ expression: `max(steersman_terraform_state_locked{${E}}) or vector(0)` }],
          good: 'zero',
        }),
        stat({
          title: 'Frozen',
          description: '1 while no rollout starts.',
          queries: [{ expression: `max(steersman_freeze_active{${E}}) or vector(0)` }],
          good: 'any',
        }),
        stat({
          title: 'Age of the wanted commit',
          description: 'How old the commit is that the environment wants. A branch may rest for weeks.',
          queries: [{ expression: `max(steersman_source_revision_age_seconds{${E}})` }],
          unit: 's',
          good: 'any',
        }),
      ],
    },
    {
      title: 'Releases',
      panels: [
        table({
          title: 'What serves',
          description: 'The version that is live for each release, and on which side.',
          queries: [{ expression: `max by (release, revision, image, side) (steersman_release_info{${E}})` }],
          columns: [
            { field: 'release', name: 'Release' },
            { field: 'revision', name: 'Revision' },
            { field: 'image', name: 'Image' },
            { field: 'side', name: 'Side' },
          ],
        }),
        timeline({
          title: 'Ready, over time',
          description: 'Since when a release is not ready: where its row turns.',
          queries: [{ expression: condition('Ready'), legend: '{{release}}' }],
          yes: { text: 'ready', color: 'green' },
          no: { text: 'not ready', color: 'red' },
        }),
        timeseries({
          title: 'Rollouts that ended, in an hour',
          description: 'By how they ended. RolledBack: the version before it serves.',
          queries: [
            {
              expression: `sum by (outcome) (increase(steersman_rollouts_total{${E}}[1h]))`,
              legend: '{{outcome}}',
            },
          ],
          stacked: true,
        }),
        timeseries({
          title: 'Age of the oldest drift',
          description: 'How long the oldest field of a release has differed from git; 0 without drift.',
          queries: [
            { expression: `max by (release) (steersman_drift_age_seconds{${E}})`, legend: '{{release}}' },
          ],
          unit: 's',
        }),
        timeseries({
          title: 'From commit to full traffic',
          description:
            'Half of the commits of the last day were faster than the one line, 95 of 100 than the other.',
          queries: [
            {
              expression: `histogram_quantile(0.5, sum by (le) (increase(steersman_commit_to_traffic_seconds_bucket{${E}}[1d])))`,
              legend: 'half',
            },
            {
              expression: `histogram_quantile(0.95, sum by (le) (increase(steersman_commit_to_traffic_seconds_bucket{${E}}[1d])))`,
              legend: '95 %',
            },
          ],
          unit: 's',
        }),
        timeseries({
          title: 'How long rollouts wait for people',
          description: 'The mean of the rollouts of the last day, by strategy.',
          queries: [
            {
              expression:
                `sum by (strategy) (increase(steersman_rollout_wait_seconds_sum{${E}}[1d]))` +
                ` / sum by (strategy) (increase(steersman_rollout_wait_seconds_count{${E}}[1d]))`,
              legend: '{{strategy}}',
            },
          ],
          unit: 's',
        }),
      ],
    },
    {
      title: 'Repository and infrastructure',
      panels: [
        timeseries({
          title: 'Looks at the repository',
          description: 'Successes and failures, each second. Failures alone: merges are not seen.',
          queries: [
            {
              expression: `sum by (result) (rate(steersman_source_fetch_total{${E}}[$__rate_interval]))`,
              legend: '{{result}}',
            },
          ],
          unit: 'ops',
        }),
        timeseries({
          title: 'Runs of Terraform, in an hour',
          description: 'Plans and applies, by how they ended.',
          queries: [
            {
              expression: `sum by (command, result) (increase(steersman_terraform_runs_total{${E}}[1h]))`,
              legend: '{{command}} {{result}}',
            },
          ],
          stacked: true,
        }),
        timeseries({
          title: 'How long Terraform takes',
          description: 'The mean of the runs of the last hour, by command.',
          queries: [
            {
              expression:
                `sum by (command) (increase(steersman_terraform_duration_seconds_sum{${E}}[1h]))` +
                ` / sum by (command) (increase(steersman_terraform_duration_seconds_count{${E}}[1h]))`,
              legend: '{{command}}',
            },
          ],
          unit: 's',
        }),
        timeline({
          title: 'State locked by others, over time',
          description: 'When the infrastructure waited for a lock that somebody else held.',
          queries: [{ expression: `max(steersman_terraform_state_locked{${E}})`, legend: 'locked' }],
          yes: { text: 'locked', color: 'orange' },
          no: { text: 'free', color: 'green' },
          width: 12,
        }),
      ],
    },
  ],
}
