import { describeAction } from '../../../controller/core/action.ts'
import type { Decision, PlanInput } from '../../../controller/core/plan/decision.ts'
import { blank } from '../../support/release-controller.ts'
import type { ReleaseController } from '../../support/release-controller.ts'

/** Everything there is to look at. */
export const all = ['services', 'rules', 'blue', 'green'] as const

/** What a plan would look at for that controller. */
export function inputOf(controller: ReleaseController, change: Partial<PlanInput> = {}): PlanInput {
  return {
    desired: controller.desired,
    status: controller.status,
    last: controller.last,
    lastSucceeded: controller.lastSucceeded,
    nextNumber: 2,
    requests: controller.requests,
    drift: controller.drift,
    freeze: undefined,
    served: new Set(),
    observation: controller.world.look(blank, all),
    now: controller.world.now,
    mayWrite: true,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
    ...change,
  }
}

/** A decision as a line. */
export function line(decision: Decision): string {
  switch (decision.kind) {
    case 'Look':
      return `look at ${decision.parts.join(', ')}`
    case 'Act':
      return `${decision.drift ? 'mend' : 'do'}: ${describeAction(decision.action)}`
    case 'Start':
      return `start to ${decision.spec.to.side} because of ${decision.spec.why}`
    case 'Converged':
      return 'converged'
    case 'Frozen':
      return `Frozen: ${decision.message}`
    case 'Wait':
    case 'Blocked':
    case 'Stall':
    case 'Refused':
      return `${decision.kind}: ${decision.reason}`
  }
}
