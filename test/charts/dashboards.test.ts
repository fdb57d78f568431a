import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requires } from '../support/requires.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'
import { findingsOfQuery } from './promql.ts'
import { chartPath } from './render.ts'

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: object
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly {
    readonly expr: string
    readonly datasource: object
    readonly legendFormat: string
  }[]
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly links: readonly { readonly type: string; readonly tags: readonly string[] }[]
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[]
  }
  readonly panels: readonly Panel[]
}

const promtool = requires('promtool')
const folder = join(chartPath, 'dashboards')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const files = readdirSync(folder).toSorted()
const dashboards = files.map((name) => ({ name, dashboard: JSON.parse(read(name)) as Dashboard }))
const panelsOf = ({ panels }: Dashboard): Panel[] => panels.filter(({ type }) => type !== 'row')
const queriesOf = (dashboard: Dashboard): string[] => [
  ...panelsOf(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ type, query }) =>
    type === 'query' ? [(query as { query: string }).query] : [],
  ),
]

/** Prometheus' own series of alerts: Steersman does not tell them. */
const isOfAlerts = (expression: string): boolean =>
  expression.includes('ALERTS_FOR_STATE{alertname=~"Steersman.+"}')

describe('the dashboards', () => {
  it('are four, each with a uid by which the others find it', () => {
    expect(dashboards.map(({ dashboard }) => dashboard.uid)).toEqual([
      'steersman-controller',
      'steersman-environment',
      'steersman-fleet',
      'steersman-release',
    ])
  })

  it.each(dashboards)('$name asks only for metrics and labels that the controller tells', ({ dashboard }) => {
    const own = queriesOf(dashboard).filter((query) => !isOfAlerts(query))
    expect(own.length).toBeGreaterThan(3)
    // The arguments of label_values are no selectors: the metric and its label are.
    const asked = own.map((query) => query.replace(/^label_values\((.+), (\w+)\)$/u, 'sum by ($2) ($1)'))
    expect(asked.flatMap((query) => findingsOfQuery(query).map((what) => `${query}: ${what}`))).toEqual([])
  })

  it.each(dashboards)('$name takes its data from the source that is chosen', ({ dashboard }) => {
    const sources = panelsOf(dashboard).flatMap(({ datasource, targets = [] }) => [
      datasource,
      ...targets.map((target) => target.datasource),
    ])
    expect(new Set(sources.map((source) => JSON.stringify(source)))).toEqual(
      new Set([JSON.stringify({ type: 'prometheus', uid: '${datasource}' })]),
    )
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' })
  })

  it.each(dashboards)('$name says of each panel what it shows', ({ dashboard }) => {
    const panels = panelsOf(dashboard)
    expect(panels.filter(({ description = '' }) => !/\w.+\./u.test(description))).toEqual([])
    const withNumbers = panels.filter(({ type }) => ['stat', 'timeseries'].includes(type))
    expect(withNumbers.filter(({ fieldConfig }) => fieldConfig?.defaults.unit === undefined)).toEqual([])
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })

  it.each(dashboards)('$name has no two panels in one place, and none outside', ({ dashboard }) => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  })

  it.each(dashboards)(
    '$name leads to the others, and only to those that there are',
    ({ name, dashboard }) => {
      expect(dashboard.links).toMatchObject([{ type: 'dashboards', tags: ['steersman'] }])
      const led = Array.from(read(name).matchAll(/\/d\/([\w-]+)/gu), (match) => match[1] ?? '')
      const uids = new Set(dashboards.map((each) => each.dashboard.uid))
      expect(led.filter((uid) => !uids.has(uid))).toEqual([])
    },
  )

  it.skipIf(promtool.missing !== undefined)(
    promtool.title('ask in PromQL that Prometheus can read'),
    async () => {
      const expressions = dashboards.flatMap(({ dashboard }) =>
        panelsOf(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      )
      const rules = expressions.map((expr, index) => ({
        record: `query:${index}`,
        expr: expr.replaceAll('$__rate_interval', '5m'),
      }))
      const file = join(await temporaryDirectory(), 'rules.json')
      await writeFile(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }))
      const { status, stderr, stdout } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(`${expressions.length} rules found`)
    },
  )
})
