import { destructiveReasons } from './judge/destructive.ts'
import type { Reason, Refusal } from './judge/reason.ts'
import { trafficReasons } from './judge/traffic.ts'
import type { Serving } from './judge/traffic.ts'
import { widerReasons } from './judge/wider.ts'
import type { Surroundings } from './judge/wider.ts'
import { isReadable, readPlan } from './plan-json.ts'
import { NO_CHANGES, summarize } from './summary.ts'
import type { PlanSummary } from './summary.ts'

/**
 * What a plan is:
 *
 * - `Safe`: nothing is destroyed, and no traffic moves.
 * - `Destructive`: something is deleted, replaced or let go.
 * - `ResetsTraffic`: weights, target groups, listener actions, or what a live side runs would change.
 * - `Wider`: it reaches beyond the environment: another account, the state's own backend, Steersman's own role.
 * - `Unreadable`: it is not understood.
 */
export type Verdict = 'Safe' | Refusal

/** What the judge has to know beside the plan. */
export interface JudgedEnvironment extends Surroundings {
  /** Resource types that are never destroyed without approval by plan id (`spec.terraform.protect`). */
  readonly protect: readonly string[]
  /** What takes traffic now; undefined when that is not known: then everything counts as live. */
  readonly serving: Serving | undefined
}

/** A verdict with its reasons. No value of the plan stands in it: addresses, attributes and what the environment itself says. */
export interface Judgement {
  /** The worst of what the reasons say. */
  readonly verdict: Verdict
  /** Worst first, then by address; empty when safe. */
  readonly reasons: readonly Reason[]
  readonly summary: PlanSummary
}

/** Worst first. */
const ORDER: readonly Refusal[] = ['Unreadable', 'Wider', 'ResetsTraffic', 'Destructive']

/** Judges the JSON of a saved plan. Whatever is not understood makes it Unreadable, never Safe. */
export function judgePlan(json: unknown, environment: JudgedEnvironment): Judgement {
  const plan = readPlan(json)
  if (!isReadable(plan)) return unreadable(plan.problems)
  const reasons = [
    ...widerReasons(plan, environment),
    ...trafficReasons(plan.changes, environment.serving),
    ...destructiveReasons(plan.changes, environment.protect),
  ].toSorted(byRankAndAddress)
  return { verdict: reasons[0]?.verdict ?? 'Safe', reasons, summary: summarize(plan) }
}

const MOST_PROBLEMS = 20

function unreadable(problems: readonly string[]): Judgement {
  const reasons = problems.slice(0, MOST_PROBLEMS).map((message): Reason => ({
    verdict: 'Unreadable',
    rule: 'UnknownShape',
    address: '',
    attributes: [],
    message,
  }))
  return { verdict: 'Unreadable', reasons, summary: NO_CHANGES }
}

function byRankAndAddress(one: Reason, other: Reason): number {
  const rank = ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict)
  if (rank !== 0) return rank
  return one.address < other.address ? -1 : one.address > other.address ? 1 : 0
}
