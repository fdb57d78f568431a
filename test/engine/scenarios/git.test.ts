import { describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

/** v1 and then v2 deployed; their commits. */
async function deployTwo(machine: Machine): Promise<readonly [string, string]> {
  await machine.start()
  const first = machine.push({ version: 'v1' })
  await machine.untilDeployed(first)
  const second = machine.push({ version: 'v2' })
  await machine.untilDeployed(second)
  return [first, second]
}

const hasCondition = async (machine: Machine, condition: string): Promise<void> => {
  await machine.nextReconcile()
  expect(await machine.conditions()).toContain(condition)
}

describe('a push during a rollout', STORY, () => {
  it('takes over before any weight was moved: the older version never serves', async (context) => {
    const machine = await startMachine(context)
    await deployTwo(machine)
    const load = await machine.load()
    await machine.behaves('v3', { startSeconds: 600 })
    machine.push({ version: 'v3' })
    await machine.untilPhase('Provisioning', 3)
    const newest = machine.push({ version: 'v4' })
    await machine.untilDeployed(newest)
    await load.stop()
    expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Superseded', reason: 'NewerVersion' })
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v2', 'v4'])
    expect(machine.records()).toEqual([1, 2, 3])
  })

  it('waits from the first weight on: the rollout finishes, then the newest starts', async (context) => {
    const machine = await startMachine(context)
    await deployTwo(machine)
    const load = await machine.load()
    machine.push({ version: 'v3', bake: '1s' })
    await machine.untilPhase('Baking', 3)
    machine.push({ version: 'v4' })
    const newest = machine.push({ version: 'v5' })
    await machine.untilDeployed(newest)
    await load.stop()
    expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(await machine.outcomeOf(4)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['v2', 'v3', 'v5'])
    expect(machine.currentCommit()).toBe(newest)
  })
})

describe('a branch that was rewritten', STORY, () => {
  it('by a forced push deploys nothing until a person accepts it', async (context) => {
    const machine = await startMachine(context)
    await deployTwo(machine)
    const writes = machine.writes()
    const forced = machine.push({ version: 'v9' }, { parents: [] })
    await hasCondition(machine, 'Stalled(BranchRewound)')
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v2')
    await machine.ask('Environment', 'demo', { 'steersman.dev/resumedAt': '2026-01-01T00:00:00Z' })
    await machine.untilDeployed(forced)
    expect(await machine.served()).toBe('v9')
  })

  it('by a rewind is not followed, but where the environment allows it', async (context) => {
    const machine = await startMachine(context)
    const [first, second] = await deployTwo(machine)
    machine.repository.setBranch('demo', first)
    machine.reconcile()
    await hasCondition(machine, 'Stalled(BranchRewound)')
    expect(await machine.served()).toBe('v2')
    expect(machine.currentCommit()).toBe(second)
    await machine.configure({ source: { allowRewind: true } })
    await machine.untilDeployed(first)
    expect(await machine.served()).toBe('v1')
    expect(machine.currentCommit()).toBe(first)
    expect(machine.records()).toEqual([1, 2, 3])
  })

  it('and then mended goes on', async (context) => {
    const machine = await startMachine(context)
    const [first, second] = await deployTwo(machine)
    machine.repository.setBranch('demo', first)
    await hasCondition(machine, 'Stalled(BranchRewound)')
    machine.repository.setBranch('demo', second)
    const next = machine.push({ version: 'v3' })
    await machine.untilDeployed(next)
    expect(await machine.served()).toBe('v3')
    expect(await machine.conditions()).toEqual(['Ready(Serving)', 'SourceReady(Fetched)'])
  })
})

describe('a repository', STORY, () => {
  it('that is away for a while changes nothing, and is followed when it is back', async (context) => {
    const machine = await startMachine(context)
    await deployTwo(machine)
    const load = await machine.load()
    machine.repository.goAway()
    machine.reconcile()
    await machine.untilEnvironment(
      ({ conditions }) =>
        conditions?.some(({ type, status }) => type === 'SourceReady' && status === 'False') ?? false,
    )
    machine.setWeightsByHand({ blue: 50, green: 50 })
    machine.reconcile()
    await machine.untilRelease(() => machine.weights().blue === 100, {
      what: 'drift corrected without the repository',
    })
    machine.repository.comeBack()
    const next = machine.push({ version: 'v3' })
    await machine.untilDeployed(next)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(await machine.served()).toBe('v3')
  })

  it('without the branch is waited for', async (context) => {
    const machine = await startMachine(context)
    machine.repository.commit({ 'README.md': 'nothing yet' })
    await machine.start()
    const missing = await machine.untilEnvironment(
      ({ conditions }) => conditions?.some(({ reason }) => reason === 'SourceMissing') ?? false,
    )
    expect(missing.deployed).toBeUndefined()
    expect(machine.writes()).toEqual({})
    const commit = machine.push({ version: 'v1' })
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v1')
  })

  it('that refuses the push of the tag is asked again', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    machine.repository.refusePushes('not today')
    const commit = machine.push({ version: 'v1' })
    await machine.outcomeOf(1)
    await machine.untilEnvironment(() => machine.events.some(({ type }) => type === 'ReconcileFailed'))
    expect(machine.currentCommit()).toBeUndefined()
    machine.repository.acceptPushes()
    await machine.untilDeployed(commit)
    expect(machine.currentCommit()).toBe(commit)
    expect(machine.records()).toEqual([1])
  })
})
