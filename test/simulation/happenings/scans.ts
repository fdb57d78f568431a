import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { storedRollouts } from '../checkers/stored.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What scans of images say, and when. */
export const scanKinds: readonly HappeningKind[] = [
  {
    name: 'late scan',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      version: `v${between(random, 200, 299)}-good`,
      startsMs: between(random, 0, 60_000),
      takesMs: between(random, 1_000, 180_000),
    }),
    apply(simulation, { release, version, startsMs, takesMs }) {
      simulation.push(String(release), String(version))
      scanned(simulation, String(version), { status: 'NONE' })
      simulation.later(Number(startsMs), () =>
        scanned(simulation, String(version), { status: 'IN_PROGRESS' }),
      )
      simulation.later(Number(startsMs) + Number(takesMs), () =>
        scanned(simulation, String(version), { status: 'COMPLETE', findings: { HIGH: 3 } }),
      )
    },
  },
  {
    name: 'no scan',
    group: 'push',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      version: `v${between(random, 300, 399)}-good`,
      againAfterMs: between(random, 1_000, 180_000),
    }),
    apply(simulation, { release, version, againAfterMs }) {
      simulation.push(String(release), String(version))
      scanned(simulation, String(version), { status: 'FAILED' })
      simulation.later(Number(againAfterMs), () =>
        scanned(simulation, String(version), { status: 'COMPLETE' }),
      )
    },
  },
  {
    name: 'later findings',
    group: 'aws',
    severity: 'harsh',
    draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
    apply: (simulation, { release }) => findInWhatServed(simulation, String(release)),
  },
]

type ScanBehavior = Readonly<Record<string, unknown>>

function scanned({ aws, trace }: Simulation, version: string, scan: ScanBehavior): void {
  const name = `${IMAGE_REPOSITORY}:${version}`
  aws.images.set(name, { ...aws.images.behaviorOf(name), scan })
  trace.add('aws', `the scan of ${version} says ${JSON.stringify(scan)}`)
}

/** Something becomes known of the versions that came through; those that another release may still roll out are spared. */
function findInWhatServed(simulation: Simulation, release: string): void {
  const { branch, machine } = simulation
  const served = storedRollouts(machine, release).flatMap(({ spec, status }) =>
    status.outcome === 'Succeeded' ? (spec.image?.tag ?? []) : [],
  )
  const isOfOthers = (version: string): boolean =>
    branch.heads.some((head) =>
      [...branch.saidBy(head).releases].some(([name, said]) => name !== release && said.version === version),
    )
  for (const version of new Set(served))
    if (!isOfOthers(version)) scanned(simulation, version, { status: 'ACTIVE', findings: { CRITICAL: 2 } })
}
