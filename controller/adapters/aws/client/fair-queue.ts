/** A queue in which owners take turns, and each owner's items keep their order: a large owner cannot starve a small one. */
export interface FairQueue<Item> {
  readonly size: number
  add(owner: string, item: Item): void
  /** False when the item has left already. */
  remove(owner: string, item: Item): boolean
  /** Takes out the item whose turn it is. */
  next(): Item | undefined
}

export function createFairQueue<Item>(): FairQueue<Item> {
  const byOwner = new Map<string, Set<Item>>()
  let size = 0

  function remove(owner: string, item: Item): boolean {
    const items = byOwner.get(owner)
    if (items?.delete(item) !== true) return false
    size -= 1
    if (items.size === 0) byOwner.delete(owner)
    return true
  }

  return {
    get size() {
      return size
    },
    add(owner, item) {
      byOwner.set(owner, (byOwner.get(owner) ?? new Set<Item>()).add(item))
      size += 1
    },
    remove,
    next() {
      for (const [owner, items] of byOwner) {
        for (const item of items) {
          remove(owner, item)
          const isWaitingOn = byOwner.delete(owner)
          if (isWaitingOn) byOwner.set(owner, items)
          return item
        }
      }
      return undefined
    },
  }
}
