import { uidOf, type Dashboard } from './dashboard.ts'
import { stat, table, timeline } from './panels.ts'

const condition = (type: string): string =>
  `max by (environment, release) (steersman_release_condition{type="${type}",status="True"})`
const number = (expression: string): string => `count(${expression}) or vector(0)`

const WRONG = 'steersman_release_condition{type=~"Stalled|Drifted|Held",status="True"}'
const wrong = `max by (environment, release, type) (${WRONG}) == 1`

/** When what is wrong was last right, in milliseconds: sought in the last day, minute by minute. */
const since =
  `1000 * max_over_time((max by (environment, release, type) (timestamp(${WRONG} == 0)))[1d:1m])` +
  ` and on (environment, release, type) (${wrong})`

const toRelease = {
  title: 'Show this release',
  url: `/d/${uidOf('release')}?var-environment=\${__data.fields.Environment}&var-release=\${__data.fields.Release}&\${datasource:queryparam}&\${__url_time_range}`,
}
const toEnvironment = {
  title: 'Show this environment',
  url: `/d/${uidOf('environment')}?var-environment=\${__data.fields.Environment}&\${datasource:queryparam}&\${__url_time_range}`,
}
const subject = [
  { field: 'environment', name: 'Environment', link: toEnvironment },
  { field: 'release', name: 'Release', link: toRelease },
]

export const fleet: Dashboard = {
  name: 'fleet',
  title: 'Steersman: fleet',
  description: 'What runs where, what is wrong, and since when: every release of every environment.',
  variables: [],
  rows: [
    {
      title: 'Is anything wrong?',
      panels: [
        stat({
          title: 'Wait for a person',
          description: 'Releases that are Stalled: only a person can mend them. What ran before serves.',
          queries: [{ expression: number(`${condition('Stalled')} == 1`) }],
          good: 'zero',
        }),
        stat({
          title: 'Not ready',
          description:
            'Releases whose wanted version does not serve, for whatever reason: a rollout under way is one.',
          queries: [{ expression: number(`${condition('Ready')} == 0`) }],
          good: 'zero',
        }),
        stat({
          title: 'Drifted',
          description: 'Releases with fields that are not what git says.',
          queries: [{ expression: number('sum by (environment, release) (steersman_drift) > 0') }],
          good: 'zero',
        }),
        stat({
          title: 'Ready',
          description: 'Releases whose wanted version serves.',
          queries: [{ expression: number(`${condition('Ready')} == 1`) }],
          good: 'positive',
        }),
        stat({
          title: 'Frozen environments',
          description: 'Environments in which no rollout starts now.',
          queries: [{ expression: number('max by (environment) (steersman_freeze_active) == 1') }],
          good: 'any',
        }),
        stat({
          title: 'Controllers that lead',
          description: 'Controllers that hold a lease. At 0 nobody acts; what runs keeps running.',
          queries: [{ expression: 'sum(steersman_leader) or vector(0)' }],
          good: 'positive',
        }),
        table({
          title: 'What is wrong, and since when',
          description:
            'Conditions that hold and should not. A time that is empty lies more than a day back, or before the controller started.',
          queries: [{ expression: wrong }, { expression: since }],
          columns: [
            ...subject,
            { field: 'type', name: 'Is' },
            { field: 'Value #A', name: 'Now', unit: 'bool_yes_no' },
            { field: 'Value #B', name: 'Since', unit: 'dateTimeFromNow' },
          ],
        }),
        table({
          title: 'Alerts that fire, and since when',
          description: 'As Prometheus holds them; empty where the alerts are Grafana’s own.',
          queries: [
            {
              expression:
                '1000 * ALERTS_FOR_STATE{alertname=~"Steersman.+"} and ignoring (alertstate) ALERTS{alertname=~"Steersman.+",alertstate="firing"}',
            },
          ],
          columns: [
            { field: 'alertname', name: 'Alert' },
            { field: 'severity', name: 'Severity' },
            ...subject,
            { field: 'Value', name: 'Since', unit: 'dateTimeFromNow' },
          ],
        }),
      ],
    },
    {
      title: 'What runs where?',
      panels: [
        table({
          title: 'What serves',
          description:
            'The version that is live for each release, and on which side of its pair of services.',
          queries: [
            { expression: 'max by (environment, release, revision, image, side) (steersman_release_info)' },
          ],
          columns: [
            ...subject,
            { field: 'revision', name: 'Revision' },
            { field: 'image', name: 'Image' },
            { field: 'side', name: 'Side' },
          ],
        }),
        timeline({
          title: 'Ready, over time',
          description: 'Since when a release is not ready: where its row turns.',
          queries: [{ expression: condition('Ready'), legend: '{{environment}}/{{release}}' }],
          yes: { text: 'ready', color: 'green' },
          no: { text: 'not ready', color: 'red' },
        }),
      ],
    },
  ],
}
