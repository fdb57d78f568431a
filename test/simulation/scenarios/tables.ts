import type { Scenario } from './scenario.ts'

/** What every scenario over a shared table has: controllers on machines of their own, none of which can tell of another one's process. */
const shared = {
  mostPushes: 4,
  pause: { fromMs: 5_000, toMs: 120_000 },
  versions: ['good', 'good', 'good', 'fails-gate'],
  store: 'table',
  apart: true,
  depth: 'full',
} as const satisfies Partial<Scenario>

/** Two that lead by turns. */
export const sharedTable: Scenario = {
  ...shared,
  name: 'shared-table',
  says: 'two controllers over a DynamoDB table, each on a machine of its own, with pauses longer than the lease',
  releases: [1],
  seats: 2,
  faults: [
    'kill',
    'kill',
    'pause',
    'pause',
    'a renewal is answered late',
    'two stops in one lease',
    'stands still before a write',
    'stands still before a write',
    'clock jump',
    'network split',
    'lost answers',
    'stale reads',
    'table away',
    'table errors',
    'table forgets answers',
    'table forgets answers',
    'table is slow',
    'table throttles',
    'stops in a transaction',
    'stops in a transaction',
    'transactions seen in part',
  ],
}

/** Several that each have their part: whoever comes, goes or stands still moves leases between the others. */
export const shardedTable: Scenario = {
  ...sharedTable,
  name: 'sharded-table',
  says: 'three controllers over a table with four leases, which are handed over whenever one comes or goes',
  seats: 3,
  shards: 4,
}

/** People ask by way of either controller, and write in the table between whatever the leading one reads and writes. */
export const askedByTable: Scenario = {
  ...shared,
  name: 'asked-by-table',
  says: 'people ask by way of any of two controllers over a table, and change its objects meanwhile',
  releases: [1, 2],
  seats: 2,
  faults: [
    'steersman pause',
    'steersman retry',
    'steersman restart',
    'steersman abort',
    'steersman rollback --now',
    'pin',
    'suspend',
    'store conflicts',
    'store conflicts',
    'store conflicts',
    'table away',
    'table is slow',
    'table forgets answers',
    'transactions seen in part',
    'kill',
    'pause',
  ],
}
