import { stringify } from 'yaml'
import { fullName, runbookUrl } from './names.ts'
import type { Alert, AlertGroup } from './alerts.ts'

/** The uid of the data source in the file; whoever has another one replaces it. */
const DATA_SOURCE = 'prometheus'

/** Queries look at this instant alone; Grafana wants a range all the same. */
const RANGE = { from: 600, to: 0 }

/**
 * The alerts as a provisioning file of Grafana
 * (https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/). A query answers only with what is wrong, so every series
 * fires and no answer is good.
 */
export function renderGrafanaAlerts(groups: readonly AlertGroup[]): string {
  const provisioned = groups.map(({ name, alerts }) => ({
    orgId: 1,
    name,
    folder: 'Steersman',
    interval: '1m',
    rules: alerts.map(ruleOf),
  }))
  const head = [
    '# Generated from scripts/generate-alerts/alerts.ts: change that file, then run `npm run generate`.',
    `# For /etc/grafana/provisioning/alerting. Replace the data source's uid \`${DATA_SOURCE}\` where yours has another one.`,
  ]
  return `${head.join('\n')}\n${stringify({ apiVersion: 1, groups: provisioned }, { lineWidth: 0, aliasDuplicateObjects: false })}`
}

function ruleOf(alert: Alert): object {
  return {
    uid: `steersman-${alert.name.toLowerCase()}`,
    title: fullName(alert),
    condition: 'C',
    data: [
      {
        refId: 'A',
        relativeTimeRange: RANGE,
        datasourceUid: DATA_SOURCE,
        model: { refId: 'A', expr: alert.expression, instant: true, range: false },
      },
      {
        refId: 'C',
        relativeTimeRange: RANGE,
        datasourceUid: '__expr__',
        model: {
          refId: 'C',
          type: 'threshold',
          expression: 'A',
          conditions: [{ evaluator: { type: 'gt', params: [-1] } }],
        },
      },
    ],
    noDataState: 'OK',
    execErrState: 'Error',
    for: alert.for,
    labels: { severity: alert.severity },
    annotations: {
      summary: alert.summary,
      // Grafana's own `.Value` tells of all queries; the number is that of A.
      description: alert.description.replaceAll('{{ .Value', '{{ .Values.A.Value'),
      runbook_url: runbookUrl(alert),
    },
  }
}
