import { describe, expect, it } from 'vitest'

import { annotations } from '../../../controller/resources/annotations.ts'
import { patiently } from '../../support/machine/patience.ts'
import type { Ending, Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { createMortality } from '../../support/machine/mortality.ts'
import type { NativeVariant } from '../../support/machine/native-files.ts'
import { makeRules, nativeFiles } from '../../support/machine/native-files.ts'

/** A controller, with version v1 deployed by ECS's own engine. */
async function serving(context: Ending, variant: Partial<NativeVariant> = {}): Promise<Machine> {
  const machine = await startMachine(context)
  makeRules(machine)
  await machine.start()
  await machine.untilDeployed(machine.pushFiles(nativeFiles({ version: 'v1', ...variant })))
  return machine
}

/** Passes only what says its version. */
const SMOKE =
  '[{ name: smoke, when: Verify, http: { path: /, expect: { body: "${imageTag}" }, successes: 2, interval: 100ms }, timeout: 30s }]'

/** What Steersman writes for the first version, and for each later one that comes through. */
const FIRST = { RegisterTaskDefinition: 1, CreateService: 1, ContinueServiceDeployment: 2 }

describe('a release whose traffic ECS itself moves', STORY, () => {
  it('is created once, and each new version is one update that waits for its gates', async (context) => {
    const machine = await serving(context)
    expect(machine.writes()).toEqual(FIRST)
    expect(await machine.served()).toBe('v1')
    const load = await machine.load()
    await machine.untilDeployed(machine.pushFiles(nativeFiles({ version: 'v2' })))
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(machine.writes()).toEqual({
      ...FIRST,
      RegisterTaskDefinition: 2,
      UpdateService: 1,
      ContinueServiceDeployment: 4,
    })
    expect(await machine.served()).toBe('v2')
    await load.stop()
    expect(load.failures()).toEqual([])
    await machine.nextReconcile()
    expect((await machine.release()).drift).toBeUndefined()
    expect(await machine.conditions()).not.toContain('Drifted(Differs)')
  })

  it('never gets a version to the users that its gate refuses', async (context) => {
    const machine = await serving(context)
    await machine.behaves('bad', { body: 'I am broken' })
    const load = await machine.load()
    machine.pushFiles(nativeFiles({ version: 'bad', gates: SMOKE }))
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'RolledBack' })
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v1'])
    expect(machine.writes()).toEqual({
      ...FIRST,
      RegisterTaskDefinition: 2,
      UpdateService: 1,
      StopServiceDeployment: 1,
    })
    expect(machine.revisionOf('web')).toBe('demo-web:1')
  })

  it('goes back with one write where a gate fails while all of the traffic is with the new version', async (context) => {
    const gates =
      '[{ name: errors, when: Bake, http: { path: /, expect: { body: v1 }, interval: 100ms }, timeout: 20s }]'
    const machine = await serving(context, { gates, bake: '1s' })
    machine.pushFiles(nativeFiles({ version: 'v2', gates, bake: '1s' }))
    await machine.untilPhase('Baking', 2)
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'RolledBack' })
    expect(await machine.served()).toBe('v1')
    expect(machine.writes()).toMatchObject({ UpdateService: 1, StopServiceDeployment: 1 })
  })

  it('moves in the one step of a canary, and in equal steps', async (context) => {
    const pace = 'type: Canary, steps: [{ weight: 10, for: 1m }]'
    const machine = await serving(context, { pace })
    const load = await machine.load()
    machine.pushFiles(nativeFiles({ version: 'v2', pace }))
    await machine.untilPhase('Shifting', 2)
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'Succeeded' })
    expect(load.versions()).toEqual(['v1', 'v2'])
    const linear = nativeFiles({ version: 'v3', pace: 'type: Linear, by: 40, every: 1m', deadline: '5m' })
    await machine.untilDeployed(machine.pushFiles(linear))
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(machine.writes()).toMatchObject({ UpdateService: 2, ContinueServiceDeployment: 6 })
  })

  it('is brought back by a person who aborts, and stands still in a pause', async (context) => {
    const machine = await serving(context)
    machine.pushFiles(nativeFiles({ version: 'v2', bake: '20s' }))
    await machine.untilPhase('Baking', 2)
    await machine.configure({ suspend: true })
    await machine.nextReconcile()
    const before = machine.writes()
    await machine.mark('Rollout', 'demo-web-2', {
      [annotations.abort]: '2026-01-01T00:00:00Z',
      [annotations.abortBy]: 'ana',
    })
    await machine.nextReconcile()
    expect(machine.writes()).toEqual(before)
    await machine.configure({ suspend: false })
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'Aborted' })
    expect(machine.revisionOf('web')).toBe('demo-web:1')
    expect(await machine.served()).toBe('v1')
  })

  it.each(['before', 'after'] as const)(
    'makes no write twice where the controller dies %s one',
    async (moment) => {
      for (const method of ['updateService', 'continueDeployment']) {
        let died = false
        const context: Ending = { onTestFinished: (close) => closers.push(close) }
        const closers: (() => Promise<void>)[] = []
        const machine = await serving(context)
        await machine.stop()
        const mortality = createMortality((write, when) => {
          if (died || write.method !== method || when !== moment) return false
          died = true
          return true
        })
        await machine.start(mortality)
        machine.pushFiles(nativeFiles({ version: 'v2' }))
        await patiently(() => mortality.isDead(), Boolean, { what: 'its death' })
        await machine.start()
        machine.reconcile()
        expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'Succeeded' })
        expect(machine.writes()).toMatchObject({ UpdateService: 1, ContinueServiceDeployment: 4 })
        for (const close of closers) await close()
      }
    },
  )
})
