import { releaseFiles } from '../../test/support/machine/release-files.ts'
import { IMAGE_REPOSITORY } from '../../test/support/machine/shape.ts'
import type { Closers } from './closers.ts'
import type { EnvironmentPlan, Fleet } from './fleet.ts'
import { startFleet } from './fleet.ts'
import type { HostPair } from './hosts.ts'
import { hostPairs, REGIONS, TAG } from './hosts.ts'

/** Releases that are rolled out together. */
const BATCH = 50
/** More environments than one from there on: a commit of one has at most 2,000 files, two for each release. A region has a whole number of them. */
const PER_ENVIRONMENT = 500
/** The attribute that git names of every target group, as the load balancer has it. */
export const ATTRIBUTE = { Key: 'slow_start.duration_seconds', Value: '0' } as const
/** So that the sweeps which are counted have no deep looks beside them: a round of those is asked for. */
const DEEP_INTERVAL = '24h'

/** So many releases at rest behind named rules, whose drift is told and never mended. */
export function startHostFleet(closers: Closers, releases: number): Promise<Fleet> {
  return startFleet(closers, {
    shape: new URL('host-shape.ts', import.meta.url),
    releases,
    environments: environmentsOf(releases),
    spec: {
      drift: { service: 'Alert', traffic: 'Alert', infrastructure: 'Alert', unmanaged: 'Alert' },
      sweep: { deepInterval: DEEP_INTERVAL },
    },
  })
}

function environmentsOf(releases: number): EnvironmentPlan[] {
  return slices(hostPairs(releases), PER_ENVIRONMENT).map((pairs, index) => ({
    name: `demo-${index}`,
    region: pairs[0]?.region ?? REGIONS[0],
    batches: slices(pairs, BATCH).map((batch) => Object.fromEntries(batch.flatMap(filesOf))),
  }))
}

const slices = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )

/** A container whose image is named by a tag, so that what runs is asked for. */
const SIDECAR = JSON.stringify({ name: 'proxy', image: `${IMAGE_REPOSITORY}:v1`, essential: false })

/** Without gates: what is measured is a release at rest, which has none to ask. */
function filesOf({ host, region: _region, ...pair }: HostPair): [string, string][] {
  return Object.entries(releaseFiles({ ...pair, version: 'v1', desiredCount: 1, deadline: '10m' })).map(
    ([path, text]) => [
      path,
      (typeof text === 'string' ? text : '')
        .replace(/("containerDefinitions": \[)/, `$1 ${SIDECAR},`)
        .replace(/^ {2}gates:[^]*$/m, '')
        .replace(
          /^ {2}traffic:$/m,
          `  traffic:\n    targetGroupAttributes: { ${ATTRIBUTE.Key}: '${ATTRIBUTE.Value}' }\n    tags: [{ key: ${TAG.Key}, value: ${TAG.Value} }]`,
        )
        .replaceAll(/port: (80|8081) \}/g, `port: $1, host: ${host} }`),
    ],
  )
}
