import { durationMs } from '../../../resources/duration.ts'
import { withHint } from '../ecs-words.ts'
import { askGates } from '../phases/verifying.ts'
import { watchGates } from '../phases/watching.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { finish, gatesAt, phaseStart } from '../state.ts'
import { wait } from '../step.ts'
import { bring, failed, fixedBy, givenBy, missingOnly, onlyOf } from './bring.ts'
import { givenUp } from './ecs-deployment.ts'
import { progressOf } from './progress.ts'
import type { Progress } from './progress.ts'

/** Watches the new version at full count for the bake time: it has to keep running, not only to start. */
export function onlyBaking(input: StepInput): PhaseResult {
  const look = missingOnly(input)
  if (look !== undefined) return look
  const { rollout, now } = input
  const { service } = onlyOf(input)
  const gone = lost(input)
  if (gone !== undefined) return gone
  const kept = fixedBy(input) ?? bring(input, givenBy(rollout, service))
  if (kept !== undefined) return kept
  const until = phaseStart(rollout.status) + durationMs(rollout.spec.strategy.bake)
  const gates = watchGates(input, gatesAt(rollout, 'Bake'), { until, reason: 'Baking' })
  if (gates !== undefined) return gates
  if (now < until)
    return wait(input, {
      reason: 'Baking',
      message: progress(input).message,
      lookAgainMs: Math.min(input.pollMs, until - now),
    })
  return (
    unsteady(input) ??
    askGates(input, gatesAt(rollout, 'AfterSuccess'), () => undefined) ?? {
      kind: 'Again',
      status: finish(
        { ...rollout.status, reason: 'Succeeded', message: 'the new version runs' },
        'Succeeded',
        now,
      ),
    }
  )
}

const progress = (input: StepInput): Progress =>
  progressOf(onlyOf(input), {
    taskDefinition: input.rollout.spec.taskDefinition,
    staleTasks: input.rollout.status.staleTasks ?? [],
  })

/** ECS went back by itself, or no task of the new version runs any more. */
function lost(input: StepInput): PhaseResult | undefined {
  const { rollout, now, writes, stalenessBoundMs } = input
  const { service } = onlyOf(input)
  const reason = service === null ? undefined : givenUp(service, { rollout, writes })
  if (reason !== undefined) return failed(input, { reason: 'DeploymentFailed', message: reason })
  const { running, message } = progress(input)
  if (running.length > 0 || service?.desiredCount === 0) return undefined
  // A reading may be from before the version was seen running.
  return now - phaseStart(rollout.status) < stalenessBoundMs
    ? wait(input, { reason: 'ReadBack', message: `${message}; this may be an old reading` })
    : failed(input, { reason: 'NoTasksRunning', message: withHint(message, service, rollout) })
}

/**
 * A wait until as many tasks as are wanted have run as long as the bake lasts: a version whose tasks end and are started again and again never gets there, and
 * the deadline ends it. Tasks that autoscaling adds meanwhile are not waited for.
 */
function unsteady(input: StepInput): PhaseResult | undefined {
  const { rollout, now } = input
  const { service } = onlyOf(input)
  const bakeMs = durationMs(rollout.spec.strategy.bake)
  const { running, others, message } = progress(input)
  const count = service?.desiredCount ?? 0
  const wanted = Math.min(count, rollout.spec.desiredCount ?? rollout.status.originCount ?? count)
  const through = running.filter(({ createdAt }) => createdAt <= now - bakeMs).length
  if (through >= wanted && others === 0) return undefined
  const said =
    others > 0 || running.length < wanted
      ? message
      : `only ${through} of ${wanted} tasks have run for ${rollout.spec.strategy.bake}; the others were started meanwhile`
  return wait(input, {
    reason: 'Unsteady',
    message: withHint(`the bake time is over, but ${said}`, service, rollout),
  })
}
