import { describe, expect, it } from 'vitest'

import { settingsWith } from '../../../controller/core/plan/settings-with.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { rolloutIn, spec } from '../rollout/only.ts'

const wanted = { healthCheckGracePeriodSeconds: 1 }
const brought = { healthCheckGracePeriodSeconds: 2 }
const before = { healthCheckGracePeriodSeconds: 3 }

const release = desiredRelease()
const desired = { spec: { ...release.spec, service: { ...release.spec.service, settings: wanted } } }
const service = { cluster: 'shop', name: 'mailer' }
const bringing = spec({
  service: { ...service, settings: brought },
  from: { taskDefinition: 'old', settings: before },
})
const plain = spec({ from: { taskDefinition: 'old' } })
const pair = spec({ ...bringing, to: { side: 'blue' } })

describe('the settings that go along with a write', () => {
  it.each([
    ['are those of the environment where no rollout runs', undefined, desired, wanted],
    ['are none where nothing is wanted and no rollout runs', undefined, undefined, undefined],
    ['are those of the running rollout before those of the environment', bringing, desired, brought],
    ['are those of the environment where the rollout says none', plain, desired, wanted],
    ['are none where neither says any', plain, undefined, undefined],
  ])('%s', (_title, given, of, expected) => {
    const rollout = given === undefined ? undefined : rolloutIn('Shifting', {}, given)
    expect(settingsWith(rollout, of)).toEqual(expected)
  })

  it.each([
    ['gives one service back those that it had', bringing, before],
    ['gives one service none where it had none', plain, undefined],
    ['leaves a pair with those of the rollout, since its old side keeps its own', pair, brought],
  ])('a way back %s', (_title, given, expected) => {
    expect(settingsWith(rolloutIn('RollingBack', {}, given), desired)).toEqual(expected)
  })
})
