import type { Scenario } from './scenario.ts'

/** Two that stand by for each other. */
export const sharedCluster: Scenario = {
  name: 'shared-cluster',
  says: 'two controllers in a Kubernetes cluster, each in a pod of its own, which stand by for each other',
  releases: [1],
  seats: 2,
  mostPushes: 4,
  pause: { fromMs: 5_000, toMs: 120_000 },
  versions: ['good', 'good', 'good', 'fails-gate'],
  store: 'cluster',
  apart: true,
  depth: 'full',
  faults: ['kill', 'kill', 'pause', 'pause'],
}
