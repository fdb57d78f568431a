import { describe, expect, it } from 'vitest'

import { settingsChange } from '../../../controller/core/plan/settings.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import { blank } from '../../support/release-controller.ts'
import { served } from './planning.ts'

describe('the settings of a service', () => {
  const change = (wanted: ServiceSettings | undefined): ReturnType<typeof settingsChange> => {
    const { service } = served().world.look(blank, ['services']).sides.green
    const settings = { healthCheckGracePeriodSeconds: 10, enableExecuteCommand: false }
    return settingsChange(service === null ? null : { ...service, settings }, wanted)
  }

  it.each<readonly [title: string, wanted: ServiceSettings | undefined, expected: object]>([
    ['are left alone where none are wanted', undefined, { replacing: [], inPlace: {} }],
    ['that are as wanted are left alone', { enableExecuteCommand: false }, { replacing: [], inPlace: {} }],
    [
      'are set on the running service where that starts no task',
      { healthCheckGracePeriodSeconds: 30 },
      { replacing: [], inPlace: { healthCheckGracePeriodSeconds: 30 } },
    ],
    [
      'that ECS brings to new tasks only need a rollout',
      { enableExecuteCommand: true, healthCheckGracePeriodSeconds: 30 },
      { replacing: ['enableExecuteCommand'], inPlace: { healthCheckGracePeriodSeconds: 30 } },
    ],
  ])('%s', (_title, wanted, expected) => {
    expect(change(wanted)).toEqual(expected)
  })

  it('are set without their tags, which need a call of their own', () => {
    const wanted = { tags: [{ key: 'team', value: 'shop' }], healthCheckGracePeriodSeconds: 30 }
    expect(change(wanted as ServiceSettings).inPlace).toEqual({ healthCheckGracePeriodSeconds: 30 })
  })

  it('are none where there is no service', () => {
    expect(settingsChange(null, { enableExecuteCommand: true })).toEqual({ replacing: [], inPlace: {} })
  })
})
