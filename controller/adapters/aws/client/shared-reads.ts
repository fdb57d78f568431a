/** Lets callers that ask for the same thing at the same time share one read. */
export interface SharedReads<Value> {
  /** Joins a read of this key that is under way, unless a write of ours has ended since it began. */
  share(key: string, read: () => Promise<Value>): Promise<Value>
}

/** `epoch` counts the writes that have ended. Holds only what is under way. */
export function createSharedReads<Value>(epoch: () => number): SharedReads<Value> {
  const underWay = new Map<string, { readonly epoch: number; readonly answer: Promise<Value> }>()
  return {
    share(key, read) {
      const known = underWay.get(key)
      if (known !== undefined && known.epoch === epoch()) return known.answer
      const entry = { epoch: epoch(), answer: read() }
      underWay.set(key, entry)
      const forget = (): void => {
        if (underWay.get(key) === entry) underWay.delete(key)
      }
      entry.answer.then(forget, forget)
      return entry.answer
    },
  }
}
