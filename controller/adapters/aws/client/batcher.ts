import type { Clock } from '../../../ports/clock.ts'

/** Collects what concurrent callers ask for, and asks AWS for it in as few calls as its limits allow. */
export interface Batcher<Key, Value> {
  load(key: Key): Promise<Value>
}

interface Wish<Key, Value> {
  readonly key: Key
  readonly resolve: (value: Value) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Sends at the clock's next turn. Wishes of one `group` share calls of at most `maxSize` keys; the same key is asked for
 * once per batch. `read` answers in the order of its keys.
 */
export function createBatcher<Key, Value>(options: {
  readonly clock: Clock
  readonly maxSize: number
  readonly groupOf: (key: Key) => string
  readonly identityOf: (key: Key) => string
  readonly read: (keys: readonly Key[]) => Promise<readonly Value[]>
}): Batcher<Key, Value> {
  let pending: Wish<Key, Value>[] = []

  function send(): void {
    const wishes = pending
    pending = []
    for (const group of Map.groupBy(wishes, (wish) => options.groupOf(wish.key)).values()) {
      const byIdentity = [...Map.groupBy(group, (wish) => options.identityOf(wish.key)).values()]
      for (let start = 0; start < byIdentity.length; start += options.maxSize) {
        void answer(byIdentity.slice(start, start + options.maxSize))
      }
    }
  }

  async function answer(alike: readonly (readonly Wish<Key, Value>[])[]): Promise<void> {
    try {
      const values = await options.read(alike.flatMap(([first]) => (first === undefined ? [] : [first.key])))
      if (values.length !== alike.length)
        throw new Error('a batched read answered for another number of keys')
      values.forEach((value, index) => alike[index]?.forEach((wish) => wish.resolve(value)))
    } catch (error) {
      for (const wish of alike.flat()) wish.reject(error)
    }
  }

  return {
    load: (key) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) options.clock.setTimer(0, send)
        pending.push({ key, resolve, reject })
      }),
  }
}
