import { describe, expect, it } from 'vitest'

import type { DesiredRelease } from '../../../controller/core/desired.ts'
import { driftOf } from '../../../controller/core/drift.ts'
import type { ReleaseObservation, Side } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { renamedSides } from '../../../controller/core/plan/renamed.ts'
import { releaseStatus } from '../../../controller/core/status.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf, line } from './planning.ts'

function wanting(service: Partial<DesiredRelease['spec']['service']>): DesiredRelease {
  const release = desiredRelease()
  const { spec } = release
  return { ...release, commit: 'another', spec: { ...spec, service: { ...spec.service, ...service } } }
}

/** Version 1 serves from green, and services of these sides are not there under their new names. */
function planned(desired: DesiredRelease, ...missing: readonly Side[]): PlanInput {
  const input = inputOf(served(), { desired })
  const { observation } = input
  const seen: ReleaseObservation['sides'] = {
    blue: observation.sides.blue,
    green: missing.includes('green')
      ? { ...observation.sides.green, service: null }
      : observation.sides.green,
  }
  return { ...input, observation: { ...observation, sides: seen } }
}

const names = { blue: 'shop-blue', green: 'shop-green' }

describe('a release whose services are named otherwise', () => {
  it('stalls and names what runs and what to do', () => {
    expect(planRelease(planned(wanting({ names }), 'green'))).toEqual({
      kind: 'Stall',
      reason: 'ServicesRenamed',
      message:
        "this release runs as service web-blue and web-green in cluster shop, and shop-blue and shop-green in cluster shop is wanted, which does not exist; ECS can't rename a service, and the old ones would be left running; put spec.service back, or create the new services yourself and delete the old ones",
    })
  })

  it.each<readonly [title: string, input: () => PlanInput, expected: readonly Side[]]>([
    ['none where the names are as they were', () => planned(wanting({}), 'green'), []],
    [
      'the side whose name is another',
      () => planned(wanting({ names: { ...names, blue: 'web-blue' } }), 'green'),
      ['green'],
    ],
    ['both in another cluster', () => planned(wanting({ cluster: 'other' }), 'green'), ['blue', 'green']],
    ['only those that nobody has made', () => planned(wanting({ names })), ['blue']],
    [
      'none where nothing ever served',
      () => ({ ...planned(wanting({ names }), 'green'), lastSucceeded: undefined }),
      [],
    ],
  ])('concerns %s', (_title, input, expected) => {
    expect(renamedSides(input())).toEqual(expected)
  })

  it('is not taken for one whose service was deleted by hand', () => {
    expect(line(planRelease(planned(wanting({}), 'green')))).not.toContain('ServicesRenamed')
  })

  it('has not drifted, and still says what served', () => {
    const input = planned(wanting({ names }), 'green')
    expect(driftOf({ ...input, live: 'green', policy: input.drift })).toEqual([])
    const live = { side: 'green', taskDefinition: 'arn:td' } as const
    const status = releaseStatus({
      ...input,
      previous: { live },
      generation: 1,
      outcome: { kind: 'Stalled', reason: 'ServicesRenamed', message: 'renamed' },
      live: 'green',
      drift: undefined,
      held: undefined,
    })
    expect(status.live).toEqual(live)
  })
})
