import type { Dashboard } from './dashboard.ts'
import { stat, table, timeline, timeseries } from './panels.ts'

const R = 'environment="$environment",release="$release"'
const isTrue = (type: string): string =>
  `max(steersman_release_condition{${R},type="${type}",status="True"}) or vector(0)`

export const release: Dashboard = {
  name: 'release',
  title: 'Steersman: release',
  description: 'One release: what serves, where the traffic goes, what the rollout does, what drifted.',
  variables: [
    { name: 'environment', label: 'Environment', query: 'label_values(steersman_release_info, environment)' },
    {
      name: 'release',
      label: 'Release',
      query: 'label_values(steersman_release_info{environment="$environment"}, release)',
    },
  ],
  rows: [
    {
      title: 'Is anything wrong?',
      panels: [
        stat({
          title: 'Ready',
          description: '1 when the wanted version serves.',
          queries: [{ expression: isTrue('Ready') }],
          good: 'positive',
        }),
        stat({
          title: 'Waits for a person',
          description: '1 when it is Stalled. `steersman status` says what to do.',
          queries: [{ expression: isTrue('Stalled') }],
          good: 'zero',
        }),
        stat({
          title: 'Drifted fields',
          description: 'Fields that are not what git says.',
          queries: [{ expression: `sum(steersman_drift{${R}}) or vector(0)` }],
          good: 'zero',
        }),
        stat({
          title: 'Drifted for',
          description: 'How long the oldest field has differed; 0 without drift.',
          queries: [{ expression: `max(steersman_drift_age_seconds{${R}}) or vector(0)` }],
          unit: 's',
          good: 'any',
        }),
        stat({
          title: 'Phase of the newest rollout',
          description: 'Where the newest rollout is, or how it ended.',
          queries: [
            { expression: `max by (phase) (steersman_rollout_phase{${R}}) == 1`, legend: '{{phase}}' },
          ],
          good: 'any',
          width: 8,
        }),
        table({
          title: 'What serves',
          description: 'The version that is live, and on which side of the pair of services.',
          queries: [{ expression: `max by (revision, image, side) (steersman_release_info{${R}})` }],
          columns: [
            { field: 'revision', name: 'Revision' },
            { field: 'image', name: 'Image' },
            { field: 'side', name: 'Side' },
          ],
        }),
      ],
    },
    {
      title: 'Traffic and rollouts',
      panels: [
        timeseries({
          title: 'Where the traffic goes',
          description: 'Production weights of the two sides, as last read from the load balancer.',
          queries: [{ expression: `max by (side) (steersman_traffic_weight{${R}})`, legend: '{{side}}' }],
          stacked: true,
        }),
        timeseries({
          title: 'Rollouts that ended, in an hour',
          description: 'By how they ended.',
          queries: [
            {
              expression: `sum by (outcome) (increase(steersman_rollouts_total{${R}}[1h]))`,
              legend: '{{outcome}}',
            },
          ],
          stacked: true,
        }),
        timeline({
          title: 'Phases, over time',
          description: 'A row for each phase, filled while the newest rollout was in it.',
          queries: [{ expression: `max by (phase) (steersman_rollout_phase{${R}})`, legend: '{{phase}}' }],
          yes: { text: 'in it', color: 'blue' },
          no: { text: 'not', color: 'transparent' },
        }),
        timeline({
          title: 'Conditions, over time',
          description: 'A row for each condition, filled while it held.',
          queries: [
            {
              expression: `max by (type) (steersman_release_condition{${R},status="True"})`,
              legend: '{{type}}',
            },
          ],
          yes: { text: 'true', color: 'blue' },
          no: { text: 'false', color: 'transparent' },
        }),
        timeseries({
          title: 'Gates that ended, in an hour',
          description: 'By gate and result.',
          queries: [
            {
              expression: `sum by (gate, result) (increase(steersman_gate_results_total{${R}}[1h]))`,
              legend: '{{gate}} {{result}}',
            },
          ],
          stacked: true,
        }),
        timeseries({
          title: 'Drifted fields, by class',
          description: 'Fields that differ from git, by what they belong to.',
          queries: [
            {
              expression: `max by (kind, field_class) (steersman_drift{${R}})`,
              legend: '{{kind}} {{field_class}}',
            },
          ],
        }),
      ],
    },
  ],
}
