import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import { SimulatedCluster } from '../cluster/simulated-cluster.ts'
import type { DiskState } from '../process/disk.ts'
import { SimulatedTable } from '../store/simulated-table.ts'
import type { Randomness } from '../time/randomness.ts'
import type { Time } from '../time/time.ts'
import { FaultWindows } from './fault-windows.ts'
import type { Story } from './story.ts'
import type { Strikes } from './strikes.ts'

/** What controllers on machines of their own share, and the times in which calls to it go wrong. */
export class SharedStores {
  readonly table: SimulatedTable | undefined
  readonly cluster: SimulatedCluster | undefined
  readonly #tableFaults: FaultWindows | undefined

  /** `onDone` is told of each call, whatever became of it. */
  constructor(
    {
      story,
      time,
      randomness,
      strikes,
    }: {
      readonly story: Story
      readonly time: Time
      readonly randomness: Randomness
      readonly strikes: Strikes
    },
    onDone: DiskState['onDone'],
  ) {
    if (story.store === 'table') {
      const random = randomness.stream('table')
      const onAnswered: DiskState['onDone'] = (done, process) => {
        this.#tableFaults?.count()
        onDone(done, process)
      }
      this.table = new SimulatedTable({ time, random, onAnswered })
      this.#tableFaults = new FaultWindows(this.table.world, { strikes, time })
    }
    if (story.store === 'cluster') {
      const random = randomness.stream('cluster')
      this.cluster = new SimulatedCluster({ time, random, shards: story.shards ?? 1, onAnswered: onDone })
    }
  }

  /** Calls to the table go wrong for a while. */
  tableFault(rule: FaultRule, forMs: number): void {
    this.#tableFaults?.openFor(rule, forMs)
  }

  /** Whether each call is answered, and soon. */
  get areThere(): boolean {
    return this.#tableFaults?.isEmpty !== false && this.cluster?.faults.isEmpty !== false
  }

  /** Everything that goes wrong stops. */
  calm(): void {
    this.#tableFaults?.closeAll()
    this.table?.calm()
    this.cluster?.calm()
  }
}
