import { describe, expect, it } from 'vitest'
import type { Machine } from '../support/machine.ts'
import { startMachine, STORY } from '../support/machine.ts'

const WRITES = [
  ['ecs', 'RegisterTaskDefinition'],
  ['ecs', 'CreateService'],
  ['ecs', 'UpdateService'],
  ['elasticloadbalancing', 'ModifyListener'],
] as const

/** What two versions, the second on a warm side, cost without any trouble. */
const UNDISTURBED = { RegisterTaskDefinition: 3, CreateService: 2, UpdateService: 2, ModifyListener: 7 }

/** Three versions one after the other, under load; the faults strike the last one, whose side is drained first. */
async function deployThrough(machine: Machine, fault: object): Promise<void> {
  await machine.start()
  await machine.untilDeployed(machine.push({ version: 'v1' }))
  await machine.untilDeployed(machine.push({ version: 'v2' }))
  const load = await machine.load()
  await machine.fault(fault)
  const last = machine.push({ version: 'v3' })
  await machine.untilDeployed(last)
  await machine.noFaults()
  await load.more(30)
  await load.stop()
  expect(load.failures()).toEqual([])
  expect(load.versions()).toEqual(['v2', 'v3'])
  expect(await machine.served()).toBe('v3')
  expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
  expect((await machine.release()).lastRollout).toBe(3)
  expect(machine.revisionOf('web-green')).toBe('demo-web:3')
}

describe('without trouble', STORY, () => {
  it('three versions cost as many writes as they must', async (context) => {
    const machine = await startMachine(context)
    await deployThrough(machine, { service: 'ecs', operation: 'ListClusters', latencyMs: 1 })
    expect(machine.writes()).toEqual(UNDISTURBED)
  })
})

describe('a write', STORY, () => {
  it.for(WRITES)('that is throttled comes to the same end: %s %s', async ([service, operation], context) => {
    const machine = await startMachine(context)
    await deployThrough(machine, { service, operation, error: 'ThrottlingException', count: 2 })
    expect(machine.revisionOf('web-green')).toBe('demo-web:3')
  })

  it.for(WRITES)(
    'that meets an error of the server comes to the same end: %s %s',
    async ([service, operation], context) => {
      const machine = await startMachine(context, { settings: { stalenessBoundMs: 1_500 } })
      await deployThrough(machine, { service, operation, error: 'ServiceUnavailable', count: 2 })
      expect(machine.revisionOf('web-green')).toBe('demo-web:3')
    },
  )

  it.for(WRITES)(
    'that happens without an answer comes to the same end: %s %s',
    async ([service, operation], context) => {
      const machine = await startMachine(context, {
        settings: { callTimeoutMs: 300, stalenessBoundMs: 1_500 },
      })
      await deployThrough(machine, { service, operation, error: 'TimeoutAfterWrite', count: 1 })
      expect(machine.writes()).toMatchObject({ RegisterTaskDefinition: 3, CreateService: 2 })
    },
  )

  it.for(WRITES)(
    'whose connection breaks before it happens comes to the same end: %s %s',
    async ([service, operation], context) => {
      const machine = await startMachine(context, { settings: { stalenessBoundMs: 1_500 } })
      await deployThrough(machine, { service, operation, error: 'ConnectionReset', count: 1 })
      expect(machine.revisionOf('web-green')).toBe('demo-web:3')
    },
  )
})

describe('reads', STORY, () => {
  it.for([200, 1_000])(
    'that show the world %i ms ago come to the same end with the same writes',
    async (staleForMs, context) => {
      const machine = await startMachine(context, { settings: { stalenessBoundMs: 3_000 } })
      await deployThrough(machine, { service: '*', operation: '*', staleForMs })
      expect(machine.writes()).toEqual(UNDISTURBED)
    },
  )

  it('that are slow or fail now and then come to the same end with the same writes', async (context) => {
    const machine = await startMachine(context)
    await deployThrough(machine, {
      service: '*',
      operation: 'DescribeServices',
      error: 'ServiceUnavailable',
      rate: 0.3,
    })
    expect(machine.writes()).toEqual(UNDISTURBED)
  })
})
