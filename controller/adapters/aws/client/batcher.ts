import type { Clock } from '../../../ports/clock.ts'
import { createHurry } from './hurry.ts'
import { unreadable } from './unreadable.ts'

/** Collects what concurrent callers ask for, and asks AWS for it in as few calls as its limits allow. */
export interface Batcher<Key, Value> {
  load(key: Key, hurry?: AbortSignal): Promise<Value>
}

interface Wish<Key, Value> {
  readonly key: Key
  readonly hurry: AbortSignal | undefined
  readonly resolve: (value: Value) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Sends at the clock's next turn. Wishes of one `group` share calls of at most `maxSize` keys; the same key is asked for
 * once per batch. `read` answers in the order of its keys, and is in a hurry where one of them is.
 */
export function createBatcher<Key, Value>(options: {
  readonly clock: Clock
  readonly maxSize: number
  readonly groupOf: (key: Key) => string
  readonly identityOf: (key: Key) => string
  readonly read: (keys: readonly Key[], hurry: AbortSignal) => Promise<readonly Value[]>
}): Batcher<Key, Value> {
  let pending: Wish<Key, Value>[] = []

  function send(): void {
    const wishes = pending
    pending = []
    for (const group of Map.groupBy(wishes, (wish) => options.groupOf(wish.key)).values()) {
      const byIdentity = [...Map.groupBy(group, (wish) => options.identityOf(wish.key)).values()]
      for (let start = 0; start < byIdentity.length; start += options.maxSize) {
        answer(byIdentity.slice(start, start + options.maxSize))
      }
    }
  }

  /** `alike` holds, key by key, everybody who wishes for it. */
  function answer(alike: readonly (readonly Wish<Key, Value>[])[]): void {
    const keys = alike.flatMap(([first]) => (first === undefined ? [] : [first.key]))
    const { signal, join, end } = createHurry()
    for (const { hurry } of alike.flat()) join(hurry)
    options
      .read(keys, signal)
      .finally(end)
      .then(
        (values) => alike.forEach((wishes, index) => grant(wishes, values[index])),
        (error: unknown) => alike.flat().forEach((wish) => wish.reject(error)),
      )
  }

  function grant(wishes: readonly Wish<Key, Value>[], value: Value | undefined): void {
    for (const wish of wishes) {
      if (value === undefined) wish.reject(unreadable('one of the things asked for'))
      else wish.resolve(value)
    }
  }

  return {
    load: (key, hurry) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) options.clock.setTimer(0, send)
        pending.push({ key, hurry, resolve, reject })
      }),
  }
}
