import { describe, expect, it } from 'vitest'

import { describeAction } from '../../../controller/core/action.ts'
import { previewActions } from '../../../controller/core/preview.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf } from '../plan/planning.ts'
import { NEW, NOW, OLD, rolloutIn, seen, service, spec, tasks } from '../rollout/only.ts'

const { traffic: _none, ...pair } = desiredRelease().spec
const single = { ...pair, strategy: { ...pair.strategy, type: 'Rolling' as const } }
const good = rolloutIn(
  'Succeeded',
  { outcome: 'Succeeded' },
  spec({ taskDefinition: OLD, digest: 'd1', number: 1 }),
)

describe('a preview of a release of one service', () => {
  it('is the one write that makes ECS bring the version, and then all is as wanted', () => {
    const observation = { ...seen(service(), tasks(OLD, 2)), seen: ['services', 'rules', 'only'] as const }
    const input = inputOf(served(), {
      desired: {
        ...desiredRelease(),
        name: 'mailer',
        digest: 'd2',
        spec: single,
        version: { taskDefinition: NEW, document: undefined },
      },
      status: {},
      last: good,
      lastSucceeded: good,
      observation,
      now: NOW,
    })
    const { actions, blocked } = previewActions(input, undefined)
    expect(actions.map(describeAction)).toEqual(['give the service 2 tasks of prod-mailer:2'])
    expect(blocked).toBeUndefined()
  })
})
