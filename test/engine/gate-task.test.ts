import { describe, expect, it } from 'vitest'

import type { TaskDefinitionFacts } from '../../controller/core/observation.ts'
import { decisionProblem } from '../../controller/core/rollout/decisions.ts'
import { startedBy, taskOfGate, taskRequest } from '../../controller/engine/gate-task.ts'
import type { DefaultedGate, ServiceSettings } from '../../controller/resources/types.ts'
import { blank } from '../support/release-controller.ts'
import { merged } from '../core/rollout/gated.ts'
import { smokeGate } from '../support/release-fixtures.ts'

const { http: _http, ...plain } = smokeGate
const gate: DefaultedGate = {
  ...plain,
  name: 'migrate',
  when: 'BeforeProvision',
  task: { command: ['migrate'] },
}

/** The gate of a rollout that has just begun, whose release has these settings. */
function asked(settings?: ServiceSettings): ReturnType<typeof taskOfGate> {
  const controller = merged(gate)
  controller.turn()
  const { active } = controller
  if (active === undefined) throw new Error('no rollout has begun')
  const service = { ...active.spec.service, ...(settings === undefined ? {} : { settings }) }
  return taskOfGate('migrate', { ...active, spec: { ...active.spec, service } })
}

const definition = (...names: readonly string[]): TaskDefinitionFacts =>
  ({
    document: { containerDefinitions: names.map((name) => ({ name })) },
  }) as unknown as TaskDefinitionFacts

describe('the request for the task of a gate', () => {
  it('names release, rollout and gate, and has one token for all tries', () => {
    const one = asked()
    const request = taskRequest(one, { definition: definition('web'), observation: blank })
    expect(request).toMatchObject({ container: 'web', command: ['migrate'], startedBy: startedBy(one) })
    expect(request.tags).toMatchObject({
      'steersman.dev/gate': 'migrate',
      'steersman.dev/rollout': one.rollout.name,
      'steersman.dev/run': request.clientToken,
    })
    expect(taskRequest(one, { definition: definition('web'), observation: blank })).toEqual(request)
  })

  it('has the capacity of the release, by providers or by launch type', () => {
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]
    const settingsOf = (settings: ServiceSettings): unknown =>
      taskRequest(asked(settings), { definition: definition('web'), observation: blank }).settings
    expect(settingsOf({ launchType: 'FARGATE', platformVersion: '1.4.0' })).toEqual({
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
    })
    expect(settingsOf({ capacityProviderStrategy })).toEqual({ capacityProviderStrategy })
  })

  it('is not made where the container is not clear', () => {
    const seen = { definition: definition('app', 'proxy'), observation: blank }
    const { rollout } = asked()
    if (rollout.spec.traffic === undefined) throw new Error('a pair has traffic')
    const { container: _named, ...traffic } = rollout.spec.traffic
    const unclear = taskOfGate('migrate', { ...rollout, spec: { ...rollout.spec, traffic } })
    expect(() => taskRequest(unclear, seen)).toThrow('it is not clear in which container')
  })
})

describe('a gate whose task has failed', () => {
  it('is not asked again in the same rollout', () => {
    const { rollout } = asked()
    const status = {
      ...rollout.status,
      awaiting: { gate: 'migrate', result: 'Failed', since: '2026-01-01T00:00:00.000Z' } as const,
      gates: [{ name: 'migrate', when: 'BeforeProvision', result: 'Failed', task: { token: 'a' } } as const],
    }
    const decision = { gate: 'migrate', by: 'lead' } as const
    expect(
      decisionProblem({ spec: rollout.spec, status }, { ...decision, verdict: 'Retried' }),
    ).toMatchObject({ code: 'RunsOnce' })
    expect(
      decisionProblem({ spec: rollout.spec, status }, { ...decision, verdict: 'Rejected' }),
    ).toBeUndefined()
  })
})
