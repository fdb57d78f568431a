import { parseArgs } from 'node:util'
import { measureStore } from './bench/store/measure.ts'
import { KINDS, openPlace } from './bench/store/places.ts'
import type { PlaceKind } from './bench/store/places.ts'
import { serveStore } from './bench/store/process.ts'

/** What issue 7 calls good; the numbers beside them are measured. */
const BARS = { readySeconds: 20, rssMb: 600, watchLagMs: 1_000 } as const

const { values } = parseArgs({
  options: {
    output: { type: 'string', short: 'o' },
    releases: { type: 'string', default: '10000' },
    stores: { type: 'string', default: KINDS.join(',') },
    check: { type: 'boolean', default: false },
    /** Of the process that is measured: where its store is. */
    serve: { type: 'string' },
  },
})

if (values.serve !== undefined) await serveStore(values.serve)
else await measure()

async function measure(): Promise<void> {
  const releases = Number(values.releases)
  const wanted = values.stores.split(',')
  const measured: Partial<Record<PlaceKind, Awaited<ReturnType<typeof measureStore>>>> = {}
  for (const kind of KINDS.filter((each) => wanted.includes(each))) {
    const place = await openPlace(kind)
    try {
      measured[kind] = await measureStore(place, releases)
    } finally {
      await place.close()
    }
  }
  const over = Object.entries(measured).flatMap(([kind, figures]) =>
    Object.entries(BARS).flatMap(([name, bar]) =>
      figures[name as keyof typeof BARS] > bar ? [`${kind} ${name}`] : [],
    ),
  )
  console.log(
    JSON.stringify({ releases, bars: BARS, measured, over }, undefined, values.output === 'json' ? 0 : 2),
  )
  process.exit(values.check && over.length > 0 ? 1 : 0)
}
