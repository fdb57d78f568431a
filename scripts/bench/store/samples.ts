import type { NewObject } from '../../../controller/ports/store.ts'

const ENVIRONMENTS = 50

/** A Release as one at rest is stored, some 4 KB of it, valid by its schema. */
export function sampleRelease(index: number): NewObject {
  const environment = `e${index % ENVIRONMENTS}`
  const release = `r${index}`
  return {
    kind: 'Release',
    metadata: {
      name: `${environment}-${release}`,
      labels: { 'steersman.dev/environment': environment, 'steersman.dev/release': release },
    },
    spec: {
      image: {
        container: release,
        repository: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${release}`,
        tag: 'v1',
      },
      taskDefinition: { file: `taskdefs/${release}.json` },
      service: { cluster: 'shop', desiredCount: 2 },
      traffic: {
        loadBalancer: 'shop',
        rules: [{ port: 443 }],
        targetGroups: { blue: `${release}-blue`, green: `${release}-green` },
      },
      gates: Array.from({ length: 4 }, (_, gate) => ({
        name: `gate-${gate}`,
        when: 'Verify',
        http: { path: `/healthz/${gate}`, successes: 3, interval: '1s' },
        timeout: '2m',
      })),
    },
    status: {
      revision: 'r'.repeat(64),
      lastRollout: 1,
      conditions: ['Ready', 'Verified', 'Drifted', 'Stalled'].map((type) => ({
        type,
        status: 'True',
        reason: 'Serving',
        message: `the version v1 of ${release} serves all of the traffic, and was verified. ${'It is looked at now and then. '.repeat(12)}`,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      })),
    },
  }
}
