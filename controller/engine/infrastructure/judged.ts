import { infrastructureDrift } from '../../core/infrastructure/drift.ts'
import type { InfrastructureDrift } from '../../core/infrastructure/drift.ts'
import type { Leftover } from '../../core/infrastructure/leftovers.ts'
import { judgePlan } from '../../core/infrastructure/judge.ts'
import type { Judgement } from '../../core/infrastructure/judge.ts'
import { permissionFor } from '../../core/infrastructure/permission.ts'
import type { Permission } from '../../core/infrastructure/permission.ts'
import { planId } from '../../core/infrastructure/plan-id.ts'
import { countsText } from '../../core/infrastructure/summary.ts'
import type { InfrastructureLeftover, InfrastructurePlan } from '../../resources/types.ts'
import type { PlanResult, TerraformSession } from '../../ports/terraform.ts'
import { judgedEnvironment } from './judged-environment.ts'
import { afterInterruptedApply } from './leftovers.ts'
import { handled } from './state-lock.ts'
import type { InfrastructureTurn } from './turn.ts'
import { freezeOf, keep, nowText } from './turn.ts'

/** A plan with what follows from it. */
export interface Judged {
  /** What an approval names. */
  readonly id: string
  /** Of the saved plan's file. */
  readonly fileDigest: string
  readonly inputDigest: string
  /** Of the state that it was made from. */
  readonly serial: number
  readonly judgement: Judgement
  readonly permission: Permission | 'Frozen'
  readonly drift: readonly InfrastructureDrift[]
  /** What an interrupted apply may have made, and this plan would make again. */
  readonly leftovers: readonly Leftover[]
}

/** Judges a plan by what serves now, and by the environment's policy. */
export async function judged(
  turn: InfrastructureTurn,
  session: TerraformSession,
  planned: Extract<PlanResult, { result: 'Planned' }>,
): Promise<Judged> {
  const { engine, state, settings, want } = turn
  const judgement = judgePlan(planned.json, await judgedEnvironment(engine.ports.store, state, settings))
  const drift = infrastructureDrift(planned.json)
  const decided = await afterInterruptedApply(turn, planned.json, {
    id: planId(planned.json) ?? planned.digest,
    judgement,
    permission: withDriftPolicy(turn, permissionFor(judgement, settings.apply)),
  })
  return {
    fileDigest: planned.digest,
    inputDigest: want.inputDigest,
    serial: await session.serial(),
    ...decided,
    permission: isFrozen(turn) && decided.permission === 'Apply' ? 'Frozen' : decided.permission,
    drift: 'problems' in drift ? [] : drift,
  }
}

/** What differs although the inputs are applied was changed by somebody: it is put right by itself only where the environment says so. */
function withDriftPolicy({ state, status, want }: InfrastructureTurn, permission: Permission): Permission {
  const isDrift = status.inputDigest === want.inputDigest
  const corrects = state.environment.spec.drift.infrastructure === 'Correct'
  return permission === 'Apply' && isDrift && !corrects ? 'AwaitApproval' : permission
}

/** Whether a freeze holds an apply back. One that was interrupted is brought to its end. */
function isFrozen(turn: InfrastructureTurn): boolean {
  const { status, want } = turn
  const freeze = freezeOf(turn)
  const isDrift = status.inputDigest === want.inputDigest
  return freeze !== undefined && status.applying === undefined && !(isDrift && freeze.allowsCorrection)
}

const MOST_RESOURCES = 100
const MOST_ATTRIBUTES = 200
const MOST_REASONS = 20
const MOST_DRIFT = 100
const MOST_LEFTOVERS = 100
const MOST_ADDRESSES = 20

/** Keeps a plan that is not applied: a person has to look at it, or it is refused. */
export async function keepWaiting(turn: InfrastructureTurn, plan: Judged): Promise<void> {
  const { permission } = plan
  if (permission === 'Nothing' || permission === 'Apply') return
  await keep(turn, (current) => ({
    ...current,
    ...handled(turn),
    applying: undefined,
    failure: undefined,
    lock: undefined,
    lockedBy: undefined,
    drift: shownDrift(plan),
    plan: shownPlan(turn, plan, permission),
  }))
}

function shownPlan(
  turn: InfrastructureTurn,
  { id, inputDigest, serial, judgement, leftovers }: Judged,
  permission: InfrastructurePlan['permission'],
): InfrastructurePlan {
  const { verdict, summary, reasons } = judgement
  return {
    id,
    commit: turn.want.commit,
    inputDigest,
    serial,
    at: nowText(turn),
    verdict,
    permission,
    summary: countsText(summary),
    resources: summary.resources.slice(0, MOST_RESOURCES).map(({ address, action, attributes }) => ({
      address,
      action,
      attributes: attributes.slice(0, MOST_ATTRIBUTES),
    })),
    reasons: reasons.slice(0, MOST_REASONS).map(({ rule, message }) => ({ rule, message })),
    ...(leftovers.length === 0 ? {} : { leftovers: leftovers.slice(0, MOST_LEFTOVERS).map(shownLeftover) }),
  }
}

function shownLeftover({ arn, importId, addresses }: Leftover): InfrastructureLeftover {
  return {
    ...(arn === undefined ? {} : { arn }),
    ...(importId === undefined ? {} : { importId }),
    addresses: addresses.slice(0, MOST_ADDRESSES),
  }
}

/** The attributes that drifted, as the status has them. */
export function shownDrift({
  drift,
}: Judged): { address: string; attribute: string; live: string; state: string }[] {
  return drift
    .slice(0, MOST_DRIFT)
    .map(({ address, attribute, live, state }) => ({ address, attribute, live, state }))
}
