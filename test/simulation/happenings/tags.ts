import { ENVIRONMENT } from '../aws/shape.ts'
import { CURRENT, records } from '../git/deploy-tags.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import { ask } from './asking.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'

const TAGGER = 'Ops <ops@example.com>'

/** What people do to the tag that says what is deployed. */
export const tagKinds: readonly HappeningKind[] = [
  {
    name: 'tag moved back',
    group: 'git',
    severity: 'mild',
    draw: (random) => ({
      back: between(random, 1, 2),
      annotated: oneOf(random, [0, 1]),
      resumedAfterMs: oneOf(random, [0, between(random, 2_000, 180_000)]),
      by: oneOf(random, ['verb', 'trailer']),
    }),
    apply: moveBack,
  },
  {
    name: 'tag moved off the branch',
    group: 'git',
    severity: 'harsh',
    draw: (random) => ({ resumedAfterMs: between(random, 2_000, 120_000) }),
    apply(simulation, { resumedAfterMs }) {
      const head = simulation.branch.head
      if (head === undefined) return
      const commit = simulation.remote.commit({
        branch: 'elsewhere',
        parents: [head],
        files: { 'deploy/note.txt': 'not merged' },
        message: 'not merged',
        author: TAGGER,
        at: simulation.time.now(),
      })
      simulation.remote.moveTag(CURRENT, commit)
      simulation.trace.add('people', `move ${CURRENT} to ${commit.slice(0, 8)}, which is on no branch`)
      simulation.later(Number(resumedAfterMs), () => ask(simulation, { verb: 'resume' }))
    },
  },
  {
    name: 'tag deleted',
    group: 'git',
    severity: 'mild',
    draw: () => ({}),
    apply(simulation) {
      if (simulation.remote.reference(`refs/tags/${CURRENT}`) === undefined) return
      simulation.remote.deleteTag(CURRENT)
      simulation.trace.add('people', `delete ${CURRENT}`)
    },
  },
  {
    name: 'tag moved while ours is pushed',
    group: 'git',
    severity: 'harsh',
    draw: (random) => ({ resumedAfterMs: between(random, 2_000, 120_000), by: 'verb' }),
    apply: raceThem,
  },
]

function moveBack(simulation: Simulation, { back, annotated, resumedAfterMs, by }: HappeningArguments): void {
  const [newest, ...older] = records(simulation)
  const record = older[Math.min(Number(back), older.length) - 1]
  if (newest === undefined || record === undefined || record.commit === newest.commit) return
  const { remote, time, trace } = simulation
  const annotation = { message: 'back to what worked', tagger: TAGGER, at: time.now() }
  remote.moveTag(CURRENT, record.commit, annotated === 0 ? undefined : annotation)
  trace.add('people', `move ${CURRENT} to deployment ${record.number}`)
  simulation.webhooks.pushed()
  if (Number(resumedAfterMs) > 0)
    simulation.later(Number(resumedAfterMs), () => resume(simulation, String(by)))
}

/** Ends a hold as people do: by the CLI, or by a commit's trailer. */
function resume(simulation: Simulation, by: string): void {
  const [release] = simulation.story.releases
  if (by === 'trailer' && release !== undefined)
    simulation.branch.push(release, { trailer: `Steersman-Resume: ${ENVIRONMENT}` })
  else ask(simulation, { verb: 'resume' })
}

/** Right before the next push of ours reaches the forge, somebody else's does. */
function raceThem(simulation: Simulation, given: HappeningArguments): void {
  const { onWrite } = simulation
  let hasRaced = false
  simulation.onWrite = (write) => {
    if (!hasRaced && write.what === 'git pushTags' && write.moment === 'before') {
      hasRaced = true
      moveBack(simulation, { ...given, back: 1, annotated: 1 })
    }
    onWrite(write)
  }
}
