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
  const rows = new Map<string, { -readonly [Member in keyof CallCount]: CallCount[Member] }>()
  return {
    note(call) {
      const key = `${call.service} ${call.operation}`
      const row = rows.get(key)
      if (row !== undefined) row.count += 1
      else if (rows.size < MOST_ROWS) rows.set(key, { ...call, count: 1 })
    },
    list: () => [...rows.values()].map((row) => ({ ...row })),
    clear: () => rows.clear(),
  }
}
