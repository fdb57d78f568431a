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

/** Distinct operations that are counted; names beyond come from a client that makes them up. */
const MOST_ROWS = 2000

/** Counts every call, failed and throttled ones included. */
export function createCalls(): Calls {
  const rows = new Map<string, CallCount>()
  return {
    note(call) {
      const key = `${call.service} ${call.operation}`
      const row = rows.get(key)
      if (row === undefined && rows.size >= MOST_ROWS) return
      rows.set(key, { ...call, count: (row?.count ?? 0) + 1 })
    },
    list: () => [...rows.values()],
    clear: () => rows.clear(),
  }
}
