import { describe, expect, it } from 'vitest'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { patiently } from '../../support/machine/patience.ts'

const found = async (machine: Machine): Promise<EnvironmentStatus['unmanaged']> =>
  (await machine.environment()).unmanaged

const names = (told: EnvironmentStatus['unmanaged']): string[] | undefined =>
  told?.items.map(({ kind, name, in: place }) => `${kind} ${name} in ${place}`)

/** A service, a target group and a rule that no Release names. */
function buildBeside(machine: Machine): void {
  const { world } = machine.sandbox
  const [listener] = world.elb.tables.listeners.list()
  const [own] = world.elb.tables.targetGroups.list()
  machine.byHand({
    service: 'elasticloadbalancing',
    operation: 'CreateRule',
    input: {
      ListenerArn: listener?.arn,
      Priority: 5,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/legacy/*'] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: own?.arn }],
    },
  })
  machine.byHand({
    service: 'ecs',
    operation: 'RegisterTaskDefinition',
    input: { family: 'legacy', containerDefinitions: [{ name: 'legacy', image: 'legacy:1', memory: 128 }] },
  })
  machine.byHand({
    service: 'ecs',
    operation: 'CreateService',
    input: { cluster: 'demo', serviceName: 'legacy', taskDefinition: 'legacy', desiredCount: 0 },
  })
}

describe('services and rules beside those that Releases name', STORY, () => {
  it('are told in the status of the environment and counted, and gone from it once they are gone', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '1s' } } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const clean = await patiently(
      () => found(machine),
      (told) => told !== undefined,
      { what: 'a look' },
    )
    expect(clean).toMatchObject({ total: 0, items: [] })
    buildBeside(machine)
    const told = await patiently(
      () => found(machine),
      (seen) => seen?.total === 2,
      { what: 'what is beside' },
    )
    expect(names(told)).toEqual(['Rule 80 /legacy/* in demo', 'Service legacy in demo'])
    expect(machine.events.findLast(({ type }) => type === 'UnmanagedSeen')).toMatchObject({
      counts: { Service: 1, Rule: 1, TargetGroup: 0 },
    })
    machine.byHand({
      service: 'ecs',
      operation: 'DeleteService',
      input: { cluster: 'demo', service: 'legacy' },
    })
    const rest = await patiently(
      () => found(machine),
      (seen) => seen?.total === 1,
      { what: 'the rest' },
    )
    expect(rest?.items[0]?.since).toBe(told?.items[0]?.since)
  })

  it('are looked for at once where somebody asks', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '10h' } } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await patiently(
      () => found(machine),
      (told) => told !== undefined,
      { what: 'a look' },
    )
    buildBeside(machine)
    await machine.nextReconcile()
    const told = await patiently(
      () => found(machine),
      (seen) => seen?.total === 2,
      { what: 'what is beside' },
    )
    expect(names(told)).toEqual(['Rule 80 /legacy/* in demo', 'Service legacy in demo'])
  })

  it('are nobody’s business where the environment ignores them', async (context) => {
    const machine = await startMachine(context, {
      spec: { sweep: { deepInterval: '1s' }, drift: { unmanaged: 'Ignore' } },
    })
    await machine.start()
    buildBeside(machine)
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await machine.nextReconcile()
    expect(await found(machine)).toBeUndefined()
    expect(machine.sandbox.world.calls.list().map(({ operation }) => operation)).not.toContain('ListServices')
  })
})
