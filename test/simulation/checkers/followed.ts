import { PortError } from '../../../controller/ports/error.ts'
import type { Kind, Store } from '../../../controller/ports/store.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

const KINDS: readonly Kind[] = ['Environment', 'Release', 'Rollout']
/** What changed so short a time before the end may still be on its way to who follows it, in milliseconds. */
const ON_ITS_WAY_MS = 5_000
/** How soon a store that does not answer is asked again, in milliseconds. */
const AGAIN_MS = 2_000

/**
 * Of a cluster that controllers share: whoever follows its objects, as a page in a browser does by way of each controller, is told of the changes of each object
 * in their order, and at rest knows the cluster as it is.
 */
export function checkFollowed({ simulation, report }: CheckerParts): Checker {
  const { machine, seats, time } = simulation
  const { cluster } = machine
  if (cluster === undefined) return {}
  const followers = new Map<string, Follower>()
  const changedMs = new Map<string, number>()
  cluster.listen(({ object }) => changedMs.set(`${object.kind} ${object.metadata.name}`, time.elapsed()))
  const isOnItsWay = (key: string): boolean =>
    time.elapsed() - (changedMs.get(key) ?? -Infinity) < ON_ITS_WAY_MS
  return {
    stepped() {
      for (const { name, lives, life, process } of seats) {
        if (life === undefined || process === undefined || followers.get(name)?.process === process) continue
        const follower = new Follower(`${name}, life ${lives}`, process, report)
        followers.set(name, follower)
        follower
          .follow(life.store)
          .catch((error: unknown) => report('defect', `the watch of ${name} threw ${String(error)}`))
      }
    },
    rested() {
      for (const follower of followers.values())
        if (follower.process.isRunning)
          for (const kind of KINDS) follower.judge(kind, cluster.raw(kind), isOnItsWay)
    },
  }
}

class Follower {
  readonly process: SimulatedProcess
  readonly #name: string
  readonly #report: CheckerParts['report']
  readonly #known = new Map<string, string>()

  constructor(name: string, process: SimulatedProcess, report: CheckerParts['report']) {
    this.#name = name
    this.process = process
    this.#report = report
  }

  /** As the store's port tells everybody to: list, watch from there, and list again once that has expired. */
  async follow(store: Store): Promise<never> {
    const { signal } = new AbortController()
    for (;;) {
      try {
        const lists = []
        for (const kind of KINDS) lists.push(await store.list(kind))
        this.#known.clear()
        for (const { items } of lists)
          for (const { kind, metadata } of items)
            this.#known.set(`${kind} ${metadata.name}`, metadata.resourceVersion)
        await this.#watch(store, lists[0]?.resourceVersion ?? '', signal)
      } catch (error) {
        // Trouble with the store is told by whoever works with it.
        if (!(error instanceof PortError)) throw error
      }
      await this.process.clock.sleep(AGAIN_MS)
    }
  }

  async #watch(store: Store, resourceVersion: string, signal: AbortSignal): Promise<void> {
    const told = new Map<string, number>()
    for await (const event of store.watch({ resourceVersion, signal })) {
      if (event.type === 'EXPIRED') return
      const { kind, metadata } = event.object
      const key = `${kind} ${metadata.name}`
      const version = Number(metadata.resourceVersion)
      const before = told.get(key) ?? 0
      if (version <= before)
        this.#report('store', `${this.#name} is told of version ${version} of ${key} after version ${before}`)
      told.set(key, version)
      // Lists are made one after the other: some show what the watch tells of once more.
      if (version < Number(this.#known.get(key) ?? 0)) continue
      if (event.type === 'DELETED') this.#known.delete(key)
      else this.#known.set(key, metadata.resourceVersion)
    }
  }

  judge(
    kind: Kind,
    objects: readonly { readonly metadata: { readonly name: string; readonly resourceVersion: string } }[],
    isOnItsWay: (key: string) => boolean,
  ): void {
    const there = new Map(
      objects.map(({ metadata }) => [`${kind} ${metadata.name}`, metadata.resourceVersion]),
    )
    const names = new Set([
      ...there.keys(),
      ...[...this.#known.keys()].filter((key) => key.startsWith(`${kind} `)),
    ])
    for (const name of names)
      if (there.get(name) !== this.#known.get(name) && !isOnItsWay(name))
        this.#report(
          'store',
          `${this.#name} was told of version ${this.#known.get(name) ?? 'none'} of ${name} last, which has ${there.get(name) ?? 'none'}`,
        )
  }
}
