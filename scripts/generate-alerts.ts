// Writes the alerts for Prometheus, for Grafana and for people from one source; with --check it writes nothing and exits 1 when a file is
// not current.
import { format, resolveConfig } from 'prettier'
import { ALERT_GROUPS } from './generate-alerts/alerts.ts'
import { renderGrafanaAlerts } from './generate-alerts/grafana.ts'
import { renderAlertsPage } from './generate-alerts/page.ts'
import { renderPrometheusRules } from './generate-alerts/prometheus.ts'
import { keepCurrent } from './generate/keep-current.ts'

const root = new URL('..', import.meta.url)
const style = (await resolveConfig(new URL('controller/main.ts', root))) ?? {}

await keepCurrent(root, {
  'charts/steersman/alerts/alerts.yaml': renderPrometheusRules(ALERT_GROUPS),
  'charts/steersman/alerts/grafana.yaml': renderGrafanaAlerts(ALERT_GROUPS),
  'docs/guide/alerts.md': await format(renderAlertsPage(ALERT_GROUPS), { ...style, parser: 'markdown' }),
})
