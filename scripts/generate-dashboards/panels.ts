import {
  FieldColorModeId,
  MappingType,
  ThresholdsMode,
  type FieldConfigSource,
  type Panel,
  type Threshold,
} from '@grafana/schema'

/** A panel before it has a place, with its size in Grafana's grid of 24 columns. */
export interface SizedPanel {
  readonly width: number
  readonly height: number
  readonly panel: Panel
}

export interface Query {
  readonly expression: string
  /** What a series is called, with `{{label}}`. */
  readonly legend?: string
}

export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' }

interface Common {
  readonly title: string
  readonly description: string
  readonly queries: readonly Query[]
  /** One of https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts. */
  readonly unit?: string
  readonly width?: number
}

/** One number that is green at 0 and red above it, or the other way round, or neither. */
export function stat({
  good,
  ...common
}: Common & { readonly good: 'zero' | 'positive' | 'any' }): SizedPanel {
  const steps = {
    zero: [at(null, 'green'), at(1, 'red')],
    positive: [at(null, 'red'), at(1, 'green')],
    any: [at(null, 'blue')],
  }[good]
  return sized(4, 4, common, {
    ...basis('stat', common, { format: 'time_series', instant: true }),
    fieldConfig: {
      defaults: {
        unit: common.unit ?? 'none',
        thresholds: { mode: ThresholdsMode.Absolute, steps },
        noValue: '0',
      },
      overrides: [],
    },
    options: {
      colorMode: 'background',
      graphMode: 'none',
      textMode: common.queries[0]?.legend === undefined ? 'value' : 'value_and_name',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  })
}

export function timeseries({
  stacked = false,
  ...common
}: Common & { readonly stacked?: boolean }): SizedPanel {
  return sized(12, 8, common, {
    ...basis('timeseries', common, { format: 'time_series', range: true }),
    fieldConfig: {
      defaults: {
        unit: common.unit ?? 'short',
        min: 0,
        custom: {
          lineWidth: 1,
          fillOpacity: stacked ? 30 : 5,
          spanNulls: false,
          stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  })
}

/** What held when: a row for each series, 1 as `yes` and 0 as `no`. */
export function timeline({
  yes,
  no,
  ...common
}: Common & { readonly yes: Reading; readonly no: Reading }): SizedPanel {
  const mappings = [
    { type: MappingType.ValueToText as const, options: { 1: { ...yes, index: 0 }, 0: { ...no, index: 1 } } },
  ]
  return sized(24, 9, common, {
    ...basis('state-timeline', common, { format: 'time_series', range: true }),
    fieldConfig: {
      defaults: {
        mappings,
        custom: { lineWidth: 0, fillOpacity: 80 },
        color: { mode: FieldColorModeId.Thresholds },
      },
      overrides: [],
    },
    options: {
      mergeValues: true,
      showValue: 'never',
      rowHeight: 0.9,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'single', sort: 'none' },
    },
  })
}

interface Reading {
  readonly text: string
  readonly color: string
}

export interface Column {
  /** A label, or `Value` (of the only query), or `Value #B` of the second one. */
  readonly field: string
  readonly name: string
  readonly unit?: string
  /** Where a click leads. */
  readonly link?: { readonly title: string; readonly url: string }
}

/** A row for each series of now, with these columns in this order; what else the series have is left out. */
export function table({ columns, ...common }: Common & { readonly columns: readonly Column[] }): SizedPanel {
  return sized(24, 8, common, {
    ...basis('table', common, { format: 'table', instant: true }),
    fieldConfig: {
      defaults: { custom: { align: 'auto', filterable: true } },
      overrides: columns.flatMap(overridesOf),
    },
    options: { showHeader: true, cellHeight: 'sm' },
    transformations: [
      { id: 'merge', options: {} },
      { id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } },
      {
        id: 'organize',
        options: {
          indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
          renameByName: Object.fromEntries(columns.map(({ field, name }) => [field, name])),
          excludeByName: {},
        },
      },
    ],
  })
}

function overridesOf({ name, unit, link }: Column): FieldConfigSource['overrides'] {
  const properties = [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(link === undefined ? [] : [{ id: 'links', value: [link] }]),
  ]
  return properties.length === 0 ? [] : [{ matcher: { id: 'byName', options: name }, properties }]
}

function sized(usualWidth: number, height: number, { width }: Common, panel: Panel): SizedPanel {
  return { width: width ?? usualWidth, height, panel }
}

function basis(type: string, { title, description, queries }: Common, how: object): Panel {
  const targets = queries.map(({ expression, legend }, index) => ({
    refId: String.fromCodePoint(65 + index),
    datasource: DATA_SOURCE,
    expr: expression,
    legendFormat: legend ?? '__auto',
    ...how,
  }))
  return { type, title, description, datasource: DATA_SOURCE, targets }
}

const at = (value: number | null, color: string): Threshold => ({ value, color })
