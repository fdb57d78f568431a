import type { Documents, Expected } from './change.ts'
import { FILES } from './base.ts'
import { needsOtherTasks, taskContent, unmet } from './expectation.ts'
import type { WrittenDocument } from './text.ts'
import { write } from './text.ts'
import type { Town } from './town.ts'
import type { SeenWorld } from './world.ts'
import { seeWorld } from './world.ts'

/** How a town was before a change. */
export interface Before {
  readonly documents: Documents
  readonly world: SeenWorld
  readonly writes: number
  readonly rollouts: number
  /** What decides whether tasks are needed, of what serves. */
  readonly serves: string
}

export const lookBefore = (town: Town, documents: Documents): Before => ({
  documents,
  world: seeWorld(town),
  writes: town.writes,
  rollouts: town.rollouts.length,
  serves: taskContent(town, documents),
})

/** What is wrong with how the town rests after documents were pushed; `issues` are those of a configuration that was refused. */
export function* judge(town: Town, { expected, documents, before, issues }: Judged): Generator<string> {
  yield* town.checkers.violations.splice(0).map(({ promise, message }) => `${promise}: ${message}`)
  switch (expected.kind) {
    case 'Serves':
      if (issues.length > 0) yield `it is refused: ${issues[0] ?? ''}`
      yield* judgeServing(town, documents, before)
      return
    case 'Refused':
      yield* judgeIssue(expected, documents, issues.length > 0 ? issues : (town.environment.issues ?? []))
      if (issues.length > 0) return
      yield* judgeNotReady(town)
      yield* judgeStanding(town, before, 'ManifestInvalid')
      return
    case 'Stalled':
    case 'Waits':
      yield* judgeNotReady(town)
      yield* judgeStanding(town, before, expected.reason)
      return
    case 'Removed':
      yield* judgeStanding(town, before, 'Removed')
      return
    case 'RolledBack':
      yield* judgeRolledBack(town, before)
  }
}

interface Judged {
  readonly expected: Expected
  readonly documents: Documents
  readonly before: Before
  readonly issues: readonly string[]
}

function* judgeServing(town: Town, documents: Documents, before: Before): Generator<string> {
  yield* judgeReady(town)
  const world = seeWorld(town)
  yield* unmet(town, documents, world)
  const isOther = taskContent(town, documents) !== before.serves
  const isNeeded = isOther || needsOtherTasks(documents, before.world)
  const rollouts = town.rollouts.slice(before.rollouts)
  if (rollouts.length !== Number(isNeeded))
    yield `${rollouts.length} rollouts instead of ${Number(isNeeded)}: ${rollouts.map(({ name, spec }) => `${name} (${spec.why})`).join(', ')}`
  for (const { name, status } of rollouts)
    if (status.outcome !== 'Succeeded')
      yield `${name} ended as ${status.outcome ?? 'nothing'}: ${status.message ?? ''}`
  const hasMoved = world.live !== before.world.live
  if (hasMoved !== isNeeded) yield `the traffic has ${hasMoved ? 'moved' : 'stayed'}`
}

function* judgeReady({ environment, release, simulation }: Town): Generator<string> {
  const { conditions = [], issues, deployed, head } = environment
  const commit = simulation.branch.head
  for (const [name, all] of [
    ['Environment', conditions],
    ['Release', release.conditions ?? []],
  ] as const)
    for (const { type, status, reason, message } of all) {
      if (type === 'Ready' && status === 'True') continue
      if (type === 'Ready' || ['Stalled', 'Reconciling', 'Drifted'].includes(type))
        yield `the ${name} is ${type}=${status} (${reason}: ${message})`
    }
  if (!conditions.some(({ type }) => type === 'Ready')) yield 'the Environment says nothing of Ready'
  if (issues !== undefined) yield `there are still issues: ${issues[0] ?? ''}`
  if (head?.commit !== commit)
    yield `the head seen is ${head?.commit ?? 'none'}, and ${commit ?? ''} was pushed`
  if (deployed?.commit !== commit) yield `${commit ?? ''} serves and is not recorded`
}

const ISSUE = /^(?<file>[^:]+):(?<line>\d+):(?<column>\d+)(?: (?<path>\/[^ ]*?))?: (?<message>.+)$/s

function* judgeIssue(
  { at, message: start = '' }: Extract<Expected, { readonly kind: 'Refused' }>,
  documents: Documents,
  issues: readonly string[],
): Generator<string> {
  if (issues.length === 0) {
    yield 'it is not refused by an Issue'
    return
  }
  const read = issues.map((issue) => ISSUE.exec(issue)?.groups)
  for (const [index, issue] of read.entries()) {
    if (issue === undefined) yield `an Issue has another form: ${issues[index] ?? ''}`
    else if (!/; expected /.test(issue['message'] ?? ''))
      yield `an Issue does not say what was expected: ${issues[index] ?? ''}`
    else yield* judgePosition(issue, issues[index] ?? '', documents)
  }
  const found = read.find(
    (issue) =>
      issue?.['file'] === FILES[at.document] &&
      (issue['path'] ?? '') === at.pointer &&
      issue['message']?.startsWith(start) === true,
  )
  if (found === undefined)
    yield `no Issue is about ${FILES[at.document]} ${at.pointer}: ${issues.slice(0, 3).join(' | ')}`
}

/** An Issue names the line on which its place, or what is nearest around it, stands. */
function* judgePosition(
  { file, line, path = '' }: Readonly<Record<string, string | undefined>>,
  issue: string,
  documents: Documents,
): Generator<string> {
  const name = (['release', 'taskDefinition', 'environment'] as const).find((one) => FILES[one] === file)
  if (name === undefined) {
    yield `an Issue is about a file that was not changed: ${issue}`
    return
  }
  const lines = nearestLines(write(documents[name]), path)
  if (!lines.includes(Number(line))) yield `its line is ${lines.join(' or ')}: ${issue}`
}

function nearestLines(written: WrittenDocument, pointer: string): readonly number[] {
  const lines = written.linesOf(pointer)
  if (lines !== undefined || pointer === '') return lines ?? [1]
  return nearestLines(written, pointer.slice(0, pointer.lastIndexOf('/')))
}

/** Nothing was written, what ran still runs, and a condition gives the reason. */
function* judgeStanding(town: Town, before: Before, reason: string): Generator<string> {
  const all = [...(town.environment.conditions ?? []), ...(town.release.conditions ?? [])]
  const said = all.map(({ type, status, reason: why, message }) => `${type}=${status} ${why}: ${message}`)
  if (!all.some((condition) => condition.reason === reason))
    yield `nothing says ${reason}: ${said.join(' | ')}`
  const drifted = all.find(({ type }) => type === 'Drifted')
  if (drifted !== undefined) yield `Drifted: ${drifted.message}`
  if (town.writes !== before.writes) yield `${town.writes - before.writes} writes were made`
  yield* judgeSameWorld(town, before)
}

function* judgeNotReady({ environment: { conditions = [] } }: Town): Generator<string> {
  if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True'))
    yield 'the Environment says that it is Ready'
}

function* judgeSameWorld(town: Town, { world }: Before): Generator<string> {
  const now = seeWorld(town)
  if (now.live !== world.live) yield 'the traffic has moved'
  if (now.taskDefinitionArn !== world.taskDefinitionArn)
    yield `${now.taskDefinitionArn} serves instead of ${world.taskDefinitionArn}`
  if (now.healthy !== world.healthy) yield `${now.healthy} targets are healthy, there were ${world.healthy}`
}

function* judgeRolledBack(town: Town, before: Before): Generator<string> {
  yield* judgeNotReady(town)
  yield* judgeSameWorld(town, before)
  const rollouts = town.rollouts.slice(before.rollouts)
  if (rollouts.length !== 1 || rollouts[0]?.status.outcome !== 'RolledBack')
    yield `it did not roll back: ${rollouts.map(({ name, status }) => `${name} ${status.outcome ?? ''}`).join(', ') || 'no rollout'}`
}
