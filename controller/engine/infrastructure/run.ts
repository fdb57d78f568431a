import { PortError } from '../../ports/error.ts'
import type { PlanResult, TerraformSession } from '../../ports/terraform.ts'
import { applyPlan, keepApplied } from './apply.ts'
import { judged, keepWaiting } from './judged.ts'
import type { Judged } from './judged.ts'
import { readRoot } from './read-root.ts'
import { followInterrupted, keepInterrupted, keepLocked, mayUnlock } from './state-lock.ts'
import type { EndedApply } from './state-lock.ts'
import { tellResource } from './tell-resource.ts'
import { timed } from './timed.ts'
import type { InfrastructureTurn } from './turn.ts'
import { backendConfigOf, rootPolicyOf } from './want.ts'

/** How long a plan waits for the lock of somebody who is just about to free it. */
const LOCK_TIMEOUT_MS = 10_000

/** By which name the lock of a plan tells what it is held for; an import, say, or a move may be cut short like an apply. */
const PLANNING = 'OperationTypePlan'

/** One run of Terraform from the checkout to the apply, or to whatever stands in between. Throws PortErrors. */
export async function runTerraform(turn: InfrastructureTurn): Promise<void> {
  assertApart(turn)
  const ended = await followInterrupted(turn)
  const session = await openSession(turn)
  try {
    const planned = await planUnlocked(turn, session, ended)
    if (planned.result === 'StateLocked') return await keepLocked(turn, planned.lock, ended)
    const plan = await judged(turn, session, planned)
    if (!isStillWanted(turn)) return
    if (plan.permission === 'Nothing') return await keepApplied(turn, session, plan)
    if (plan.permission === 'Apply' || isApproved(turn, plan)) return await applyPlan(turn, session, plan)
    await keepWaiting(turn, plan)
  } finally {
    await session.close()
  }
}

/** Whoever can merge chooses what Terraform runs: where it would be our own user, it could read what we know. */
function assertApart({ engine, infrastructure }: InfrastructureTurn): void {
  if (engine.settings.terraformMayShareUser || infrastructure.terraform.isolation === 'OtherUser') return
  throw new PortError(
    'Terraform would run as the controller’s own user, who can read its memory and secrets',
    {
      code: 'TerraformNotApart',
      handling: 'stall',
      remedy:
        'run the controller as root, which gives each run a user of its own, or accept it with spec.terraform.isolation: Preferred in the Configuration',
    },
  )
}

async function openSession(turn: InfrastructureTurn): Promise<TerraformSession> {
  const { state, settings, want, infrastructure, environment, signal } = turn
  const { terraform } = infrastructure
  const { files, secrets, issues } = await readRoot({
    source: state.connections.source,
    terraform,
    commit: want.commit,
    root: settings.path,
    varFiles: settings.varFiles ?? [],
    policy: rootPolicyOf(settings),
  })
  const [issue] = issues
  if (issue !== undefined)
    throw new PortError(`${issue.file}: ${issue.message}`, { code: 'RootRefused', handling: 'stall' })
  await terraform.version()
  return terraform.open({
    environment,
    files,
    root: settings.path,
    workspace: { name: settings.workspace, create: true },
    backendConfig: backendConfigOf(settings),
    varFiles: settings.varFiles ?? [],
    variables: want.variables,
    credentials: await infrastructure.credentials(),
    secrets,
    signal,
    onEvent: (event) => tellResource(turn, event),
  })
}

/** A plan; where the lock may be freed, it is, and planned again. */
async function planUnlocked(
  turn: InfrastructureTurn,
  session: TerraformSession,
  ended: EndedApply | undefined,
): Promise<PlanResult> {
  const plan = (): Promise<PlanResult> =>
    timed(turn, 'plan', () => session.plan({ isRefreshOnly: false, lockTimeoutMs: LOCK_TIMEOUT_MS }))
  const first = await plan()
  if (first.result !== 'StateLocked' || !mayUnlock(turn, first.lock, ended)) return first
  // An apply that holds its lock still could not save what it had made.
  if (first.lock.operation !== PLANNING) await keepInterrupted(turn)
  await session.unlock(first.lock.id)
  return plan()
}

/** A plan takes minutes: by its end a newer commit may want something else, and what its releases stand on must not change under them. */
function isStillWanted({ state, want }: InfrastructureTurn): boolean {
  const { infrastructure: now } = state
  return now?.kind === 'Inputs' && now.inputDigest === want.inputDigest
}

/** An approval is of exactly what would be done: another effect, other inputs or a newer state, and it lapses. */
function isApproved({ requests, status }: InfrastructureTurn, plan: Judged): boolean {
  const { approval } = requests
  const waiting = status.plan
  return (
    approval !== undefined &&
    waiting !== undefined &&
    plan.permission === 'AwaitApproval' &&
    approval.plan === plan.id &&
    waiting.id === plan.id &&
    waiting.inputDigest === plan.inputDigest &&
    waiting.serial === plan.serial
  )
}
