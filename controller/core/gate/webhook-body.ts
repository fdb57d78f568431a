import type { RolloutState } from '../rollout/state.ts'

/** What a webhook gate is told of a rollout, as JSON. */
export const webhookBody = (rollout: RolloutState, gate: string): string =>
  JSON.stringify(rolloutFacts(rollout, gate))

/** What others are told of a rollout: what is tried, where it is, and how its gates did. Settings, requests of gates and the like may hold secrets and stay out. */
export function rolloutFacts({ name, spec, status }: RolloutState, gate: string): object {
  const {
    environment,
    release,
    number,
    commit,
    digest,
    image,
    taskDefinition,
    from,
    to,
    why,
    who,
    desiredCount,
  } = spec
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Rollout',
    metadata: { name },
    gate,
    spec: {
      environment,
      release,
      number,
      commit,
      digest,
      image,
      taskDefinition,
      from,
      to,
      why,
      who,
      desiredCount,
    },
    status: {
      phase: status.phase,
      step: status.step,
      steps: status.steps,
      weights: status.weights,
      startedAt: status.startedAt,
      phaseStartedAt: status.phaseStartedAt,
      deadlineAt: status.deadlineAt,
      gates: (status.gates ?? []).map((seen) => ({ name: seen.name, when: seen.when, result: seen.result })),
    },
  }
}
