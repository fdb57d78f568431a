import { Gauge } from 'prom-client'

type Labels = Readonly<Record<string, string>>

/** What the label set of a series has beside its environment and its release: the same for many releases. */
interface Kind {
  readonly labels: Labels
  readonly key: string
  series: number
}

/** The series of one release. */
interface Row {
  readonly environment: string
  readonly release: string
  readonly kinds: Kind[]
  /** Of each kind. */
  readonly values: number[]
}

/**
 * A gauge whose series go with releases. There are some thirty for each, and they say the same of all but for the names: the library would keep each of them as
 * two objects and a text, which with thousands of releases is a good part of the memory. Here it gets them when it is asked for the page.
 */
export class ReleaseGauge extends Gauge {
  /** By environment and release. */
  readonly #rows = new Map<string, Row>()
  readonly #kinds = new Map<string, Kind>()

  put(labels: Labels, value: number): void {
    const { environment = '', release = '', ...others } = labels
    const rowKey = `${environment}/${release}`
    const row = this.#rows.get(rowKey) ?? { environment, release, kinds: [], values: [] }
    this.#rows.set(rowKey, row)
    const key = keyOf(others)
    const index = row.kinds.findIndex((kind) => kind.key === key)
    if (index >= 0) {
      row.values[index] = value
      return
    }
    const kind = this.#kinds.get(key) ?? { labels: others, key, series: 0 }
    this.#kinds.set(key, kind)
    kind.series += 1
    row.kinds.push(kind)
    row.values.push(value)
  }

  drop(labels: Labels): void {
    const { environment = '', release = '', ...others } = labels
    const rowKey = `${environment}/${release}`
    const row = this.#rows.get(rowKey)
    const key = keyOf(others)
    const index = row?.kinds.findIndex((kind) => kind.key === key) ?? -1
    if (row === undefined || index < 0) return
    const [kind] = row.kinds.splice(index, 1)
    row.values.splice(index, 1)
    if (row.kinds.length === 0) this.#rows.delete(rowKey)
    if (kind === undefined) return
    kind.series -= 1
    if (kind.series === 0) this.#kinds.delete(key)
  }

  /** The label sets that have these labels. */
  matching(wanted: Labels): Labels[] {
    const { environment, release } = wanted
    const isOfRelease = environment !== undefined && release !== undefined
    const rows = isOfRelease ? [this.#rows.get(`${environment}/${release}`)] : [...this.#rows.values()]
    const entries = Object.entries(wanted)
    return rows
      .flatMap((row) => (row === undefined ? [] : row.kinds.map((kind) => labelsOf(row, kind))))
      .filter((labels) => entries.every(([label, value]) => labels[label] === value))
  }

  override async get(): ReturnType<Gauge['get']> {
    const values = [...this.#rows.values()].flatMap((row) =>
      row.kinds.map((kind, index) => ({ labels: labelsOf(row, kind), value: row.values[index] ?? 0 })),
    )
    return { ...(await super.get()), values }
  }
}

const labelsOf = ({ environment, release }: Row, { labels }: Kind): Labels => ({
  environment,
  release,
  ...labels,
})

/** Of label sets that all have the same names, in the same order. */
const keyOf = (labels: Labels): string => Object.values(labels).join('\0')
