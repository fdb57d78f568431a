import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { LabelValues } from './label-values.ts'
import type { LabelsOf, MetricName, NameOfType } from './metric-definitions.ts'
import { definitions } from './metric-definitions.ts'
import { toOpenMetrics } from './open-metrics.ts'
import { ReleaseGauge } from './release-gauge.ts'

/** The metrics' series: the only place that knows the metrics library. */
export interface Series {
  set<Name extends NameOfType<'gauge'>>(name: Name, labels: LabelsOf<Name>, value: number): void
  add<Name extends NameOfType<'counter'>>(name: Name, labels: LabelsOf<Name>, count: number): void
  observe<Name extends NameOfType<'histogram'>>(name: Name, labels: LabelsOf<Name>, seconds: number): void
  /** The label sets of a metric that have these labels. */
  matching(name: MetricName, labels: Labels): readonly Labels[]
  /** Removes the series of one metric, or of every metric, that have these labels. */
  remove(labels: Labels, name?: MetricName): void
  text(format: 'prometheus' | 'openmetrics'): Promise<{ readonly contentType: string; readonly body: string }>
}

type Labels = Readonly<Record<string, string>>
type Metric = Gauge | Counter | Histogram

export function createSeries(values: LabelValues): Series {
  const registry = new Registry()
  const metrics = new Map<string, Metric>()
  /** The label sets of each metric, but for those of releases' gauges, which know them. */
  const known = new Map<string, Map<string, Labels>>()
  for (const name of Object.keys(definitions)) metrics.set(name, metricOf(name, registry))

  return {
    set: (name, labels, value) => {
      const metric = metrics.get(name)
      if (metric instanceof ReleaseGauge) metric.put(values.bounded(name, labels), value)
      else if (metric instanceof Gauge) metric.set({ ...remember(name, labels) }, value)
    },
    add: (name, labels, count) => {
      const metric = metrics.get(name)
      if (metric instanceof Counter) metric.inc({ ...remember(name, labels) }, count)
    },
    observe: (name, labels, seconds) => {
      const metric = metrics.get(name)
      if (metric instanceof Histogram) metric.observe({ ...remember(name, labels) }, seconds)
    },
    matching: (name, labels) => matching(name, labels),
    remove(labels, only) {
      for (const name of only === undefined ? metrics.keys() : [only]) {
        const metric = metrics.get(name)
        for (const found of matching(name, labels)) {
          if (metric instanceof ReleaseGauge) metric.drop(found)
          else metric?.remove({ ...found })
          forget(name, found)
        }
      }
    },
    async text(format) {
      const text = await registry.metrics()
      return format === 'prometheus'
        ? { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: text }
        : { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body: toOpenMetrics(text) }
    },
  }

  function remember(name: string, given: Labels): Labels {
    const labels = values.bounded(name, given)
    const sets = known.get(name) ?? new Map<string, Labels>()
    known.set(name, sets.set(keyOf(labels), labels))
    return labels
  }

  function forget(name: string, labels: Labels): void {
    known.get(name)?.delete(keyOf(labels))
  }

  function matching(name: string, given: Labels): readonly Labels[] {
    const wanted = values.bounded(name, given)
    const metric = metrics.get(name)
    if (metric instanceof ReleaseGauge) return metric.matching(wanted)
    const entries = Object.entries(wanted)
    return [...(known.get(name)?.values() ?? [])].filter((labels) =>
      entries.every(([label, value]) => labels[label] === value),
    )
  }
}

/** Of the label sets of one metric, which all have the same names. */
function keyOf(labels: Labels): string {
  return Object.keys(labels)
    .toSorted()
    .map((label) => labels[label])
    .join('\0')
}

function metricOf(name: string, registry: Registry): Metric {
  const definition = definitions[name]
  if (definition === undefined) throw new RangeError(`no metric ${name}`)
  const { type, help, labels, buckets } = definition
  const common = {
    name: `steersman_${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
  }
  if (type === 'gauge') return labels.includes('release') ? new ReleaseGauge(common) : new Gauge(common)
  if (type === 'counter') return new Counter(common)
  return new Histogram({ ...common, ...(buckets === undefined ? {} : { buckets: [...buckets] }) })
}
