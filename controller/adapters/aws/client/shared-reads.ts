import { createHurry } from './hurry.ts'

/** Lets callers that ask for the same thing at the same time share one read. */
export interface SharedReads<Value> {
  /** Joins a read of this key that is under way, unless a write of ours has ended since it began. Where one caller is in a hurry, their read is. */
  share(key: string, read: (hurry: AbortSignal) => Promise<Value>, hurry?: AbortSignal): Promise<Value>
}

/** `epoch` counts the writes that have ended. Holds only what is under way. */
export function createSharedReads<Value>(epoch: () => number): SharedReads<Value> {
  const underWay = new Map<
    string,
    { readonly epoch: number; readonly answer: Promise<Value>; readonly join: (hurry?: AbortSignal) => void }
  >()
  return {
    share(key, read, hurry) {
      const known = underWay.get(key)
      if (known !== undefined && known.epoch === epoch()) {
        known.join(hurry)
        return known.answer
      }
      const { signal, join, end } = createHurry()
      join(hurry)
      const entry = { epoch: epoch(), answer: read(signal), join }
      underWay.set(key, entry)
      const forget = (): void => {
        end()
        if (underWay.get(key) === entry) underWay.delete(key)
      }
      entry.answer.then(forget, forget)
      return entry.answer
    },
  }
}
