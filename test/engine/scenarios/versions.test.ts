import { describe, expect, it } from 'vitest'
import { startMachine, STORY } from '../../support/machine.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'

describe('a pin in the release', STORY, () => {
  it('goes back to what that rollout served in one swap, and unpinned forward again', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await machine.untilDeployed(machine.push({ version: 'v2' }))
    const load = await machine.load()
    const pinned = machine.push({ version: 'v2', pin: '{ rollout: 1, reason: "v2 is slow" }' })
    await machine.untilDeployed(pinned)
    expect(await machine.served()).toBe('v1')
    const rollout = await machine.rollout(3)
    expect([rollout?.spec.why, rollout?.spec.reason]).toEqual(['Pin', 'v2 is slow'])
    expect(machine.writes()).toMatchObject({ RegisterTaskDefinition: 2 })
    const unpinned = machine.push({ version: 'v2' })
    await machine.untilDeployed(unpinned)
    await load.stop()
    expect(await machine.served()).toBe('v2')
    expect(load.failures()).toEqual([])
    expect(machine.writes()).toMatchObject({ RegisterTaskDefinition: 2 })
    expect(machine.records()).toEqual([1, 2, 3, 4])
  })

  it('of a rollout that nobody knows, or that failed, stalls and leaves what runs', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await machine.behaves('v2', { body: 'broken' })
    machine.push({ version: 'v2' })
    await machine.outcomeOf(2)
    const writes = machine.writes()
    for (const [number, reason] of [
      [2, 'PinNotVerified'],
      [41, 'PinMissing'],
    ] as const) {
      machine.push({ version: 'v1', pin: `{ rollout: ${number}, reason: "try" }` })
      await machine.untilRelease(
        ({ conditions }) => conditions?.some((condition) => condition.reason === reason) ?? false,
        { what: reason },
      )
    }
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
  })
})

describe('an image', STORY, () => {
  it('is named by the newest commit that touches its paths', async (context) => {
    const machine = await startMachine(context)
    const image = `{ repository: ${IMAGE_REPOSITORY}, tagFromCommit: { paths: [src] } }`
    await machine.start()
    const code = machine.pushFiles({ 'src/main.js': 'one' })
    const first = machine.push({ image })
    await machine.untilDeployed(first)
    expect(await machine.served()).toBe(code)
    const unrelated = machine.pushFiles({ 'README.md': 'words' })
    await machine.untilDeployed(unrelated)
    expect((await machine.release()).lastRollout).toBe(1)
    const newer = machine.pushFiles({ 'src/main.js': 'two' })
    await machine.untilDeployed(newer)
    expect(await machine.served()).toBe(newer)
  })

  it('that is not there yet is waited for, and what runs keeps running', async (context) => {
    const machine = await startMachine(context)
    await machine.behaves('v2', { missing: true })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    const commit = machine.push({ version: 'v2' })
    const waiting = await machine.untilRelease((release) => release.waiting?.reason === 'ImageNotFound')
    expect(waiting.waiting?.message).toContain('web:v2 is not in the registry yet')
    await machine.nextReconcile()
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    await machine.behaves('v2', {})
    machine.reconcile()
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v2')
  })
})
