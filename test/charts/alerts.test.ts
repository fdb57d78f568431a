import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { untestedAlerts } from '../../scripts/checks/alerts.ts'
import { definitions } from '../../controller/adapters/telemetry/metric-definitions.ts'
import { findingsOfQuery } from './promql.ts'
import { chartPath } from './render.ts'
import { selectorsWithoutSeries, toldMetrics } from './told-metrics.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: {
    readonly summary: string
    readonly description: string
    readonly runbook_url: string
  }
}

interface ProvisionedRule {
  readonly uid: string
  readonly title: string
  readonly condition: string
  readonly for: string
  readonly labels: object
  readonly annotations: Readonly<Record<string, string>>
  readonly data: readonly { readonly refId: string; readonly model: { readonly expr?: string } }[]
}

const read = (path: string): string => readFileSync(join(chartPath, path), 'utf8')
const rulesOf = (path: string): readonly unknown[] =>
  (load(read(path)) as { groups: { rules: unknown[] }[] }).groups.flatMap((group) => group.rules)
const rules = rulesOf('alerts/alerts.yaml') as Rule[]
const provisioned = rulesOf('alerts/grafana.yaml') as ProvisionedRule[]
const page = readFileSync(join(chartPath, '../../docs/guide/alerts.md'), 'utf8')

describe('the alerts', () => {
  it('ask only for metrics and labels that the controller tells', () => {
    expect(
      rules.flatMap(({ alert, expr }) => findingsOfQuery(expr).map((what) => `${alert}: ${what}`)),
    ).toEqual([])
  })

  it('match series as the controller tells them when something goes wrong', async () => {
    const told = await toldMetrics()
    const unmatched = rules.flatMap(({ expr }) => selectorsWithoutSeries(expr, told))
    expect(unmatched).toEqual([])
  })

  it('watch what a person on call must know', () => {
    expect(rules.map(({ alert, labels }) => `${labels.severity} ${alert}`).toSorted()).toEqual([
      'critical SteersmanControllerDown',
      'critical SteersmanNoLeader',
      'critical SteersmanReleaseStalled',
      'critical SteersmanRolloutFailed',
      'critical SteersmanSourceUnreachable',
      'critical SteersmanWorkQueueStuck',
      'info SteersmanCommitToTrafficBurnsSlowly',
      'info SteersmanFreezeActive',
      'warning SteersmanAwsThrottled',
      'warning SteersmanCommitToTrafficBurnsFast',
      'warning SteersmanDrift',
      'warning SteersmanRolloutRolledBack',
      'warning SteersmanSourceStale',
      'warning SteersmanTerraformStateLocked',
    ])
  })

  it('lead to a section that says what to do', () => {
    const anchors = Array.from(page.matchAll(/^## (\w+)$/gmu), (match) => (match[1] ?? '').toLowerCase())
    const wanted = rules.map(({ annotations }) => annotations.runbook_url.split('alerts.md#')[1])
    expect(anchors).toEqual(wanted)
  })

  it('hold commits against a bound that the histogram has', () => {
    expect(definitions['commit_to_traffic_seconds']?.buckets).toContain(1_800)
  })

  it('say the same in Grafana', () => {
    expect(
      provisioned.map(({ title, for: duration, labels, data }) => ({
        alert: title,
        expr: data.find(({ refId }) => refId === 'A')?.model.expr,
        for: duration,
        labels,
      })),
    ).toEqual(rules.map(({ alert, expr, for: duration, labels }) => ({ alert, expr, for: duration, labels })))
    expect(new Set(provisioned.map(({ uid }) => uid)).size).toBe(rules.length)
  })

  it('hold nothing in Grafana’s file that its provisioning takes for a variable', () => {
    expect(read('alerts/grafana.yaml')).not.toContain('$')
    expect(provisioned.every(({ uid }) => uid.length <= 40)).toBe(true)
  })
})

describe('the check of alerts', () => {
  it('wants a test that fires and one that is silent', () => {
    const rule = 'groups: [{ rules: [{ alert: A }, { alert: B }] }]'
    const test = `tests: [{ promql_expr_test: [{ expr: 'ALERTS{alertname="A",alertstate="firing"}', exp_samples: [] }] }]`
    expect(untestedAlerts(rule, [test])).toEqual([
      'no test shows that A fires',
      'no test shows that B fires',
      'no test shows that B is silent',
    ])
  })

  it('finds a metric and a label that there are not', () => {
    expect(findingsOfQuery('sum by (cluster) (steersman_drift{env="a"}) > steersman_drifted')).toEqual([
      'steersman_drift has no label env',
      'steersman_drifted is no metric',
      'no metric of it has the label cluster',
    ])
    expect(findingsOfQuery('up == 0')).toEqual(['it asks for no metric of Steersman'])
    expect(findingsOfQuery('steersman_rollout_duration_seconds')).toHaveLength(1)
  })
})
