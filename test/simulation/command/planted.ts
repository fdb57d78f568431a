import type { PlantedBug } from '../planted/bug.ts'
import { plantedBugs } from '../planted/bugs.ts'
import { playSeeds } from './crew/crew.ts'
import { Seeds } from './crew/seeds.ts'
import { Healthy } from './healthy.ts'
import { replayCommand } from './replay/replay-command.ts'
import type { Job, Request } from './request.ts'
import { replaceFigures } from './summary/report.ts'
import { table } from './summary/table.ts'
import { currentCommit } from './commit.ts'
import type { SeedViolation } from './summary/tally.ts'
import type { Terminal } from './terminal.ts'

type PlantedOnly = Extract<Request, { readonly kind: 'Planted' }>

/** How a bug was caught. */
interface Catch {
  readonly bug: PlantedBug
  /** Seeds that were played until then, or all. */
  readonly seeds: number
  /** Undefined: no promise was broken. */
  readonly violation: SeedViolation | undefined
}

/** Plays with each planted bug until a promise breaks, and resolves to whether every bug was caught. */
export async function checkPlanted(
  request: PlantedOnly,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<boolean> {
  const bugs = chosen(request)
  const waiting = [...bugs]
  const caught: Catch[] = []
  const healthy = new Healthy()
  const hunt = async (): Promise<void> => {
    for (let bug = waiting.shift(); bug !== undefined && !stop.aborted; bug = waiting.shift()) {
      const found = await huntBug(bug, request, { stop, healthy })
      if (stop.aborted) return
      caught.push(found)
      terminal.error(`${catchLine(found, request)}\n`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(request.workers, bugs.length) }, () => hunt()))
  await healthy.end()
  caught.sort((left, right) => bugs.indexOf(left.bug) - bugs.indexOf(right.bug))
  if (request.isJson) terminal.out(`${JSON.stringify(caught)}\n`)
  else terminal.out(`${plantedTable(caught)}\n`)
  if (request.report !== undefined)
    replaceFigures(request.report, `planted ${request.job.depth}`, [
      `Commit \`${currentCommit()}\`.`,
      plantedTable(caught),
    ])
  return caught.length === bugs.length && caught.every(({ violation }) => violation !== undefined)
}

/** The one that is asked for, or all that are hunted at this depth: each at the one where a seed costs least. */
function chosen({ name, job }: PlantedOnly): readonly PlantedBug[] {
  if (name === undefined) return plantedBugs.filter(({ depths }) => depths.at(-1) === job.depth)
  const bugs = plantedBugs.filter(({ depths }) => depths.includes(job.depth))
  const bug = bugs.find((candidate) => candidate.name === name)
  if (bug === undefined)
    throw new Error(
      `there is no planted bug ${name} at depth ${job.depth}; there are ${bugs.map((each) => each.name).join(', ')}`,
    )
  return [bug]
}

/** Seeds are played with the bug in them until one breaks a promise that it keeps without the bug. */
async function huntBug(
  bug: PlantedBug,
  { job: { scenario = bug.scenario, ...rest }, from, seeds }: PlantedOnly,
  { stop, healthy }: { readonly stop: AbortSignal; readonly healthy: Healthy },
): Promise<Catch> {
  const job = { ...rest, scenario }
  const end = from + (seeds ?? Infinity)
  let next = from
  while (next < end && !stop.aborted) {
    const all = { job, seeds: { from: next, count: end - next } }
    const violation = await firstViolation(all, { STEERSMAN_PLANTED_BUG: bug.name }, stop)
    if (violation === undefined) break
    next = violation.seed + 1
    if (await healthy.keepsAll(job, violation.seed)) return { bug, seeds: next - from, violation }
  }
  return { bug, seeds: end - from, violation: undefined }
}

/** Of the first seed that has one. */
async function firstViolation(
  { job, seeds }: { readonly job: Job; readonly seeds: ConstructorParameters<typeof Seeds>[0] },
  environment: Readonly<Record<string, string>>,
  stop: AbortSignal,
): Promise<SeedViolation | undefined> {
  const found = new AbortController()
  let violation: SeedViolation | undefined
  await playSeeds({
    job,
    seeds: new Seeds(seeds),
    workers: 1,
    stop: AbortSignal.any([stop, found.signal]),
    environment,
    onPlayed: ({ seed, scenario, violations: [first] }) => {
      if (first === undefined || violation !== undefined) return
      violation = { ...first, seed, scenario }
      found.abort()
    },
  })
  return violation
}

function catchLine({ bug, seeds, violation }: Catch, { job }: PlantedOnly): string {
  if (violation === undefined) return `${bug.name}: NOT caught in ${seeds} seeds (breaks ${bug.breaks})`
  const replay = `STEERSMAN_PLANTED_BUG=${bug.name} ${replayCommand(violation, job)}`
  return `${bug.name}: seed ${seeds}, ${violation.promise}: ${violation.message}\n  ${replay}`
}

function plantedTable(caught: readonly Catch[]): string {
  const rows = caught.map(({ bug, seeds, violation }) => [
    bug.name,
    bug.breaks,
    violation?.promise ?? 'not caught',
    seeds,
  ])
  const missed = caught.filter(({ violation }) => violation === undefined).length
  return `${table(['planted bug', 'breaks', 'caught by', 'seeds'], rows)}\n\n${caught.length - missed} of ${caught.length} planted bugs caught`
}
