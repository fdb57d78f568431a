import type { Redactor } from './redactor.ts'

/** Keeps the values of every label few, short and free of secrets. */
export interface LabelValues {
  bounded<Labels extends Readonly<Record<string, string>>>(metric: string, labels: Labels): Labels
}

const lengthLimit = 200
/** Values of one label of one metric, but for those that come and go with a release or an environment. */
const valuesLimit = 200
/** These follow the configuration and are removed with it. */
const configured = new Set(['environment', 'release', 'revision', 'image'])

/** What comes too many, or looks like a URL, is counted as `other`. */
export function createLabelValues(redactor: Pick<Redactor, 'text'>): LabelValues {
  const seen = new Map<string, Set<string>>()

  return {
    bounded(metric, labels) {
      const entries = Object.entries(labels).map(([label, value]) => [
        label,
        boundedValue(metric, label, value),
      ])
      return Object.fromEntries(entries) as typeof labels
    },
  }

  function boundedValue(metric: string, label: string, value: string): string {
    const clean = value.includes('://') ? 'other' : redactor.text(value).slice(0, lengthLimit)
    if (configured.has(label)) return clean
    const key = `${metric} ${label}`
    const values = seen.get(key) ?? new Set()
    seen.set(key, values)
    if (values.has(clean)) return clean
    if (values.size >= valuesLimit) return 'other'
    values.add(clean)
    return clean
  }
}
