/** One row of `GET /_sandbox/calls`. */
export interface CallCount {
  readonly service: string
  readonly operation: string
  readonly count: number
  readonly writes: boolean
  /** False: the sandbox does not have the operation. */
  readonly known: boolean
}

/** One call that writes, as `GET /_sandbox/writes` shows it. */
export interface NotedWrite {
  /** Epoch milliseconds. */
  readonly at: number
  readonly service: string
  readonly operation: string
  /** The caller's access key id, where the request was signed. */
  readonly principal?: string
}

export interface Calls {
  note(call: Omit<CallCount, 'count'>, by: { readonly at: number; readonly principal?: string }): void
  list(): CallCount[]
  /** The last calls that write, oldest first. */
  writes(): readonly NotedWrite[]
  clear(): void
}

type Row = { -readonly [Member in keyof CallCount]: CallCount[Member] }

/** Distinct operations that are counted; names beyond come from a client that makes them up. */
const MOST_ROWS = 2000
/** Writes that are kept one by one. */
const MOST_WRITES = 10_000

/** Counts every call, failed and throttled ones included. */
export function createCalls(): Calls {
  const rows: Row[] = []
  const byService = new Map<string, Map<string, Row>>()
  const writes: NotedWrite[] = []
  return {
    note(call, by) {
      if (call.writes) {
        const { service, operation } = call
        writes.push({ ...by, service, operation })
        if (writes.length > MOST_WRITES) writes.splice(0, MOST_WRITES / 10)
      }
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
    writes: () => [...writes],
    clear() {
      rows.length = 0
      writes.length = 0
      byService.clear()
    },
  }
}
