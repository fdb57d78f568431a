import { describe, expect, it } from 'vitest'

import { failbackReason, failbackRelease, lastGoodBefore } from '../../../controller/core/plan/failback.ts'
import { onlyOrigin, onlySpec } from '../../../controller/core/plan/only-spec.ts'
import { notServing } from '../../../controller/core/plan/serving.ts'
import { settingsWith } from '../../../controller/core/plan/settings-with.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { NEW, NOW, OLD, rolloutIn, seen, service, spec, tasks } from '../rollout/only.ts'
import { inputOf } from './planning.ts'

const { traffic: _none, ...pair } = desiredRelease().spec
const single = { ...pair, strategy: { ...pair.strategy, type: 'Rolling' as const } }
const mailer = { ...desiredRelease(), name: 'mailer', digest: 'd2', spec: single }
const brought = rolloutIn('Succeeded', { outcome: 'Succeeded' })

/** A release of one service that runs version 1, and no rollout of it is known. */
const only = (change: Partial<PlanInput> = {}): PlanInput => ({
  ...inputOf(served()),
  desired: { ...mailer, version: { taskDefinition: OLD, document: undefined } },
  status: {},
  last: undefined,
  lastSucceeded: undefined,
  observation: seen(service(), tasks(OLD, 2)),
  now: NOW,
  ...change,
})

describe('going back at once with one service', () => {
  const failback = { id: '2026-11-29T12:00:00Z', by: 'ann', reason: undefined, to: 1 }
  const settings: ServiceSettings = { enableExecuteCommand: true }

  it('is rolling, to the service and the settings that the version came with', () => {
    const target = rolloutIn(
      'Succeeded',
      {},
      spec({ service: { cluster: 'shop', name: 'mailer', settings } }),
    )
    const { revision: _revision, ...rest } = target.spec
    const release = failbackRelease(failback, {
      target: { ...target, spec: rest } as typeof target,
      newest: brought,
      spec: single,
      recorded: undefined,
    })
    expect(release.spec.service).toEqual({ cluster: 'shop', name: 'mailer', desiredCount: 2, settings })
    expect(release.spec.strategy).toMatchObject({ type: 'Rolling', bake: '0s' })
    expect(release.spec).not.toHaveProperty('traffic')
    expect(release).toMatchObject({ revision: '', reason: 'back at once to what rollout 1 served' })
    expect(failbackReason({ ...failback, reason: 'errors' })).toBe(
      'back at once to what rollout 1 served: errors',
    )
  })

  it('leaves out a count that is not Steersman’s, and a test rule that there is none of', () => {
    const { last } = served({ test: false })
    if (last === undefined) throw new Error('no rollout')
    const { desiredCount: _count, ...counted } = desiredRelease().spec.service
    const given = { ...desiredRelease({ test: false }).spec, service: counted }
    const release = failbackRelease(failback, {
      target: last,
      newest: last,
      spec: given,
      recorded: undefined,
    })
    expect(release.spec.service).not.toHaveProperty('desiredCount')
    expect(release.spec.traffic).not.toHaveProperty('test')
  })

  it.each([
    ['while another is being brought', undefined, 2],
    ['after the newest failed', 'RolledBack', 1],
  ])('is to the last good version before what serves %s', (_what, outcome, expected) => {
    const good = (number: number, taskDefinition: string) => ({
      number,
      taskDefinition,
      outcome: 'Succeeded',
    })
    const newest = { number: 3, taskDefinition: 'arn:3', outcome }
    expect(lastGoodBefore([good(1, 'arn:1'), newest, good(2, 'arn:2')])).toBe(expected)
  })

  it('is to nothing where nothing was rolled out', () => {
    expect(lastGoodBefore([])).toBeUndefined()
  })
})

describe('what a rollout of one service writes down', () => {
  const settings: ServiceSettings = { enableExecuteCommand: true }

  it('is the name, the count and the settings that are given, and no more', () => {
    const { desiredCount: _count, ...counted } = single.service
    const bare = onlySpec(only({ desired: { ...mailer, spec: { ...single, service: counted } } }), {
      why: 'Commit',
    })
    expect(bare.service).toEqual({ cluster: 'shop', name: 'mailer' })
    expect(bare).not.toHaveProperty('desiredCount')
    const full = { ...single.service, name: 'post', settings }
    const given = onlySpec(only({ desired: { ...mailer, spec: { ...single, service: full } } }), {
      why: 'Commit',
    })
    expect(given).toMatchObject({ desiredCount: 2, service: { cluster: 'shop', name: 'post', settings } })
  })

  it('comes from the last good rollout with its settings', () => {
    const rollout = rolloutIn('Succeeded', {}, spec({ service: { cluster: 'shop', settings } }))
    const from = { taskDefinition: NEW, rollout: 'prod-mailer-2' }
    expect(onlyOrigin(only({ lastSucceeded: rollout }))).toEqual({ ...from, settings })
    expect(onlyOrigin(only({ lastSucceeded: brought }))).toEqual(from)
  })

  it.each<[what: string, change: Partial<PlanInput>, expected: object]>([
    [
      'what the newest record says',
      { desired: { ...mailer, recorded: { taskDefinition: NEW } as PlanInput['desired']['recorded'] } },
      { taskDefinition: NEW },
    ],
    ['what is there', {}, { taskDefinition: OLD }],
    ['nothing where nothing is there', { observation: seen(null) }, {}],
    ['nothing where it is scaled to zero', { observation: seen(service({ desiredCount: 0 })) }, {}],
    [
      'what is there and is Steersman’s while it runs',
      { status: { taskDefinitions: { d1: OLD } } },
      { taskDefinition: OLD },
    ],
    [
      'nothing where what is Steersman’s does not run',
      { status: { taskDefinitions: { d1: OLD } }, observation: seen(service({ runningCount: 0 })) },
      {},
    ],
    [
      'what is there and is not Steersman’s, although none of it runs just now',
      { observation: seen(service({ runningCount: 0 })) },
      { taskDefinition: OLD },
    ],
  ])('comes before the first rollout from %s', (_what, change, expected) => {
    expect(onlyOrigin(only(change))).toEqual(expected)
  })
})

describe('the settings that go along with a write', () => {
  const wanted: ServiceSettings = { enableExecuteCommand: true }
  const own: ServiceSettings = { enableExecuteCommand: false }
  const before: ServiceSettings = { platformVersion: '1.4.0' }
  const desired = { ...mailer, spec: { ...single, service: { ...single.service, settings: wanted } } }
  const rollout = (phase: 'Provisioning' | 'RollingBack', settings?: ServiceSettings, side?: 'blue') =>
    rolloutIn(
      phase,
      {},
      spec({
        to: side === undefined ? {} : { side },
        from: { taskDefinition: OLD, settings: { ...before } },
        service: { cluster: 'shop', ...(settings === undefined ? {} : { settings }) },
      }),
    )

  it.each<[what: string, of: ReturnType<typeof rollout> | undefined, expected: ServiceSettings]>([
    ['the wanted ones outside a rollout', undefined, wanted],
    ['the rollout’s own', rollout('Provisioning', own), own],
    ['the wanted ones where the rollout has none', rollout('Provisioning'), wanted],
    ['those of before where one service goes back', rollout('RollingBack', own), before],
    ['the rollout’s own where a pair goes back', rollout('RollingBack', own, 'blue'), own],
  ])('are %s', (_what, given, expected) => {
    expect(settingsWith(given, desired)).toEqual(expected)
  })

  it('are none where nothing is wanted', () => {
    expect(settingsWith(undefined, undefined)).toBeUndefined()
    expect(settingsWith(rollout('Provisioning'), undefined)).toBeUndefined()
  })
})

describe('a service that does not serve', () => {
  const told = (change: Partial<PlanInput>) => notServing(only(change), 'only')

  it('waits for ECS where none of its tasks runs', () => {
    expect(told({ observation: seen(service({ runningCount: 0 })) })).toMatchObject({
      kind: 'Wait',
      reason: 'NoneRunning',
      message: expect.stringContaining('none of the 2 tasks of the service runs') as unknown,
    })
    expect(told({})).toBeUndefined()
  })

  it.each<[what: string, change: Partial<PlanInput>, message: string]>([
    ['it is gone', { observation: seen(null) }, 'the service is gone; it is left'],
    [
      'it has another version, and none is known to be wanted',
      { desired: { ...mailer, version: { taskDefinition: undefined, document: undefined } } },
      `somebody set the service to ${OLD}, wanted is nothing`,
    ],
    [
      'it is scaled to zero',
      { observation: seen(service({ desiredCount: 0, runningCount: 0 })) },
      'somebody scaled the service to 0 tasks',
    ],
  ])('stalls where %s', (_what, change, message) => {
    expect(told(change)).toMatchObject({
      reason: 'NotServing',
      message: expect.stringContaining(message) as unknown,
    })
  })

  it('is as wanted with no tasks where none are wanted', () => {
    const desired = {
      ...mailer,
      version: { taskDefinition: OLD, document: undefined },
      spec: { ...single, service: { ...single.service, desiredCount: 0 } },
    }
    expect(
      told({ desired, observation: seen(service({ desiredCount: 0, runningCount: 0 })) }),
    ).toBeUndefined()
  })
})
