import type {
  DefaultedGate,
  GateDecision,
  GateStatus,
  RolloutSpec,
  RolloutStatus,
} from '../../resources/generated/rollout.ts'
import { endGate, gateStatus, restartGate, withDecision } from './gates.ts'
import { isFinished } from './state.ts'
import type { RolloutState } from './state.ts'
import { afterWait } from './waiting.ts'

/** Takes over what a person decided, once. It counts where the rollout waits for just that; one that comes too late changes nothing. */
export function takeDecision({ spec, status }: RolloutState, now: number): RolloutStatus {
  const { decisionRequested: decision, ...rest } = status
  if (decision === undefined) return status
  const heard = { ...rest, handledDecisionAt: decision.at }
  const gate = spec.gates?.find(({ name }) => name === decision.gate)
  if (gate === undefined || decisionProblem({ spec, status }, decision) !== undefined) return heard
  return decided(afterWait(heard, now), { gate, decision, now })
}

/** Why a decision does not count. */
interface DecisionProblem {
  readonly code: 'NothingToDecide' | 'AnotherGate' | 'StillAsking' | 'RunsOnce' | 'NotAnApprover'
  /** A sentence for people. */
  readonly message: string
}

/** Undefined where the decision counts. */
export function decisionProblem(
  { spec, status }: { readonly spec: RolloutSpec; readonly status: RolloutStatus },
  decision: Pick<GateDecision, 'gate' | 'verdict' | 'by'>,
): DecisionProblem | undefined {
  const { awaiting } = status
  if (isFinished(status) || status.phase === 'RollingBack' || awaiting === undefined)
    return { code: 'NothingToDecide', message: 'the rollout waits for no decision' }
  const { gate } = awaiting
  if (gate !== decision.gate)
    return { code: 'AnotherGate', message: `the rollout waits for gate ${gate}, not ${decision.gate}` }
  switch (decision.verdict) {
    case 'Approved':
      return approvalProblem(spec, decision)
    case 'Rejected':
      return undefined
    case 'Retried':
      return retryProblem({ spec, status }, { gate, result: awaiting.result })
  }
}

/** A task runs once in a rollout, so it is the next rollout that runs it again. */
function retryProblem(
  { spec, status }: { readonly spec: RolloutSpec; readonly status: RolloutStatus },
  { gate, result }: { readonly gate: string; readonly result: GateStatus['result'] },
): DecisionProblem | undefined {
  if (result === undefined) return { code: 'StillAsking', message: `gate ${gate} is asking already` }
  if (gateStatus(status, gate)?.task === undefined) return undefined
  const message = `the task of gate ${gate} runs once in a rollout: reject it, then \`steersman retry ${spec.environment}/${spec.release}\` begins the next one`
  return { code: 'RunsOnce', message }
}

/** Approving is for those whom the gate names, and never for whoever pushed the commit: four eyes see more than two. */
function approvalProblem(
  { gates, pushedBy }: Pick<RolloutSpec, 'gates' | 'pushedBy'>,
  { gate, by }: Pick<GateDecision, 'gate' | 'by'>,
): DecisionProblem | undefined {
  const approvers = gates?.find(({ name }) => name === gate)?.manual?.approvers
  if (approvers !== undefined && !approvers.includes(by))
    return { code: 'NotAnApprover', message: `${by} is not among the approvers of gate ${gate}` }
  return pushedBy?.some((person) => isSamePerson(person, by)) === true
    ? { code: 'NotAnApprover', message: `${by} pushed the commit, and who pushed it may not approve it` }
    : undefined
}

/** Git writes `Ada <ada@example.com>`; a token is named after either part, or the whole. */
function isSamePerson(person: string, by: string): boolean {
  const [, name = person, address = person] = /^(.*?)\s*<([^<>]*)>$/.exec(person) ?? []
  return [person, name, address].some((known) => plain(known) === plain(by))
}

const plain = (name: string): string => name.trim().toLowerCase()

function decided(
  status: RolloutStatus,
  {
    gate,
    decision,
    now,
  }: { readonly gate: DefaultedGate; readonly decision: GateDecision; readonly now: number },
): RolloutStatus {
  if (decision.verdict === 'Retried') return restartGate(status, gate)
  const noted = withDecision(status, gate, decision)
  if (gateStatus(status, gate.name)?.result !== undefined) return noted
  const result = decision.verdict === 'Approved' ? 'Passed' : 'Failed'
  return endGate(noted, { gate, result, now, message: sentenceOf(decision) })
}

/** A decision as people read it. */
const sentenceOf = ({ verdict, by, comment }: GateDecision): string =>
  `${verdict.toLowerCase()} by ${by}${comment === undefined ? '' : `: ${comment}`}`
