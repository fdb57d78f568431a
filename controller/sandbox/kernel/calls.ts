/** One row of `GET /_sandbox/calls`. */
export interface CallCount {
  readonly service: string
  readonly operation: string
  readonly count: number
  readonly writes: boolean
  /** False: the sandbox does not have the operation. */
  readonly known: boolean
}

export interface Calls {
  note(call: Omit<CallCount, 'count'>): void
  list(): CallCount[]
  clear(): void
}

type Row = { -readonly [Member in keyof CallCount]: CallCount[Member] }

/** Distinct operations that are counted; names beyond come from a client that makes them up. */
const MOST_ROWS = 2000

/** Counts every call, failed and throttled ones included. */
export function createCalls(): Calls {
  const rows: Row[] = []
  const byService = new Map<string, Map<string, Row>>()
  return {
    note(call) {
      const ofService = byService.get(call.service) ?? new Map<string, Row>()
      const row = ofService.get(call.operation)
      if (row !== undefined) row.count += 1
      else if (rows.length < MOST_ROWS) {
        const first = { ...call, count: 1 }
        rows.push(first)
        byService.set(call.service, ofService.set(call.operation, first))
      }
    },
    list: () => rows.map((row) => ({ ...row })),
    clear() {
      rows.length = 0
      byService.clear()
    },
  }
}
