import type { DestroyingApply, IrreversibleChange } from '../resources/types.ts'
import { parseRolloutName } from '../resources/names.ts'
import { gateStatus } from './rollout/gates.ts'
import type { RolloutState } from './rollout/state.ts'

/** The number of the first rollout of each task definition: how old a version is, however often it was brought back since. */
export type FirstRollouts = ReadonlyMap<string, number>

/** What of a rollout says how old its version is. */
export interface RolledOut {
  readonly number: number
  readonly taskDefinition: string | undefined
}

/** Those of the rollouts, beside the ones that are known. */
export function firstRollouts(rollouts: readonly RolledOut[], known?: FirstRollouts): FirstRollouts {
  const first = new Map<string, number>(known)
  for (const { number, taskDefinition } of rollouts)
    if (taskDefinition !== undefined)
      first.set(taskDefinition, Math.min(number, first.get(taskDefinition) ?? number))
  return first
}

/** As the schema of a Release has it. */
const MOST_CHANGES = 20

/** What is known now of changes that going back does not undo, the newest last: it outlives the rollouts and applies that it was seen in. */
export function irreversibleAfter(
  known: readonly IrreversibleChange[],
  {
    rollouts,
    applies,
    first,
  }: {
    readonly rollouts: readonly RolloutState[]
    readonly applies: readonly DestroyingApply[]
    readonly first: FirstRollouts
  },
): readonly IrreversibleChange[] {
  const seen = [
    ...rollouts.flatMap((rollout) => irreversibleTasks(rollout, first)),
    ...applies.map((apply) => ofApply(apply, rollouts, first)),
  ]
  const added = seen.filter(({ what, at }) => !known.some((other) => other.what === what && other.at === at))
  return added.length === 0 ? known : [...known, ...added].toSorted(byTime).slice(-MOST_CHANGES)
}

const byTime = (one: IrreversibleChange, other: IrreversibleChange): number =>
  one.at < other.at ? -1 : one.at > other.at ? 1 : 0

/** The tasks of a rollout's gates that can't be undone, and may have run: an answer that was lost does not say that they have not. */
function irreversibleTasks({ name, spec, status }: RolloutState, first: FirstRollouts): IrreversibleChange[] {
  return (spec.gates ?? []).flatMap((gate) => {
    const at = gateStatus(status, gate.name)?.task?.requestedAt
    if (gate.task?.irreversible !== true || at === undefined) return []
    const what = `the task of gate ${gate.name} was started by ${name}`
    return [{ what, at, commit: spec.commit, before: first.get(spec.taskDefinition) ?? spec.number }]
  })
}

/** An apply comes before the rollouts of its commit: the first version after it is the first that is known to work with what it left. */
function ofApply(
  { commit, at, resources }: DestroyingApply,
  rollouts: readonly RolloutState[],
  first: FirstRollouts,
): IrreversibleChange {
  const later = rollouts.filter(({ status }) => (status.startedAt ?? '') >= at)
  const numbers = later.map(({ spec }) => first.get(spec.taskDefinition) ?? spec.number)
  const newest = Math.max(0, ...first.values())
  const what = `Terraform was let ${resources.join(', ')}`
  return { what, at, commit, before: Math.min(newest + 1, ...numbers) }
}

/** What lies between a version and now; nothing where it serves already. */
export function changesSince(
  changes: readonly IrreversibleChange[],
  {
    target,
    live,
    first,
  }: {
    readonly target: RolledOut
    /** ARN of the task definition that serves. */
    readonly live: string | undefined
    readonly first: FirstRollouts
  },
): readonly IrreversibleChange[] {
  const { number, taskDefinition } = target
  if (taskDefinition !== undefined && taskDefinition === live) return []
  const age = (taskDefinition === undefined ? undefined : first.get(taskDefinition)) ?? number
  return changes.filter(({ before }) => before > age)
}

/** What was done for newer versions than the one that serves: it was gone back behind it. */
export function changesBeyond(
  changes: readonly IrreversibleChange[],
  { live, first }: { readonly live: string | undefined; readonly first: FirstRollouts },
): readonly IrreversibleChange[] {
  const age = live === undefined ? undefined : first.get(live)
  if (age === undefined) return []
  const newest = Math.max(...first.values())
  return changes.filter(({ before }) => before > age && before <= newest)
}

/** What a rollout that turns back goes behind: its own tasks, and what was done for its version before it began. */
export function changesLeft(
  rollout: RolloutState,
  known: readonly IrreversibleChange[],
): readonly IrreversibleChange[] {
  const { from, number } = rollout.spec
  if (from.taskDefinition === undefined) return []
  const age = from.rollout === undefined ? undefined : parseRolloutName(from.rollout)?.number
  const earlier = age === undefined ? [] : known.filter(({ before }) => before > age && before <= number)
  const own = irreversibleTasks(rollout, new Map())
  return [...earlier.filter(({ what }) => !own.some((other) => other.what === what)), ...own]
}

/** The changes as a person reads them, without an end. */
export const describeChanges = (changes: readonly IrreversibleChange[]): string =>
  changes.map(({ what, at, commit }) => `${what} at ${at} for commit ${commit.slice(0, 12)}`).join('; ')

/** Why going back is refused to a person who has not said that it is to be done all the same. */
export const unsafeText = (to: number | string, changes: readonly IrreversibleChange[]): string =>
  `${typeof to === 'number' ? `what rollout ${to} served` : to} may not work any more, and going back does not undo it: ${describeChanges(changes)}`
