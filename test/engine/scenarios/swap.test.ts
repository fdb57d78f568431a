import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import { startMachine, STORY } from '../../support/machine.ts'

describe('a merge to the branch', STORY, () => {
  it('deploys the first version to an empty pair', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    const commit = machine.push({ version: 'v1' })
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v1')
    expect(machine.currentCommit()).toBe(commit)
    expect(machine.records()).toEqual([1])
    expect(await machine.conditions()).toEqual(['Ready(Serving)', 'SourceReady(Fetched)'])
  })

  it('swaps the traffic to the new version without one failed request', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const load = await machine.load()
    const before = machine.weights()
    const commit = machine.push({ version: 'v2' })
    await machine.untilDeployed(commit)
    const shifted = performance.now()
    await load.more(50)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v1', 'v2'])
    expect(load.versionsSince(shifted)).toEqual(['v2'])
    expect(machine.weights()).toEqual({ blue: before.green, green: before.blue })
    expect([machine.desiredCount('web-blue'), machine.desiredCount('web-green')]).toEqual([2, 2])
    expect(machine.currentCommit()).toBe(commit)
    expect(machine.records()).toEqual([1, 2])
    expect(machine.writes()).toEqual({ RegisterTaskDefinition: 2, CreateService: 2, ModifyListener: 5 })
  })

  it('a second after another brings both, one after the other', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const load = await machine.load()
    machine.push({ version: 'v2' })
    await machine.untilPhase('Baking', 2)
    await load.more(100)
    const last = machine.push({ version: 'v3' })
    await machine.untilDeployed(last)
    await load.more(50)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v1', 'v2', 'v3'])
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(await machine.served()).toBe('v3')
  })

  it('starts new tasks of the same revision when a restart is asked for', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const load = await machine.load()
    await machine.ask('Release', 'demo-web', {
      'steersman.dev/restartRequestedAt': '2026-01-01T00:00:00Z',
      'steersman.dev/restartRequestedBy': 'ana',
    })
    await machine.untilPhase('Succeeded', 2)
    const restarted = await machine.rollout(2)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v1'])
    expect([restarted?.spec.why, restarted?.spec.who]).toEqual(['Restart', 'ana'])
    expect([machine.revisionOf('web-blue'), machine.revisionOf('web-green')]).toEqual([
      'demo-web:1',
      'demo-web:1',
    ])
    expect(machine.writes()).toMatchObject({ RegisterTaskDefinition: 1, CreateService: 2 })
    await machine.nextReconcile()
    expect((await machine.release()).lastRollout).toBe(2)
  })

  it('takes the old side to zero once it need not be kept any more', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1', keepPrevious: '100ms' }))
    await machine.untilDeployed(machine.push({ version: 'v2', keepPrevious: '100ms' }))
    const load = await machine.load()
    await patiently(
      () => machine.desiredCount('web-green'),
      (count) => count === 0,
      { what: 'a cold old side' },
    )
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v2'])
    expect(machine.desiredCount('web-blue')).toBe(2)
  })
})
