import type { InfrastructurePlan, InfrastructureStatus } from '../../resources/types.ts'
import { fromTimestamp } from '../time.ts'
import { UNPLANNED } from './interrupted.ts'

/** A condition as it is said before it knows when it last changed. */
export interface Said {
  readonly type: 'InfrastructureReady' | 'StateLocked'
  readonly is: boolean
  readonly reason: string
  readonly message: string
}

export interface SaidFacts {
  readonly environment: string
  readonly status: InfrastructureStatus
  /** Of what the wanted commit gives to Terraform; undefined while that is not known. */
  readonly inputDigest: string | undefined
  /** Why Terraform is not started at all. */
  readonly refusal?: { readonly reason: string; readonly message: string } | undefined
}

/** What an environment's conditions say of its infrastructure. */
export function infrastructureSaid(facts: SaidFacts): readonly Said[] {
  return [
    { type: 'InfrastructureReady', ...readiness(facts) },
    { type: 'StateLocked', ...lockSaid(facts) },
  ]
}

/** Whether releases may rely on what the wanted commit's inputs make. */
export function isApplied({ status, inputDigest }: Pick<SaidFacts, 'status' | 'inputDigest'>): boolean {
  return inputDigest !== undefined && status.inputDigest === inputDigest
}

interface Why {
  readonly reason: string
  readonly message: string
}

function readiness(facts: SaidFacts): Omit<Said, 'type'> {
  const { status, environment } = facts
  if (isApplied(facts)) return { is: true, reason: 'Applied', message: appliedMessage(status, environment) }
  return { is: false, ...whyNot(facts) }
}

function whyNot({ status, environment, inputDigest, refusal }: SaidFacts): Why {
  const { applying, failure, lock, plan } = status
  if (refusal !== undefined) return refusal
  if (inputDigest === undefined)
    return { reason: 'NotRead', message: 'what Terraform shall be given is not known yet' }
  // Whoever else holds the lock, no apply of ours goes on that could be followed; nor does one that has failed.
  const hasFailed =
    failure !== undefined &&
    applying !== undefined &&
    fromTimestamp(failure.at) >= fromTimestamp(applying.startedAt)
  if (applying !== undefined && lock === undefined && !hasFailed)
    return { reason: 'Applying', message: `Terraform applies commit ${applying.commit.slice(0, 12)}` }
  if (failure?.inputDigest === inputDigest) return { reason: failure.reason, message: failure.message }
  if (plan?.inputDigest === inputDigest) return whyWaiting(plan, environment)
  return { reason: 'Planning', message: 'Terraform has not applied the wanted commit yet' }
}

/** What stands between a plan and its apply, and what to do about it. */
function whyWaiting(plan: InfrastructurePlan, environment: string): Why {
  const first = plan.reasons?.[0]
  const why = first === undefined ? '' : `; ${first.message}`
  switch (plan.permission) {
    case 'AwaitApproval':
      return {
        reason: 'AwaitingApproval',
        message: `the plan waits for a person (${plan.summary})${why}; ${
          plan.id === UNPLANNED
            ? 'it is planned first'
            : `steersman terraform approve ${environment} --plan ${plan.id}`
        }`,
      }
    case 'Frozen':
      return {
        reason: 'Frozen',
        message: `the plan is applied when the freeze ends (${plan.summary}); the condition Frozen says when`,
      }
    case 'PlanOnly':
      return {
        reason: 'PlanOnly',
        message: `the plan is only shown, because spec.terraform.apply is Never (${plan.summary}); apply it by hand`,
      }
    case 'Refuse':
      return {
        reason: 'PlanRefused',
        message: `the plan is refused${plan.verdict === 'Safe' ? '' : ` as ${plan.verdict}`} (${plan.summary})${why}; change the root, and push`,
      }
  }
}

function appliedMessage(status: InfrastructureStatus, environment: string): string {
  const { plan, drift, failure, commit = '' } = status
  const applied = `commit ${commit.slice(0, 12)} is applied`
  const drifted =
    drift === undefined || drift.length === 0
      ? ''
      : `; ${drift.length} ${drift.length === 1 ? 'attribute is' : 'attributes are'} not as Terraform left them`
  const waiting = plan?.inputDigest === status.inputDigest && plan !== undefined
  const failed = failure?.inputDigest === status.inputDigest && failure !== undefined
  return [
    `${applied}${drifted}`,
    ...(waiting ? [whyWaiting(plan, environment).message] : []),
    ...(failed ? [`Terraform failed since then: ${failure.message}`] : []),
  ].join('; ')
}

function lockSaid({ status, environment }: SaidFacts): Omit<Said, 'type'> {
  const { lock } = status
  if (lock === undefined) return { is: false, reason: 'Free', message: 'nobody holds the lock of the state' }
  const since = lock.since === undefined ? '' : ` since ${lock.since}`
  return {
    is: true,
    reason: 'StateLocked',
    message:
      `${lock.who} holds the lock of the state${since} (${lock.operation}); it is waited for. ` +
      `If that process is gone: steersman terraform unlock ${environment} --id ${lock.id}`,
  }
}
