import type { DefaultedGate, GateStatus } from '../../../resources/generated/rollout.ts'
import { effectOf } from '../../action.ts'
import { fromTimestamp, timestamp } from '../../time.ts'
import { endOfTime, taskName, taskTurn } from '../gate-task.ts'
import { beginGate, endGate } from '../gates.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { targetPlace } from '../state.ts'
import { missing, wait } from '../step.ts'

/** Starts a gate's task, once, and waits for its end. */
export function runTask(input: StepInput, gate: DefaultedGate, status: GateStatus | undefined): PhaseResult {
  const { rollout, now, stalenessBoundMs } = input
  if (status === undefined) return { kind: 'Again', status: beginGate(rollout.status, gate, now) }
  const turn = taskTurn(gate, status, { now, stalenessBoundMs })
  switch (turn.kind) {
    case 'Look':
      return ask(input, { kind: 'ProbeGate', gate: gate.name, side: targetPlace(rollout) })
    case 'Run':
      return start(input, gate)
    case 'Stop':
      return ask(input, { kind: 'StopTask', gate: gate.name, task: turn.arn })
    case 'WaitUntil':
      return waitForTask(input, gate, status, turn.at)
    case 'Ended': {
      const { result } = turn
      const reason = result === 'Passed' || status.message === undefined ? '' : ` (${status.message})`
      return {
        kind: 'Again',
        status: endGate(rollout.status, { gate, result, now, message: `${turn.message}${reason}` }),
      }
    }
  }
}

const ask = (
  { rollout }: StepInput,
  action: Extract<PhaseResult, { kind: 'Act' }>['action'],
): PhaseResult => ({ kind: 'Act', status: rollout.status, action, before: '' })

/** A task that another rollout asked for a moment ago may be there, though no list shows it yet. */
function start(input: StepInput, gate: DefaultedGate): PhaseResult {
  const { rollout, now, writes, stalenessBoundMs } = input
  const { name, spec } = rollout
  const action = {
    kind: 'RunTask',
    gate: gate.name,
    rollout: name,
    taskDefinition: spec.taskDefinition,
  } as const
  const { object, value } = effectOf(action)
  const last = writes[object]
  const clearAt = last === undefined ? 0 : fromTimestamp(last.at) + stalenessBoundMs
  if (last !== undefined && last.after !== value && now < clearAt)
    return wait(input, {
      reason: 'Gate',
      message: `gate ${gate.name}: waiting until ${timestamp(clearAt)}, when the task of the rollout before must show if it still runs`,
      lookAgainMs: clearAt - now,
    })
  return missing(input, ['services']) ?? ask(input, action)
}

function waitForTask(input: StepInput, gate: DefaultedGate, status: GateStatus, at: number): PhaseResult {
  const { rollout, now } = input
  const { cluster } = rollout.spec.service
  const until = timestamp(endOfTime(gate, status, now))
  const arn = status.task?.arn
  const what =
    arn === undefined
      ? `waits until ${until} to start its task`
      : `runs task ${taskName(arn)} until ${until}, when it is stopped; see \`aws ecs describe-tasks --cluster ${cluster} --tasks ${taskName(arn)}\``
  const said = status.message === undefined ? '' : `: ${status.message}`
  return wait(input, {
    reason: 'Gate',
    message: `gate ${gate.name} ${what}${said}`,
    lookAgainMs: Math.max(0, at - now),
  })
}
