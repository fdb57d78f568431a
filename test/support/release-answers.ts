import type { ReleaseObservation } from '../../controller/core/observation.ts'

/** How one question of a gate ends. */
export type GateAnswer = 'Success' | 'Failure' | 'Inconclusive'

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
