import type { Simulation } from '../run/simulation.ts'
import { between, chance, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What developers and the forge do. */
export const gitKinds: readonly HappeningKind[] = [
  {
    name: 'push',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases), version: 'v9-good' }),
    apply: (simulation, { release, version }) => simulation.push(String(release), String(version)),
  },
  {
    name: 'hasty pushes',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      number: between(random, 20, 99),
      apartMs: between(random, 0, 1_000),
    }),
    apply(simulation, { release, number, apartMs }) {
      simulation.push(String(release), `v${number}-good`)
      simulation.later(Number(apartMs), () => simulation.push(String(release), `v${number}b-good`))
    },
  },
  {
    name: 'one commit for all',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      number: between(random, 200, 299),
      ...(chance(random, 0.3) ? { failing: oneOf(random, releases) } : {}),
    }),
    apply: ({ branch, story }, { number, failing }) => {
      const versions = story.releases.map((release) => {
        const version = `v${number}-${release === failing ? 'fails-gate' : 'good'}`
        branch.publish(version)
        return [release, { version }] as const
      })
      branch.merge(new Map(versions))
    },
  },
  {
    name: 'revert',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases), back: between(random, 1, 3) }),
    apply: (simulation, { release, back }) => revert(simulation, String(release), Number(back)),
  },
  {
    name: 'another count',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      desiredCount: between(random, 1, 4),
    }),
    apply: (simulation, { release, desiredCount }) =>
      simulation.branch.push(String(release), { desiredCount: Number(desiredCount) }),
  },
  {
    name: 'late image',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      version: `v${between(random, 100, 199)}-good`,
      lateMs: between(random, 1_000, 240_000),
    }),
    apply(simulation, { release, version, lateMs }) {
      simulation.branch.withhold(String(version))
      simulation.branch.push(String(release), { version: String(version) })
      simulation.later(Number(lateMs), () => simulation.branch.publish(String(version)))
    },
  },
  {
    name: 'broken manifest',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      repairedAfterMs: between(random, 500, 120_000),
    }),
    apply(simulation, { release, repairedAfterMs }) {
      simulation.branch.break(String(release))
      simulation.later(Number(repairedAfterMs), () => simulation.branch.push(String(release), {}))
    },
  },
  {
    name: 'force-push',
    group: 'git',
    severity: 'harsh',
    draw: (random) => ({
      back: between(random, 1, 3),
      undoneAfterMs: between(random, 1_000, 90_000),
    }),
    apply: (simulation, { back, undoneAfterMs }) =>
      forcePush(simulation, { back: Number(back), undoneAfterMs: Number(undoneAfterMs) }),
  },
  {
    name: 'branch deleted',
    group: 'git',
    severity: 'harsh',
    draw: (random) => ({ backAfterMs: between(random, 500, 90_000) }),
    apply(simulation, { backAfterMs }) {
      const { branch } = simulation
      const head = branch.head
      if (head === undefined) return
      branch.delete()
      simulation.later(Number(backAfterMs), () => {
        if (branch.head === undefined) branch.force(head)
      })
    },
  },
  {
    name: 'forge away',
    group: 'git',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 1_000, 90_000) }),
    apply: (simulation, { forMs }) => simulation.forgeIs('Away', Number(forMs)),
  },
  {
    name: 'forge forgets answers',
    group: 'git',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 1_000, 60_000) }),
    apply: (simulation, { forMs }) => simulation.forgeIs('Forgetful', Number(forMs)),
  },
]

/** What an earlier commit of the branch said of the release comes back by a new commit. */
function revert({ branch }: Simulation, release: string, back: number): void {
  const versions = branch.heads.flatMap(
    (commit) => branch.saidBy(commit).releases.get(release)?.version ?? [],
  )
  const version = versions.at(-1 - back)
  if (version !== undefined) branch.push(release, { version })
}

/** Somebody makes the branch an older one, and after a while as it was, unless it moved on. */
function forcePush(
  simulation: Simulation,
  { back, undoneAfterMs }: { readonly back: number; readonly undoneAfterMs: number },
): void {
  const { branch } = simulation
  const { head } = branch
  const older = branch.heads.at(-1 - back)
  if (head === undefined || older === undefined || older === head) return
  branch.force(older)
  simulation.later(undoneAfterMs, () => {
    if (branch.head === older) branch.force(head)
  })
}
