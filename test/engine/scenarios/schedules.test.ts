import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import type { ReleaseVariant } from '../../support/machine/release-files.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { callSandbox } from '../../support/machine/shape.ts'
import type { TreeEntry } from '../../support/repository.ts'

const SCHEDULES = '  schedules: [{ name: report }, { name: clean-up, group: shop }]\n'

/** The demo's release with two schedules. */
function files(variant: ReleaseVariant): Record<string, TreeEntry> {
  const { 'deploy/releases/web.yaml': written, ...others } = releaseFiles(variant)
  if (typeof written !== 'string') throw new Error('there is no release')
  return {
    ...others,
    'deploy/releases/web.yaml': written.replace(/^ {2}strategy:/m, `${SCHEDULES}  strategy:`),
  }
}

const schedule = (name: string, group: string) => ({
  Name: name,
  GroupName: group,
  Description: 'made by Terraform',
  ScheduleExpression: 'cron(0 3 * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo',
    RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    EcsParameters: {
      TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/placeholder:1',
      LaunchType: 'FARGATE',
    },
  },
})

/** What Terraform makes; a person makes it here. */
function makeSchedule(machine: Machine, name: string, group = 'default'): void {
  machine.byHand({ service: 'scheduler', operation: 'CreateSchedule', input: schedule(name, group) })
}

function makeGroup(machine: Machine): void {
  machine.byHand({ service: 'scheduler', operation: 'CreateScheduleGroup', input: { Name: 'shop' } })
}

/** Family and revision that a schedule runs. */
function runs(machine: Machine, Name: string, GroupName = 'default'): string {
  const seen = callSandbox(machine.sandbox, {
    service: 'scheduler',
    operation: 'GetSchedule',
    input: { Name, GroupName },
  }) as ReturnType<typeof schedule>
  expect(seen.Description).toBe('made by Terraform')
  return seen.Target.EcsParameters.TaskDefinitionArn.split('/').at(-1) ?? ''
}

const both = (machine: Machine): string[] => [runs(machine, 'report'), runs(machine, 'clean-up', 'shop')]
const looks = (machine: Machine): number =>
  machine.sandbox.world.calls.list().find(({ operation }) => operation === 'GetSchedule')?.count ?? 0

describe('the schedules of a release', STORY, () => {
  it('run each version once it has succeeded, none that was refused, and the old one after a way back', async (context) => {
    const machine = await startMachine(context)
    makeGroup(machine)
    makeSchedule(machine, 'report')
    makeSchedule(machine, 'clean-up', 'shop')
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(files({ version: 'v1' })))
    expect(both(machine)).toEqual(['demo-web:1', 'demo-web:1'])
    await machine.untilDeployed(machine.pushFiles(files({ version: 'v2' })))
    expect(both(machine)).toEqual(['demo-web:2', 'demo-web:2'])
    await machine.behaves('v3', { body: 'broken' })
    machine.pushFiles(files({ version: 'v3' }))
    await patiently(
      async () => (await machine.rollout(3))?.status.outcome,
      (outcome) => outcome === 'RolledBack',
      { what: 'the way back' },
    )
    expect(both(machine)).toEqual(['demo-web:2', 'demo-web:2'])
    const pin = '{ rollout: 1, reason: the older one was better }'
    await machine.untilDeployed(machine.pushFiles(files({ version: 'v3', pin })))
    expect(both(machine)).toEqual(['demo-web:1', 'demo-web:1'])
    expect(machine.writes()).toMatchObject({ UpdateSchedule: 6 })
    const { schedules } = await machine.release()
    expect(schedules?.map(({ name, pointed }) => `${name} ${pointed?.split('/').at(-1) ?? ''}`)).toEqual([
      'report demo-web:1',
      'clean-up demo-web:1',
    ])
  })

  it('cost no call while they are known to be right', async (context) => {
    const machine = await startMachine(context)
    makeGroup(machine)
    makeSchedule(machine, 'report')
    makeSchedule(machine, 'clean-up', 'shop')
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(files({ version: 'v1' })))
    const before = looks(machine)
    await machine.nextReconcile()
    await machine.nextReconcile()
    expect(looks(machine)).toBe(before)
    expect((await machine.release()).conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'True' }),
    )
  })

  it('stall a release of which one is missing, until it is made', async (context) => {
    const machine = await startMachine(context)
    makeSchedule(machine, 'report')
    await machine.start()
    const commit = machine.pushFiles(files({ version: 'v1' }))
    const stalled = await machine.untilRelease(
      ({ conditions }) => conditions?.some(({ reason }) => reason === 'ScheduleMissing') ?? false,
      { what: 'the missing schedule to be told' },
    )
    expect(stalled.conditions?.find(({ type }) => type === 'Stalled')?.message).toBe(
      'the schedule shop/clean-up does not exist; create it (Terraform owns it), or correct spec.schedules',
    )
    expect(await machine.served()).toBe('v1')
    expect(runs(machine, 'report')).toBe('demo-web:1')
    makeGroup(machine)
    makeSchedule(machine, 'clean-up', 'shop')
    machine.reconcile()
    await machine.untilDeployed(commit)
    expect(both(machine)).toEqual(['demo-web:1', 'demo-web:1'])
  })
})
