import { isInHistory } from '../git/history.ts'
import { peelToCommit } from '../git/objects.ts'
import { isApplied, isOpen, planNow, readiness, wishOf } from '../terraform/applied.ts'
import type { SavedPlan } from '../terraform/plan.ts'
import { destroys, resetsTraffic } from '../terraform/plan.ts'
import type { TerraformAct } from '../terraform/simulated-terraform.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { Revisions } from './revisions.ts'

type Begins = Extract<TerraformAct, { type: 'ApplyBegins' }>

/**
 * What Terraform may do: one apply at a time, of what is harmless or was approved, never of what moves traffic, never for a commit before the last; locks of
 * others stay; and no version of a commit rolls out before what the commit wants was made.
 */
export function checkInfrastructure(parts: CheckerParts): Checker {
  const { simulation, report: tell } = parts
  if (simulation.terraform === undefined) return {}
  const report = (message: string): void => tell('infrastructure', message)
  const { terraform, branch } = simulation
  const revisions = new Revisions(simulation)
  const people = new People()
  const commits = new AppliedCommits(parts)
  const effects = new Map<string, string>()
  /** What a person has seen to be made again: an approved apply that ends half-way may be taken up again. */
  const seen = new Set<string>()
  /** Whether some apply was cut short, so that a person has to look at what the state lacks. */
  let mayLackThings = false
  const planned = (plan: SavedPlan): void => {
    if (plan.changes.length === 0) commits.look()
    const known = effects.get(plan.id)
    if (known !== undefined && known !== plan.effect)
      report(`plans that do other things have one id: ${plan.id}`)
    effects.set(plan.id, plan.effect)
  }
  const begins = ({ run, plan }: Begins): void => {
    const name = `the apply of ${run.request.by}`
    const others = terraform.runs.filter((other) => other !== run && other.isApplying)
    if (others.length > 0) report(`${name} begins while that of ${others[0]?.request.by ?? ''} goes on`)
    if (resetsTraffic(plan)) report(`${name} resets traffic: ${plan.effect}`)
    if (destroys(plan) && !people.takeApproval(plan.id))
      report(`${name} destroys, and nobody has approved ${plan.id}`)
    if (people.hasApproved(plan.id)) for (const { address } of plan.changes) seen.add(address)
    const newer = commits.begins(plan)
    if (newer !== undefined)
      report(`${name} is for a commit before ${newer.slice(0, 8)}, for which one began before`)
  }
  return {
    asking: (asked) => people.asking(asked),
    asked: (asked) => revisions.asked(asked),
    pushed: () => commits.look(),
    terraform(act) {
      if (act.type === 'Ended' && act.run.end?.kind === 'Planned') planned(act.run.end.plan)
      if (act.type === 'Unlocked' && act.lock.operation !== 'OperationTypePlan') mayLackThings = true
      if (act.type === 'ApplyBegins') begins(act)
      if (act.type === 'Ended' && act.run.end?.kind === 'Killed') seen.clear()
      if (act.type === 'MadeAgain' && !seen.has(act.change.address))
        report(`${act.change.address} is made again, and nobody has approved ${act.plan.id}`)
      if (act.type === 'Saved') commits.look()
      if (act.type === 'Unlocked' && !people.hasNamed(act.lock.id)) {
        const holder = terraform.runs.find(({ request }) => request.lock.id === act.lock.id)
        if (holder === undefined)
          report(`${act.by} frees the lock of ${act.lock.who}, which nobody has named`)
        else if (holder.end === undefined) report(`${act.by} frees the lock of an apply that still runs`)
      }
    },
    told(event) {
      if (event.type === 'RolloutStarted' && event.why === 'Commit' && !commits.were(event.commit))
        report(`${event.rollout} starts before the infrastructure of ${event.commit.slice(0, 8)} is applied`)
    },
    rested() {
      const wanted = revisions.wanted()
      const [commit] = wanted ?? []
      if (commit === undefined || wanted?.length !== 1 || commit !== branch.head) return
      for (const message of judgeRest(parts, { commit, mayLackThings })) report(message)
    },
  }
}

/** What people have asked for, and what of that was used. */
class People {
  /** By plan: the requests, which may be sent several times. */
  readonly #approvals = new Map<string, Set<string>>()
  readonly #used = new Map<string, number>()
  readonly #named = new Set<string>()

  asking(asked: Parameters<NonNullable<Checker['asking']>>[0]): void {
    if (asked.verb === 'unlock') this.#named.add(asked.lock)
    if (asked.verb !== 'approve') return
    const known = this.#approvals.get(asked.plan) ?? new Set()
    this.#approvals.set(asked.plan, known.add(asked.token))
  }

  hasApproved(plan: string): boolean {
    return this.#approvals.has(plan)
  }

  /** Each approval is of one apply. */
  takeApproval(plan: string): boolean {
    const used = this.#used.get(plan) ?? 0
    this.#used.set(plan, used + 1)
    return used < (this.#approvals.get(plan)?.size ?? 0)
  }

  hasNamed(lock: string): boolean {
    return this.#named.has(lock)
  }
}

/** Which commits' infrastructure the state has had. */
class AppliedCommits {
  readonly #parts: CheckerParts
  readonly #applied = new Set<string>()
  /** What the commits want whose infrastructure the state has had since an apply began last. */
  #wishes = new Set<string>()
  /** For each apply that began: the commits that it can have been for. */
  readonly #begun: (readonly string[])[] = []

  constructor(parts: CheckerParts) {
    this.#parts = parts
  }

  /** The state or the branch has changed. */
  look(): void {
    const { simulation } = this.#parts
    for (const head of simulation.branch.heads)
      if (!this.#applied.has(head) && hasAll(simulation, head)) {
        this.#applied.add(head)
        this.#wishes.add(wishOf(simulation, head))
      }
  }

  /** A commit that says what was applied last has its infrastructure, whatever people have changed since. */
  were(commit: string): boolean {
    return this.#applied.has(commit) || this.#wishes.has(wishOf(this.#parts.simulation, commit))
  }

  /** An apply begins; returns a commit of an apply before, if that comes after every commit that this one can be for. */
  begins({ effect }: SavedPlan): string | undefined {
    const { simulation } = this.#parts
    const meant = simulation.branch.heads.filter(
      (head) => isOpen(simulation, head) || planNow(simulation, head)?.effect === effect,
    )
    this.#wishes = this.#stillHad(meant)
    if (meant.length === 0) return undefined
    const newer = this.#begun.find((before) =>
      before.every((commit) => meant.every((one) => this.#isBefore(one, commit))),
    )
    this.#begun.push(meant)
    return newer?.[0]
  }

  /** What is put right again as it was applied before stays applied, also where that fails. */
  #stillHad(meant: readonly string[]): Set<string> {
    const wishes = new Set(meant.map((commit) => wishOf(this.#parts.simulation, commit)))
    return new Set([...this.#wishes].filter((wish) => wishes.size === 1 && wishes.has(wish)))
  }

  #isBefore(commit: string, other: string): boolean {
    const { objects } = this.#parts.simulation.remote
    const [older, newer] = [peelToCommit(objects, commit), peelToCommit(objects, other)]
    return (
      commit !== other && older !== undefined && newer !== undefined && isInHistory(objects, older, newer)
    )
  }
}

/** Whether the state is as the commit wants it, or Terraform has nothing to do for it, as where the weights of the root are those of the moment. */
const hasAll = (simulation: CheckerParts['simulation'], commit: string): boolean =>
  isApplied(simulation, commit, { withWeights: true }) || planNow(simulation, commit)?.changes.length === 0

/** At rest the infrastructure is as the wanted commit says, or the Environment says truly why it is not. */
function* judgeRest(
  { simulation }: CheckerParts,
  { commit, mayLackThings }: { readonly commit: string; readonly mayLackThings: boolean },
): Generator<string> {
  const { machine, terraform, story } = simulation
  const { status = 'missing', reason = '', message = '' } = readiness(machine) ?? {}
  if (status === 'True') {
    // What somebody has changed is told as such, also where Terraform failed to put it right and the state has it by now.
    const isTold =
      message.includes('; ') && story.happenings.some(({ kind }) => kind === 'infrastructure by hand')
    if (!isApplied(simulation, commit, { withWeights: false }) && !isTold)
      yield `it is said to be applied (${message}), and the state is not as ${commit.slice(0, 8)} wants it`
    return
  }
  if (message === '') yield `it is not applied, and the Environment does not say why (${reason})`
  const plan = planNow(simulation, commit)
  const isSo: Readonly<Record<string, boolean>> = {
    AwaitingApproval: mayLackThings || (plan !== undefined && destroys(plan)),
    PlanRefused: plan !== undefined && resetsTraffic(plan),
    StateLocked: terraform?.backend.lock !== undefined,
    OlderThanApplied: story.happenings.some(({ kind }) => kind === 'force-push'),
    ImageNotFound: story.happenings.some(({ kind }) => kind === 'late image' || kind === 'pin'),
  }
  if (isSo[reason] !== true)
    yield `it rests without being applied, for no reason that holds: ${reason}, ${message}`
}
