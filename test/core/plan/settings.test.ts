import { describe, expect, it } from 'vitest'

import {
  launchTypeProblem,
  leavesProviders,
  needsNewDeployment,
  settingsChange,
} from '../../../controller/core/plan/settings.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import { blank, served } from '../../support/release-controller.ts'

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

  it.each<[title: string, live: object, ignore: string[], expected: object]>([
    [
      'a default that was changed beside what is named',
      { minimumHealthyPercent: 99 },
      [],
      { maximumPercent: 150, minimumHealthyPercent: 100 },
    ],
    ['what is named alone where that was changed', { maximumPercent: 200 }, [], { maximumPercent: 150 }],
    [
      'no part that is left to others',
      { maximumPercent: 170, minimumHealthyPercent: 99 },
      ['/service/deploymentConfiguration/maximumPercent'],
      { minimumHealthyPercent: 100 },
    ],
  ])('are written with %s, since ECS keeps what is left out', (_title, deployment, ignore, expected) => {
    const { service } = served().world.look(blank, ['services']).sides.green
    if (service === null) throw new Error('no service')
    const deploymentConfiguration = { maximumPercent: 150, minimumHealthyPercent: 100, ...deployment }
    const live = { ...service, settings: { deploymentConfiguration } }
    const wanted = { deploymentConfiguration: { maximumPercent: 150 } }
    expect(settingsChange(live, wanted, ignore).inPlace).toEqual({ deploymentConfiguration: expected })
  })

  it('are set without their tags, which need a call of their own', () => {
    const wanted = { tags: [{ key: 'team', value: 'shop' }], healthCheckGracePeriodSeconds: 30 }
    expect(change(wanted as ServiceSettings).inPlace).toEqual({ healthCheckGracePeriodSeconds: 30 })
  })

  it('are none where there is no service', () => {
    expect(settingsChange(null, { enableExecuteCommand: true })).toEqual({ replacing: [], inPlace: {} })
  })
})

describe('where tasks of a service run', () => {
  const { service } = served().world.look(blank, ['services']).sides.green
  if (service === null) throw new Error('no service')
  const onFargate = { ...service, settings: { launchType: 'FARGATE' } }
  const onInstances = { ...service, settings: { launchType: 'EC2' } }
  const providers = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]
  const onProviders = { ...service, settings: { capacityProviderStrategy: providers } }
  const fargate = { launchType: 'FARGATE' } as const

  it.each<readonly [title: string, live: typeof service, wanted: ServiceSettings, isForced: boolean]>([
    ['from a launch type to providers', onFargate, { capacityProviderStrategy: providers }, true],
    ['from providers to a launch type', onProviders, fargate, true],
    [
      'from providers to others',
      onProviders,
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      true,
    ],
    ['nowhere', onProviders, { capacityProviderStrategy: providers }, false],
    ['nowhere, with other settings', onFargate, { ...fargate, enableExecuteCommand: true }, false],
  ])('changes %s with a new deployment only where ECS asks for one', (_title, live, wanted, isForced) => {
    expect(needsNewDeployment(settingsChange(live, wanted))).toBe(isForced)
  })

  it('goes back to a launch type by giving up the providers there are', () => {
    expect(leavesProviders(onProviders, fargate)).toBe(true)
    expect(leavesProviders(onFargate, fargate)).toBe(false)
    expect(leavesProviders(onProviders, {})).toBe(false)
    expect(leavesProviders(null, fargate)).toBe(false)
  })

  it('says how to mend a launch type that a service can never get', () => {
    expect(launchTypeProblem(onInstances, fargate, 'green')).toEqual({
      reason: 'LaunchTypeFixed',
      message:
        "ECS can't change the launch type of service web-green from EC2 to FARGATE; delete the service, whose side is idle, and Steersman creates it anew (where Terraform made it, let Terraform replace it), or name the launch type that it has",
    })
  })

  it.each<readonly [title: string, live: typeof service | null, wanted: ServiceSettings | undefined]>([
    ['it has it', onFargate, fargate],
    ['it has providers, which it can give up', onProviders, fargate],
    ['none is wanted', onInstances, {}],
    ['nothing is wanted', onInstances, undefined],
    ['it is being deleted', { ...onInstances, status: 'DRAINING' }, fargate],
    ['there is no service', null, fargate],
  ])('says nothing of it where %s', (_title, live, wanted) => {
    expect(launchTypeProblem(live, wanted, 'green')).toBeUndefined()
  })
})
