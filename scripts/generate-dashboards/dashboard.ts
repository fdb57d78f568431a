import {
  DashboardCursorSync,
  VariableRefresh,
  VariableSort,
  type Dashboard as Model,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/schema'
import { DATA_SOURCE, type SizedPanel } from './panels.ts'

export interface Dashboard {
  /** Also the file's name, and the uid after `steersman-`. */
  readonly name: 'fleet' | 'environment' | 'release' | 'controller'
  readonly title: string
  readonly description: string
  readonly variables: readonly Variable[]
  /** Rows of panels: a row that is wider than 24 goes on below. */
  readonly rows: readonly { readonly title: string; readonly panels: readonly SizedPanel[] }[]
}

export interface Variable {
  readonly name: string
  readonly label: string
  /** A query for label values. */
  readonly query: string
}

export const uidOf = (name: Dashboard['name']): string => `steersman-${name}`

const COLUMNS = 24
const SCHEMA_VERSION = 39

/** Grafana's model of a dashboard, its form checked by Grafana's own types (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/). */
export function renderDashboard({ name, title, description, variables, rows }: Dashboard): Model {
  return {
    uid: uidOf(name),
    title,
    description,
    tags: ['steersman'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [
      {
        type: 'dashboards',
        title: 'Steersman',
        tags: ['steersman'],
        asDropdown: false,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        icon: 'external link',
        tooltip: '',
        url: '',
      },
    ],
    templating: { list: [dataSourceVariable, ...variables.map(queryVariable)] },
    panels: placed(rows),
  }
}

const dataSourceVariable: VariableModel = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  refresh: VariableRefresh.onDashboardLoad,
  multi: false,
  includeAll: false,
  options: [],
}

const queryVariable = ({ name, label, query }: Variable): VariableModel => ({
  name,
  label,
  type: 'query',
  datasource: DATA_SOURCE,
  query: { qryType: 5, query, refId: 'Variable' },
  refresh: VariableRefresh.onTimeRangeChanged,
  sort: VariableSort.alphabeticalAsc,
  multi: false,
  includeAll: false,
  options: [],
})

function placed(rows: Dashboard['rows']): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = []
  let y = 0
  for (const { title, panels: ofRow } of rows) {
    const gridPos = { x: 0, y, w: COLUMNS, h: 1 }
    panels.push({ type: 'row', id: panels.length + 1, title, collapsed: false, panels: [], gridPos })
    y += 1
    let x = 0
    let lineHeight = 0
    for (const { width, height, panel } of ofRow) {
      if (x + width > COLUMNS) {
        x = 0
        y += lineHeight
        lineHeight = 0
      }
      panels.push({ ...panel, id: panels.length + 1, gridPos: { x, y, w: width, h: height } })
      x += width
      lineHeight = Math.max(lineHeight, height)
    }
    y += lineHeight
  }
  return panels
}
