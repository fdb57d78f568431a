import type { Dashboard } from './dashboard.ts'
import { stat, table, timeseries } from './panels.ts'

const quantile = (metric: string, labels: readonly string[]): string =>
  `histogram_quantile(0.99, sum by (${['le', ...labels].join(', ')}) (rate(${metric}_bucket[$__rate_interval])))`

export const controller: Dashboard = {
  name: 'controller',
  title: 'Steersman: controller',
  description: 'Whether the controller works: its lease, its work queue, its requests to AWS.',
  variables: [],
  rows: [
    {
      title: 'Does it work?',
      panels: [
        stat({
          title: 'Controllers that lead',
          description: 'Controllers that hold a lease. At 0 nobody acts; what runs keeps running.',
          queries: [{ expression: 'sum(steersman_leader) or vector(0)' }],
          good: 'positive',
        }),
        stat({
          title: 'Keys that wait',
          description: 'Length of the work queue, when a reconcile last began.',
          queries: [{ expression: 'sum(steersman_workqueue_depth) or vector(0)' }],
          good: 'any',
        }),
        stat({
          title: 'Oldest reconcile under way',
          description: 'How long it has run. An apply of Terraform may take up to 90 minutes.',
          queries: [{ expression: 'max(steersman_workqueue_longest_running_processor_seconds)' }],
          unit: 's',
          good: 'any',
        }),
        stat({
          title: 'Throttled in an hour',
          description: 'Requests that AWS told to slow down.',
          queries: [{ expression: 'round(sum(increase(steersman_aws_throttles_total[1h]))) or vector(0)' }],
          good: 'zero',
        }),
        table({
          title: 'Builds',
          description: 'Which version runs.',
          queries: [{ expression: 'max by (version, commit) (steersman_build_info)' }],
          columns: [
            { field: 'version', name: 'Version' },
            { field: 'commit', name: 'Commit' },
          ],
          width: 8,
        }),
      ],
    },
    {
      title: 'Work queue',
      panels: [
        timeseries({
          title: 'Reconciles that ended',
          description: 'Each second, by how they ended. Error: it is tried again, later and later.',
          queries: [
            {
              expression: 'sum by (kind, result) (rate(steersman_reconcile_total[$__rate_interval]))',
              legend: '{{kind}} {{result}}',
            },
          ],
          unit: 'ops',
          stacked: true,
        }),
        timeseries({
          title: 'How long a reconcile takes',
          description: '99 of 100 are faster.',
          queries: [
            { expression: quantile('steersman_reconcile_duration_seconds', ['kind']), legend: '{{kind}}' },
          ],
          unit: 's',
        }),
        timeseries({
          title: 'Keys that wait',
          description: 'Length of the work queue.',
          queries: [{ expression: 'sum(steersman_workqueue_depth)', legend: 'keys' }],
        }),
        timeseries({
          title: 'How long a key waits',
          description: '99 of 100 wait less.',
          queries: [
            { expression: quantile('steersman_workqueue_queue_duration_seconds', []), legend: '99 %' },
          ],
          unit: 's',
        }),
      ],
    },
    {
      title: 'AWS',
      panels: [
        timeseries({
          title: 'Requests',
          description: 'Each second, by service and answer. Retried: an attempt that another one followed.',
          queries: [
            {
              expression: 'sum by (service, code) (rate(steersman_aws_requests_total[$__rate_interval]))',
              legend: '{{service}} {{code}}',
            },
          ],
          unit: 'reqps',
        }),
        timeseries({
          title: 'Throttled requests',
          description: 'Each second, by operation.',
          queries: [
            {
              expression:
                'sum by (service, operation) (rate(steersman_aws_throttles_total[$__rate_interval]))',
              legend: '{{service}} {{operation}}',
            },
          ],
          unit: 'reqps',
        }),
        timeseries({
          title: 'How long a call takes, with its retries',
          description: '99 of 100 are faster, by operation.',
          queries: [
            {
              expression: quantile('steersman_aws_request_duration_seconds', ['service', 'operation']),
              legend: '{{service}} {{operation}}',
            },
          ],
          unit: 's',
          width: 24,
        }),
      ],
    },
  ],
}
