import { FakeClock } from '../../../support/fake-clock.ts'
import { describeLeases } from '../../../support/contracts/leases.ts'
import { describeStore, type LongList, type StoreBench } from '../../../support/contracts/store.ts'
import { createTable, leasesOf, openStore, openTable, type Reach } from './bench.ts'

/** More than the 1 MiB that a query's answer has, and than the 100 keys that a batch takes. */
const LONG: LongList = { objects: 110, bytes: 10_240 }

/** The contract over one DynamoDB: two stores and two lease holders, each with a client of its own, and a new table for each test. */
export function describeTable(title: string, at: () => Reach): void {
  let tables = 0
  const newTable = async (): Promise<string> => {
    const name = `steersman-${(tables += 1)}`
    await createTable(at(), name)
    return name
  }

  const openBench = async (): Promise<StoreBench> => {
    const name = await newTable()
    const [one, two] = [openTable(at(), name), openTable(at(), name)]
    const [store, other] = [openStore(one), openStore(two)]
    return {
      store,
      other,
      async close() {
        await Promise.all([store.close(), other.close()])
        one.close()
        two.close()
      },
    }
  }
  describeStore(title, openBench, LONG)

  describeLeases(title, async () => {
    const name = await newTable()
    const [one, two] = [openTable(at(), name), openTable(at(), name)]
    const clock = new FakeClock()
    return {
      first: leasesOf(one, { instance: 'first', clock }),
      second: leasesOf(two, { instance: 'second', clock }),
      advance: (durationMs) => clock.advance(durationMs),
      async close() {
        one.close()
        two.close()
      },
    }
  })
}
