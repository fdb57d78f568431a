import { withDestroying } from '../../core/infrastructure/destroyed.ts'
import { keptOutputs } from '../../core/infrastructure/outputs.ts'
import { imageText } from '../../core/infrastructure/variables.ts'
import type { InfrastructureStatus } from '../../resources/types.ts'
import type { RunningApply, TerraformSession } from '../../ports/terraform.ts'
import { assertMayWriteTo } from '../permission.ts'
import type { Judged } from './judged.ts'
import { shownDrift } from './judged.ts'
import { handled, keepLocked } from './state-lock.ts'
import { timed } from './timed.ts'
import type { InfrastructureTurn } from './turn.ts'
import { keep, nowText } from './turn.ts'

/** How long the apply waits for the state's lock, which the plan has just given back. */
const LOCK_TIMEOUT_MS = 10_000
const MOST_RESOURCES = 100

/** Applies the very plan that was judged. What is under way is stored before and while it runs, so that a controller that comes after a crash follows it. */
export async function applyPlan(
  turn: InfrastructureTurn,
  session: TerraformSession,
  plan: Judged,
): Promise<void> {
  const { engine, environment, want, epoch } = turn
  const before = turn.status.destroyed
  const intent = {
    commit: want.commit,
    inputDigest: want.inputDigest,
    planDigest: plan.id,
    startedAt: nowText(turn),
  }
  await keep(turn, (current) => ({
    ...current,
    ...handled(turn),
    // Until this has come to its end, the state is neither as it was nor as it will be.
    inputDigest: current.inputDigest === want.inputDigest ? want.inputDigest : undefined,
    applying: intent,
    destroyed: destroyedWith(current, intent, plan),
    plan: undefined,
    lock: undefined,
    lockedBy: undefined,
  }))
  // Whoever waits for it is told that it is under way.
  engine.enqueueEnvironment(environment)
  engine.leads.of(environment).assertHeldFor(engine.settings.callTimeoutMs, epoch)
  await assertMayWriteTo(engine, environment)
  const applied = await timed(turn, 'apply', () =>
    session.apply({
      digest: plan.fileDigest,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      onRunning: (running) =>
        keep(turn, (current) => ({ ...current, applying: { ...intent, ...stored(running) } })),
    }),
  )
  if (applied.result === 'StateLocked') {
    await keep(turn, ({ applying: _none, ...current }) => ({ ...current, destroyed: before }))
    return keepLocked(turn, applied.lock)
  }
  await keepApplied(turn, session, { ...plan, drift: [] }, nowText(turn))
}

const destroyedWith = (
  { destroyed }: InfrastructureStatus,
  { commit, startedAt }: { readonly commit: string; readonly startedAt: string },
  { judgement }: Judged,
): InfrastructureStatus['destroyed'] => {
  const all = withDestroying(destroyed, { commit, at: startedAt }, judgement)
  return all === undefined ? undefined : [...all]
}

function stored({
  process,
  directory,
  lockId,
}: RunningApply): Partial<NonNullable<InfrastructureStatus['applying']>> {
  return { process: { ...process }, directory, ...(lockId === undefined ? {} : { lockId }) }
}

/** The inputs are applied: by this run, or because Terraform found nothing to do. */
export async function keepApplied(
  turn: InfrastructureTurn,
  session: TerraformSession,
  plan: Judged,
  appliedAt?: string,
): Promise<void> {
  const { want } = turn
  const outputs = await session.outputs()
  await keep(turn, (current) => ({
    ...current,
    ...handled(turn),
    commit: want.commit,
    inputDigest: want.inputDigest,
    planDigest: plan.id,
    images: Object.fromEntries(
      Object.entries(want.images).map(([release, image]) => [release, imageText(image)]),
    ),
    outputs: keptOutputs(outputs) as InfrastructureStatus['outputs'],
    appliedAt: appliedAt ?? current.appliedAt ?? nowText(turn),
    checkedAt: nowText(turn),
    drift: plan.drift.length === 0 ? undefined : shownDrift(plan),
    plan: undefined,
    failure: undefined,
    lock: undefined,
    lockedBy: undefined,
    lastApply: finished(turn, current),
    applying: undefined,
  }))
}

/** The apply that was under way until now; without one, that of before. */
function finished(
  turn: InfrastructureTurn,
  { applying, lastApply }: InfrastructureStatus,
): InfrastructureStatus['lastApply'] {
  if (applying === undefined) return lastApply
  const { commit, startedAt } = applying
  return { commit, startedAt, finishedAt: nowText(turn), resources: turn.done.slice(0, MOST_RESOURCES) }
}
