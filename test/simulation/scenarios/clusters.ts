import type { Scenario } from './scenario.ts'

/** What every scenario in a Kubernetes cluster has: controllers in pods of their own, none of which can tell of another one's process. */
const shared = {
  releases: [1],
  mostPushes: 4,
  pause: { fromMs: 5_000, toMs: 120_000 },
  versions: ['good', 'good', 'good', 'fails-gate'],
  store: 'cluster',
  apart: true,
  depth: 'full',
} as const satisfies Partial<Scenario>

/** Two that stand by for each other. */
export const sharedCluster: Scenario = {
  ...shared,
  name: 'shared-cluster',
  says: 'two controllers in a Kubernetes cluster, each in a pod of its own, with pauses longer than the lease',
  seats: 2,
  faults: [
    'kill',
    'kill',
    'pause',
    'pause',
    'a renewal is answered late',
    'two stops in one lease',
    'stands still before a write',
    'clock jump',
    'network split',
    'lost answers',
    'stale reads',
    'cluster away',
    'cluster errors',
    'cluster throttles',
    'cluster forgets answers',
    'cluster forgets answers',
    'cluster is slow',
    'cluster is slow',
    'cluster token runs out',
    'somebody writes in between',
    'stops in a request',
    'stops in a request',
    'watches break',
    'watches expire',
    'watches are late',
    'watches fall silent',
    'kubectl edit',
    'kubectl edit',
    'kubectl delete',
    'kubectl annotate',
  ],
}

/** Three, so that two of them may take what a third one has left. */
export const threeInCluster: Scenario = {
  ...sharedCluster,
  name: 'three-in-cluster',
  says: 'three controllers in a Kubernetes cluster, two of which stand by',
  seats: 3,
}

/** Several that each have their part: whoever comes, goes or stands still moves leases between the others. */
export const shardedCluster: Scenario = {
  ...sharedCluster,
  name: 'sharded-cluster',
  says: 'three controllers in a Kubernetes cluster with four leases, which are handed over whenever one comes or goes',
  seats: 3,
  shards: 4,
}

/** People ask by way of any of them, and write in the cluster between whatever the leading one reads and writes. */
export const askedInCluster: Scenario = {
  ...shared,
  name: 'asked-in-cluster',
  says: 'people ask by way of any of two controllers in a cluster, by kubectl too, and change its objects meanwhile',
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
    'somebody writes in between',
    'somebody writes in between',
    'kubectl edit',
    'kubectl annotate',
    'kubectl annotate',
    'cluster away',
    'cluster is slow',
    'cluster forgets answers',
    'watches break',
    'watches are late',
    'kill',
    'pause',
  ],
}
