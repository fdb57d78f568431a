import { describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

const CURRENT = 'deploy/demo/current'
const BRANCH = 'demo'
const RESUME = { 'steersman.dev/resumedAt': '2026-01-01T00:00:00Z' }

/** v1 and then v2 deployed; their commits. */
async function deployTwo(machine: Machine): Promise<readonly [string, string]> {
  await machine.start()
  const first = machine.push({ version: 'v1' })
  await machine.untilDeployed(first)
  const second = machine.push({ version: 'v2' })
  await machine.untilDeployed(second)
  return [first, second]
}

/** Ana moves the tag back to the first deployment, and it serves. */
async function hold(machine: Machine): Promise<readonly [string, string]> {
  const commits = await deployTwo(machine)
  machine.repository.tag(CURRENT, commits[0], { message: 'Back to one' })
  machine.reconcile()
  await machine.outcomeOf(3)
  await machine.untilRelease(
    ({ conditions }) =>
      conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
  )
  return commits
}

describe('the tag', STORY, () => {
  it('moved by hand to an older record is a hold: what the record says serves', async (context) => {
    const machine = await startMachine(context)
    const [first] = await deployTwo(machine)
    const load = await machine.load()
    machine.repository.tag(CURRENT, first, { message: 'Back to one' })
    machine.reconcile()
    expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    await machine.nextReconcile()
    expect(await machine.served()).toBe('v1')
    const { held } = await machine.environment()
    expect(held).toMatchObject({ to: first, number: 1 })
    expect(held?.by).toContain('Dora Developer')
    const writes = machine.writes()
    const next = machine.push({ version: 'v3' })
    await machine.untilEnvironment(({ head }) => head?.commit === next)
    await machine.nextReconcile()
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    expect((await machine.rollout(3))?.spec.why).toBe('Tag')
    expect(machine.records()).toEqual([1, 2])
  })

  it('goes on from the branch after resume', async (context) => {
    const machine = await startMachine(context)
    const [, second] = await hold(machine)
    await machine.ask('Environment', 'demo', RESUME)
    await machine.outcomeOf(4)
    await machine.untilDeployed(second)
    await machine.untilEnvironment(() => machine.currentCommit() === second)
    expect(await machine.served()).toBe('v2')
    expect((await machine.environment()).held).toBeUndefined()
  })

  it('moved once more right before a resume is accepted though nobody had looked at it', async (context) => {
    const machine = await startMachine(context)
    const [first, second] = await hold(machine)
    machine.repository.tag(CURRENT, first, { message: 'Back to one, as I said' })
    await machine.ask('Environment', 'demo', { 'steersman.dev/resumedAt': new Date().toISOString() })
    await machine.untilEnvironment(({ held }) => held === undefined && machine.currentCommit() === second)
    expect(await machine.served()).toBe('v2')
  })

  it('is accepted once the branch is back, where a resume was asked for while it was gone', async (context) => {
    const machine = await startMachine(context)
    const [first, second] = await deployTwo(machine)
    machine.repository.deleteBranch(BRANCH)
    machine.repository.tag(CURRENT, first, { message: 'Back to one' })
    await machine.untilEnvironment(
      ({ conditions }) => conditions?.some(({ reason }) => reason === 'SourceMissing') ?? false,
    )
    await machine.ask('Environment', 'demo', { 'steersman.dev/resumedAt': new Date().toISOString() })
    await machine.nextReconcile()
    machine.repository.setBranch(BRANCH, second)
    await machine.untilEnvironment(() => machine.currentCommit() === second)
    expect((await machine.environment()).held).toBeUndefined()
    expect(await machine.served()).toBe('v2')
  })

  it('moved once more to where it was accepted before is a new hold', async (context) => {
    const machine = await startMachine(context)
    const [first, second] = await deployTwo(machine)
    machine.repository.tag(CURRENT, first)
    machine.reconcile()
    await machine.outcomeOf(3)
    await machine.nextReconcile()
    await machine.ask('Environment', 'demo', RESUME)
    await machine.untilEnvironment(({ held }) => held === undefined && machine.currentCommit() === second)
    machine.repository.tag(CURRENT, first)
    machine.reconcile()
    await machine.untilEnvironment(({ held }) => held?.to === first)
    expect(machine.currentCommit()).toBe(first)
  })

  it("goes on from the branch after a commit with the trailer, and no other environment's", async (context) => {
    const machine = await startMachine(context)
    await hold(machine)
    const at = Math.ceil(Date.now() / 1000)
    const other = machine.push({ version: 'v3' }, { message: 'Three\n\nSteersman-Resume: prod', at })
    await machine.untilEnvironment(({ head }) => head?.commit === other)
    await machine.nextReconcile()
    expect(await machine.served()).toBe('v1')
    const resumed = machine.push({ version: 'v4' }, { message: 'Four\n\nSteersman-Resume: demo', at: at + 1 })
    await machine.untilDeployed(resumed)
    expect(await machine.served()).toBe('v4')
    expect(machine.currentCommit()).toBe(resumed)
  })

  it('moved to a commit that was never deployed stalls and leaves what runs', async (context) => {
    const machine = await startMachine(context)
    await deployTwo(machine)
    const writes = machine.writes()
    const stray = machine.repository.commit({ 'README.md': 'stray' }, { branch: 'other' })
    machine.repository.tag(CURRENT, stray, { message: 'Around the branch' })
    await machine.nextReconcile()
    expect(await machine.conditions()).toContain('Stalled(TagNotOnBranch)')
    machine.push({ version: 'v3' })
    await machine.nextReconcile()
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v2')
    await machine.ask('Environment', 'demo', RESUME)
    await machine.untilEnvironment(({ deployed }) => deployed?.number === 3)
    expect(await machine.served()).toBe('v3')
  })

  it('that was deleted is missing until the next verified commit', async (context) => {
    const machine = await startMachine(context)
    await deployTwo(machine)
    const writes = machine.writes()
    machine.repository.deleteTag(CURRENT)
    await machine.nextReconcile()
    expect(await machine.conditions()).toContain('TagMissing(TagMissing)')
    expect(machine.writes()).toEqual(writes)
    expect(machine.currentCommit()).toBeUndefined()
    const next = machine.push({ version: 'v3' })
    await machine.untilDeployed(next)
    expect(machine.currentCommit()).toBe(next)
    await machine.nextReconcile()
    expect(await machine.conditions()).toEqual(['Ready(Serving)', 'SourceReady(Fetched)'])
  })
})

describe('a store that was lost', STORY, () => {
  it('is made up for by the records in git: nothing is deployed again', async (context) => {
    const machine = await startMachine(context)
    const [, second] = await deployTwo(machine)
    await machine.stop()
    await machine.loseStore()
    const writes = machine.writes()
    await machine.start()
    await machine.untilDeployed(second)
    await machine.nextReconcile()
    expect({ ...machine.writes(), UpdateService: 0 }).toEqual({ ...writes, UpdateService: 0 })
    expect(await machine.served()).toBe('v2')
    expect(machine.records()).toEqual([1, 2])
    const next = machine.push({ version: 'v3' })
    await machine.untilDeployed(next)
    expect((await machine.release()).rollout).toBe('demo-web-3')
    expect(await machine.served()).toBe('v3')
  })

  it('does not undo a hold', async (context) => {
    const machine = await startMachine(context)
    await hold(machine)
    await machine.stop()
    await machine.loseStore()
    await machine.start()
    await machine.untilEnvironment(({ held }) => held?.number === 1)
    await machine.nextReconcile()
    await machine.nextReconcile()
    expect(await machine.served()).toBe('v1')
    expect(machine.records()).toEqual([1, 2])
  })
})
