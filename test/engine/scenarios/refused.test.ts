import { describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'

const BROKEN = { body: 'I am broken' }

/** v2 serves, v3 was refused by its gate. */
async function refuseThird(machine: Machine): Promise<{ readonly good: string; readonly bad: string }> {
  await machine.behaves('v3', BROKEN)
  await machine.start()
  await machine.untilDeployed(machine.push({ version: 'v1' }))
  const good = machine.push({ version: 'v2' })
  await machine.untilDeployed(good)
  const load = await machine.load()
  const bad = machine.push({ version: 'v3' })
  await machine.outcomeOf(3)
  await load.more(30)
  await load.stop()
  expect(load.failures()).toEqual([])
  expect(load.versions()).toEqual(['v2'])
  return { good, bad }
}

describe('a version that its gate refuses', STORY, () => {
  it('gets no production request, is rolled back with the reason, and leaves the tag', async (context) => {
    const machine = await startMachine(context)
    const { good } = await refuseThird(machine)
    expect(await machine.outcomeOf(3)).toEqual({ outcome: 'RolledBack', reason: 'GateFailed' })
    await machine.nextReconcile()
    expect(machine.currentCommit()).toBe(good)
    expect(machine.records()).toEqual([1, 2])
    expect(machine.desiredCount('web-green')).toBe(0)
    const release = await machine.untilRelease((status) => status.failed?.length === 1)
    expect(release.failed?.[0]).toMatchObject({ reason: 'GateFailed', rollout: 'demo-web-3' })
    expect(release.failed?.[0]?.message).toContain('does not contain the expected text')
  })

  it('is not tried again by an unrelated commit, but by retry', async (context) => {
    const machine = await startMachine(context)
    await refuseThird(machine)
    const before = machine.writes()
    const unrelated = machine.pushFiles({ 'README.md': 'unrelated' })
    await machine.untilEnvironment((status) => status.wanted === unrelated)
    await machine.nextReconcile()
    expect(machine.writes()).toEqual(before)
    await machine.behaves('v3', {})
    await machine.ask('Release', 'demo-web', {
      'steersman.dev/retryRequestedAt': new Date().toISOString(),
      'steersman.dev/retryRequestedBy': 'ana',
    })
    await machine.untilDeployed(unrelated)
    expect(await machine.served()).toBe('v3')
    const retried = await machine.rollout(4)
    expect([retried?.spec.why, retried?.spec.who]).toEqual(['Retry', 'ana'])
    expect((await machine.release()).failed).toEqual([])
  })

  it('is followed by the next good one', async (context) => {
    const machine = await startMachine(context)
    await refuseThird(machine)
    const mended = machine.push({ version: 'v4' })
    await machine.untilDeployed(mended)
    expect(await machine.served()).toBe('v4')
    expect(machine.currentCommit()).toBe(mended)
    expect(machine.records()).toEqual([1, 2, 3])
  })

  it('is given up for the commit before it, which needs no rollout', async (context) => {
    const machine = await startMachine(context)
    await refuseThird(machine)
    const writes = machine.writes()
    const reverted = machine.pushFiles(releaseFiles({ version: 'v2' }))
    await machine.untilDeployed(reverted)
    expect(await machine.served()).toBe('v2')
    expect({ ...machine.writes(), ModifyListener: 0 }).toEqual({ ...writes, ModifyListener: 0 })
    expect((await machine.release()).lastRollout).toBe(3)
  })
})

describe('a version that does not come up', STORY, () => {
  it.for([
    ['never starts', { neverStarts: true }, '1s'],
    ['crashes at once', { crashAfterSeconds: 0 }, '30s'],
    ['never gets healthy', { health: { status: 500 } }, '1s'],
  ] as const)('is rolled back at its deadline, or when ECS gives it up: it %s', async (story, context) => {
    const [, behavior, deadline] = story
    // A deadline ends nothing before reads show what a controller before may have written.
    const machine = await startMachine(context, { settings: { stalenessBoundMs: 1_000 } })
    await machine.start()
    const good = machine.push({ version: 'v1' })
    await machine.untilDeployed(good)
    await machine.behaves('v2', behavior)
    machine.push({ version: 'v2', deadline })
    const { outcome, reason } = await machine.outcomeOf(2)
    expect(outcome).toBe('RolledBack')
    expect(['DeadlineExceeded', 'DeploymentFailed']).toContain(reason)
    expect(await machine.served()).toBe('v1')
    expect(machine.weights()).toEqual({ blue: 0, green: 100 })
    expect(machine.desiredCount('web-blue')).toBe(0)
    expect(machine.currentCommit()).toBe(good)
  })
})
