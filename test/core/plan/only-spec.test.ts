import { describe, expect, it } from 'vitest'

import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { onlyOrigin, onlySpec } from '../../../controller/core/plan/only-spec.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { NEW, OLD, rolloutIn, seen, service, spec } from '../rollout/only.ts'

type OriginInput = Parameters<typeof onlyOrigin>[0]

const release = desiredRelease()
const settings = { healthCheckGracePeriodSeconds: 7 }
const input = (change: Partial<OriginInput> = {}): OriginInput => ({
  desired: release,
  status: {},
  last: undefined,
  lastSucceeded: undefined,
  observation: seen(service()),
  ...change,
})
const failedWith = (taskDefinition: string) =>
  rolloutIn('RolledBack', { outcome: 'RolledBack' }, spec({ taskDefinition }))

describe('what one service goes back to', () => {
  it('is what was rolled out last, with the settings that came with it', () => {
    const withSettings = spec({ service: { cluster: 'shop', name: 'mailer', settings } })
    const lastSucceeded = rolloutIn('Succeeded', { outcome: 'Succeeded' }, withSettings)
    expect(onlyOrigin(input({ lastSucceeded }))).toEqual({
      taskDefinition: NEW,
      rollout: 'prod-mailer-2',
      settings,
    })
  })

  it('has no settings where none came with it', () => {
    const lastSucceeded = rolloutIn('Succeeded', { outcome: 'Succeeded' })
    expect(onlyOrigin(input({ lastSucceeded }))).toEqual({ taskDefinition: NEW, rollout: 'prod-mailer-2' })
  })

  it('is what the newest record says before the first rollout, whatever is there', () => {
    const recorded = { taskDefinition: `${OLD}0` } as NonNullable<OriginInput['desired']['recorded']>
    expect(onlyOrigin(input({ desired: { ...release, recorded } }))).toEqual({ taskDefinition: `${OLD}0` })
  })

  it.each<readonly [title: string, change: Partial<OriginInput>, expected: string | undefined]>([
    ['what is there and runs', {}, OLD],
    ['what a person brought there although none of its tasks runs at the moment', idle(), OLD],
    ['nothing where there is no service', { observation: seen(null) }, undefined],
    ['nothing where the service is being deleted', there({ status: 'DRAINING' }), undefined],
    ['nothing where the service was emptied', there({ desiredCount: 0 }), undefined],
    ['what Steersman brought as long as it runs', { last: failedWith(OLD) }, OLD],
    ['nothing where Steersman brought it and none of it runs', idle({ last: failedWith(OLD) }), undefined],
    ['what is there where the last rollout brought another one', idle({ last: failedWith(NEW) }), OLD],
    [
      'nothing where Steersman registered it and none of it runs',
      idle({ status: { taskDefinitions: { d1: OLD } } }),
      undefined,
    ],
  ])('is before the first rollout %s', (_title, change, expected) => {
    expect(onlyOrigin(input(change))).toEqual(expected === undefined ? {} : { taskDefinition: expected })
  })
})

describe('what a rollout of one service writes down', () => {
  const written = (own: Partial<typeof release.spec.service>, desiredCount?: number) => {
    const { desiredCount: _count, ...rest } = release.spec.service
    const counted = desiredCount === undefined ? {} : { desiredCount }
    const desired = { ...release, spec: { ...release.spec, service: { ...rest, ...own, ...counted } } }
    return onlySpec(input({ desired }) as PlanInput, { why: 'Commit' })
  }

  it('names the service as the release is named, unless the release says another name', () => {
    expect(written({}).service).toEqual({ cluster: 'shop', name: 'web' })
    expect(written({ name: 'mailer' }).service).toEqual({ cluster: 'shop', name: 'mailer' })
  })

  it('has a count only where that is Steersman’s', () => {
    expect(written({}, 3)).toMatchObject({ desiredCount: 3, to: {}, from: { taskDefinition: OLD } })
    expect(written({})).not.toHaveProperty('desiredCount')
  })

  it('has the settings that are wanted, and leaves them out where none are', () => {
    expect(written({ settings }).service).toHaveProperty('settings', settings)
    expect(written({}).service).not.toHaveProperty('settings')
  })
})

function there(change: Parameters<typeof service>[0]): Partial<OriginInput> {
  return { observation: seen(service(change)) }
}

function idle(change: Partial<OriginInput> = {}): Partial<OriginInput> {
  return { ...there({ runningCount: 0 }), ...change }
}
