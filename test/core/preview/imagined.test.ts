import { describe, expect, it } from 'vitest'

import { describeAction } from '../../../controller/core/action.ts'
import type { Freeze } from '../../../controller/core/freeze.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { previewActions } from '../../../controller/core/preview.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { all, inputOf } from '../plan/planning.ts'

const { http: _http, ...plain } = smokeGate
const second = desiredRelease({ version: '2' })

/** What would be done, and at the end why it goes no further. */
function lines(change: Partial<PlanInput>, controller = served()): readonly string[] {
  const { actions, blocked } = previewActions(inputOf(controller, change), controller.active)
  return [...actions.map(describeAction), ...(blocked === undefined ? [] : [`blocked: ${blocked}`])]
}

describe('a preview', () => {
  it('ends where a freeze holds the version back', () => {
    const freeze: Freeze = {
      until: undefined,
      allowsRollback: false,
      allowsCorrection: false,
      windows: ['"sometimes"'],
    }
    expect(lines({ desired: second, freeze })).toEqual([
      'blocked: the new version waits; frozen by "sometimes" until spec.freeze is corrected: a window can’t be read',
    ])
  })

  it('ends where the release waits for another one', () => {
    const api = {
      release: 'api',
      wanted: 'a2',
      status: {},
      active: undefined,
      lastSucceeded: undefined,
      newest: 0,
    }
    expect(lines({ desired: second, relations: { dependsOn: [api], group: undefined } })).toEqual([
      'blocked: waits until api serves; api: not begun yet',
    ])
  })

  it('lets the task of a gate run once and end well', () => {
    const migrate = {
      ...plain,
      name: 'migrate',
      when: 'BeforeProvision' as const,
      task: { command: ['migrate'] },
    }
    const seen = lines({ desired: desiredRelease({ version: '2', gates: [migrate] }) })
    expect(seen.filter((each) => each.includes('migrate'))).toHaveLength(2)
    expect(seen.filter((each) => !each.includes('migrate'))).toEqual(lines({ desired: second }))
  })
})

describe('after an imagined action', () => {
  const before = served().world.look(blank, all)

  it('autoscaling may do what it was told', () => {
    const scaling = { minimum: 1, maximum: 4, suspended: 'ScaleIn' } as const
    const after = afterAction(before, { kind: 'SetScaling', side: 'green', ...scaling }, undefined)
    expect(after).toEqual({
      ...before,
      sides: { ...before.sides, green: { ...before.sides.green, scaling } },
    })
  })

  it('a new service has the tags of its settings, those without a value empty', () => {
    const settings = { tags: [{ key: 'team', value: 'shop' }, { key: 'empty' }] }
    const action = { kind: 'CreateService', side: 'blue', taskDefinition: 'x:1', desiredCount: 1 } as const
    expect(afterAction(before, action, settings).sides.blue.service?.tags).toEqual({
      team: 'shop',
      empty: '',
    })
  })

  it('no test rule is pointed where there is none', () => {
    const none = { ...before, test: null }
    expect(afterAction(none, { kind: 'PointTest', side: 'blue' }, undefined)).toEqual(none)
  })

  it.each([
    { kind: 'TagService', side: 'blue', tags: { team: 'shop' } },
    { kind: 'ApplySettings', side: 'blue', settings: { propagateTags: 'SERVICE' } },
  ] as const)('nothing is given to a service that is not there: $kind', (action) => {
    expect(afterAction(before, action, undefined)).toEqual(before)
  })
})
