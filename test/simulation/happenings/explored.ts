import { ENVIRONMENT } from '../aws/shape.ts'
import { healthyTargets } from '../aws/view.ts'
import { servingSides } from '../aws/workers.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import { gitKinds } from './git.ts'
import { infrastructureKinds } from './infrastructure.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'
import { peopleKinds } from './people.ts'
import { scalingKinds } from './scaling.ts'
import { verbKinds } from './verbs.ts'

/** Whether a write reaches AWS or the forge, and not only the controller's own disk. */
export const isOutside = (what: string): boolean => !what.startsWith('store ')

/** Happenings at an exact write or read of the only controller: explorers go through all of them, one after the other. */
export const exploredKinds: readonly HappeningKind[] = [
  {
    name: 'crash at a write',
    group: 'controller',
    severity: 'harsh',
    draw: (random) => ({
      write: between(random, 1, 500),
      of: 'any',
      moment: oneOf(random, ['before', 'after']),
      downMs: between(random, 0, 30_000),
    }),
    apply: (simulation, { write, of, moment, downMs }) =>
      atWrite(
        simulation,
        { number: Number(write), isOutsideOnly: of === 'outside', moment: String(moment) },
        () => {
          simulation.seat(0).kill(Number(downMs))
          simulation.later(Number(downMs), () => {})
        },
      ),
  },
  {
    name: 'stale at a read',
    group: 'aws',
    severity: 'harsh',
    draw: (random) => ({
      read: between(random, 1, 300),
      ageMs: between(random, 500, 30_000),
      forMs: oneOf(random, [0, 10_000, 30_000]),
      every: oneOf(random, [1, 2]),
    }),
    apply: (simulation, { read, ageMs, forMs, every }) =>
      staleFrom(simulation, {
        read: Number(read),
        ageMs: Number(ageMs),
        forMs: Number(forMs),
        every: Number(every),
      }),
  },
  {
    name: 'pause at a read',
    group: 'controller',
    severity: 'harsh',
    draw: (random) => ({ read: between(random, 1, 300), forMs: between(random, 1_000, 60_000) }),
    apply: (simulation, { read, forMs }) => {
      let reads = 0
      simulation.aws.listen({
        beforeCall({ who, writes }) {
          if (writes || who === 'people') return
          reads += 1
          if (reads !== Number(read)) return
          simulation.seat(0).pause(Number(forMs))
          simulation.later(Number(forMs), () => {})
        },
      })
    },
  },
  {
    name: 'once it serves',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      after: 'v1-good',
      delayMs: between(random, 0, 60_000),
      kind: 'push',
      release: oneOf(random, releases),
      version: 'v9-good',
    }),
    apply: onceItServes,
  },
]

/** What people do when they see that every release serves the version `after` and that it was recorded, however long that took. */
function onceItServes(
  simulation: Simulation,
  { after, delayMs, kind: name, ...given }: HappeningArguments,
): void {
  const kind = [...gitKinds, ...peopleKinds, ...verbKinds, ...infrastructureKinds, ...scalingKinds].find(
    (candidate) => candidate.name === name,
  )
  if (kind === undefined) throw new Error(`no happening ${name} can follow a version`)
  let isOver = false
  simulation.aws.listen({
    afterCall() {
      if (isOver || !serves(simulation, String(after))) return
      isOver = true
      simulation.later(Number(delayMs), () => {
        simulation.trace.add('people', `${kind.name} ${JSON.stringify(given)}`)
        kind.apply(simulation, given)
      })
    },
  })
}

/** Whether all traffic goes to healthy targets of the version, and the tag says so. */
const serves = (simulation: Simulation, version: string): boolean =>
  isRecorded(simulation.remote) &&
  simulation.story.releases.every((release) =>
    servingSides(simulation, release).every((side) => {
      const targets = healthyTargets(side)
      return targets.length > 0 && targets.every((target) => target.version === version)
    }),
  )

function isRecorded(remote: Simulation['remote']): boolean {
  const prefix = `deploy/${ENVIRONMENT}/`
  const current = remote.tags(prefix).find(({ name }) => name === `${prefix}current`)
  return current !== undefined && current.commit === remote.branchHead(ENVIRONMENT)
}

function atWrite(
  simulation: Simulation,
  wanted: { readonly number: number; readonly isOutsideOnly: boolean; readonly moment: string },
  run: () => void,
): void {
  const inner = simulation.onWrite
  let writes = 0
  let meant: object | undefined
  simulation.onWrite = (write) => {
    inner(write)
    if (wanted.isOutsideOnly && !isOutside(write.what)) return
    if (write.moment === 'before') {
      writes += 1
      if (writes === wanted.number) meant = write.call
    }
    if (write.call === meant && write.moment === wanted.moment) run()
  }
}

/** From that read on, for so long, every read (or every second one, as replicas take turns) shows AWS as it was `ageMs` before. */
function staleFrom(
  simulation: Simulation,
  wanted: {
    readonly read: number
    readonly ageMs: number
    readonly forMs: number
    readonly every: number
  },
): void {
  const { aws, time } = simulation
  const inner = aws.staleness
  let reads = 0
  let startedMs: number | undefined
  aws.staleness = (call) => {
    const before = inner(call)
    if (call.writes || call.who === 'people') return before
    reads += 1
    if (reads < wanted.read) return before
    startedMs ??= time.elapsed()
    const isMeant = wanted.forMs > 0 ? time.elapsed() - startedMs <= wanted.forMs : reads === wanted.read
    return isMeant && (reads - wanted.read) % wanted.every === 0
      ? Math.max(before, Math.min(wanted.ageMs, time.elapsed()))
      : before
  }
}
