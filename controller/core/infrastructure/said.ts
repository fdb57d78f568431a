import type { InfrastructurePlan, InfrastructureStatus } from '../../resources/types.ts'

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

function readiness(facts: SaidFacts): Omit<Said, 'type'> {
  const { status, environment } = facts
  if (isApplied(facts)) return { is: true, reason: 'Applied', message: appliedMessage(status, environment) }
  const because = (reason: string, message: string): Omit<Said, 'type'> => ({ is: false, reason, message })
  const { applying, failure, plan } = status
  const { inputDigest, refusal } = facts
  if (refusal !== undefined) return because(refusal.reason, refusal.message)
  if (inputDigest === undefined) return because('NotRead', 'what Terraform shall be given is not known yet')
  if (applying !== undefined)
    return because('Applying', `Terraform applies commit ${applying.commit.slice(0, 12)}`)
  if (failure?.inputDigest === inputDigest) return because(failure.reason, failure.message)
  if (plan?.inputDigest === inputDigest)
    return because(REASONS[plan.permission], planMessage(plan, environment))
  return because('Planning', 'Terraform has not applied the wanted commit yet')
}

const REASONS = {
  AwaitApproval: 'AwaitingApproval',
  PlanOnly: 'PlanOnly',
  Refuse: 'PlanRefused',
} as const satisfies Record<InfrastructurePlan['permission'], string>

/** What stands between a plan and its apply, and what to do about it. */
function planMessage(plan: InfrastructurePlan, environment: string): string {
  const first = plan.reasons?.[0]
  const why = first === undefined ? '' : `; ${first.message}`
  switch (plan.permission) {
    case 'AwaitApproval':
      return `the plan waits for a person (${plan.summary})${why}; steersman terraform approve ${environment} --plan ${plan.id}`
    case 'PlanOnly':
      return `the plan is only shown, because spec.terraform.apply is Never (${plan.summary}); apply it by hand`
    case 'Refuse':
      return `the plan is refused as ${plan.verdict} (${plan.summary})${why}; change the root, and push`
  }
}

function appliedMessage(status: InfrastructureStatus, environment: string): string {
  const { plan, drift, commit = '' } = status
  const applied = `commit ${commit.slice(0, 12)} is applied`
  const drifted =
    drift === undefined || drift.length === 0
      ? ''
      : `; ${drift.length} ${drift.length === 1 ? 'attribute is' : 'attributes are'} not as Terraform left them`
  const waiting = plan?.inputDigest === status.inputDigest && plan !== undefined
  return `${applied}${drifted}${waiting ? `; ${planMessage(plan, environment)}` : ''}`
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
