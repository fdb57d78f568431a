import { stringify } from 'yaml'
import { fullName, runbookUrl } from './names.ts'
import type { AlertGroup } from './alerts.ts'

/** The alerts as a file of Prometheus' rules; the `spec` of a PrometheusRule has the same form. */
export function renderPrometheusRules(groups: readonly AlertGroup[]): string {
  const rules = groups.map(({ name, alerts }) => ({
    name,
    rules: alerts.map((alert) => ({
      alert: fullName(alert),
      expr: alert.expression,
      for: alert.for,
      labels: { severity: alert.severity },
      annotations: {
        summary: alert.summary,
        description: alert.description,
        runbook_url: runbookUrl(alert),
      },
    })),
  }))
  return `# Generated from scripts/generate-alerts/alerts.ts: change that file, then run \`npm run generate\`.\n${stringify({ groups: rules }, { lineWidth: 0 })}`
}
