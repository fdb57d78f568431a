import type { ReleaseObservation } from '../../controller/core/observation.ts'
import type { RolloutStatus } from '../../controller/resources/types.ts'

/** How one question of a gate ends. */
export type GateAnswer = 'Success' | 'Failure' | 'Inconclusive'

/** All of a gate's answers: the same each time, or by how often it was asked before. */
export type GateAnswers = GateAnswer | ((asked: number) => GateAnswer)

/** The answer to the next question. */
export function answered(answers: GateAnswers, status: RolloutStatus, gate: string): GateAnswer {
  const asked = status.gates?.find(({ name }) => name === gate)?.attempts ?? 0
  return typeof answers === 'function' ? answers(asked) : answers
}

/** What a gate says of its answer. */
export const messages = {
  Success: 'status 200',
  Failure: 'status 500',
  Inconclusive: 'no answer',
} as const satisfies Record<GateAnswer, string>

/** Nothing was looked at yet. */
export const blank: ReleaseObservation = {
  loadBalancer: null,
  sides: {
    blue: { service: null, targetGroup: null, members: undefined },
    green: { service: null, targetGroup: null, members: undefined },
  },
  production: [],
  test: null,
  seen: [],
}
