import { fullName } from './names.ts'
import type { Alert, AlertGroup } from './alerts.ts'

/** docs/guide/alerts.md: a section for each alert that says what it means and what to do. Markdown that is not laid out yet. */
export function renderAlertsPage(groups: readonly AlertGroup[]): string {
  return [
    '<!-- Generated from scripts/generate-alerts/alerts.ts: change that file, then run `npm run generate`. -->',
    '# Alerts, and what to do',
    'The same alerts in two forms: [rules for Prometheus](../../charts/steersman/alerts/alerts.yaml), which the chart installs as a PrometheusRule with `prometheusRule.enabled`, and ' +
      '[a provisioning file for Grafana](../../charts/steersman/alerts/grafana.yaml). Take one of them, not both. `prod/web` below stands for the environment and the release in the alert.',
    '`critical` is meant to wake somebody, `warning` to be seen in the morning, `info` only to explain. In all of them but for the commit that waits, **what runs keeps running**: Steersman touches nothing that it is not sure of.',
    overview(groups),
    ...groups.flatMap(({ alerts }) => alerts.map(section)),
    limits,
  ].join('\n\n')
}

const overview = (groups: readonly AlertGroup[]): string =>
  [
    '| alert | severity | after |',
    '| --- | --- | --- |',
    ...groups.flatMap(({ alerts }) =>
      alerts.map(
        (alert) =>
          `| [${fullName(alert)}](#${fullName(alert).toLowerCase()}) | ${alert.severity} | ${alert.for === '0m' ? 'at once' : alert.for} |`,
      ),
    ),
  ].join('\n')

const section = (alert: Alert): string =>
  [
    `## ${fullName(alert)}`,
    alert.meaning,
    alert.steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    `\`\`\`promql\n${alert.expression}\n\`\`\``,
  ].join('\n\n')

const limits = [
  '## What these alerts can’t see',
  [
    '- A histogram that is new has no "before": of the commits of an environment, the first one after a restart of the controller does not count for the objective.',
    '- After a restart the metrics of a release come back with its first reconcile. What was said in the five minutes before counts until then, so a shorter gap ends no alert of a state, and what was mended meanwhile is shown up to five minutes longer.',
    '- `promtool` has tested each of them, that it fires and that it does not; Grafana’s form has the same queries, and was not loaded into a Grafana by the tests.',
  ].join('\n'),
].join('\n\n')
