import type { Alert } from './alerts.ts'

/** Where the documentation can be read; the chart puts its value `prometheusRule.documentation` in the place of it. */
const DOCUMENTATION = 'https://steersman.dev/docs'

/** As it is called in Prometheus, in Grafana and on the page. */
export const fullName = ({ name }: Pick<Alert, 'name'>): string => `Steersman${name}`

/** The alert's section of docs/guide/alerts.md. */
export const runbookUrl = (alert: Pick<Alert, 'name'>): string =>
  `${DOCUMENTATION}/guide/alerts.md#${fullName(alert).toLowerCase()}`
