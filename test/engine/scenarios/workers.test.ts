import { describe, expect, it } from 'vitest'

import { startMachine, STORY } from '../../support/machine.ts'
import { workerFiles } from '../../support/machine/worker-files.ts'

describe('a worker without a load balancer', STORY, () => {
  it('is created once, and each new version is one update of its service', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v1' })))
    expect(machine.writes()).toEqual({ RegisterTaskDefinition: 1, CreateService: 1 })
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v2' })))
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(machine.writes()).toEqual({ RegisterTaskDefinition: 2, CreateService: 1, UpdateService: 1 })
    expect(machine.revisionOf('web')).toBe('demo-web:2')
    expect((await machine.release()).live?.taskDefinition).toContain('demo-web:2')
  })

  it('goes back with one update when ECS gives the new version up', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v1' })))
    await machine.behaves('bad', { crashAfterSeconds: 0 })
    machine.pushFiles(workerFiles({ version: 'bad' }))
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'RolledBack', reason: 'DeploymentFailed' })
    expect((await machine.rollout(2))?.status.message).toContain('ECS deployment circuit breaker')
    expect(machine.revisionOf('web')).toBe('demo-web:1')
    expect(machine.writes()).toEqual({ RegisterTaskDefinition: 2, CreateService: 1, UpdateService: 2 })
    await machine.untilRelease(
      ({ conditions }) =>
        conditions?.some(({ type, status }) => type === 'Stalled' && status === 'True') === true,
    )
    expect(machine.desiredCount('web')).toBe(2)
  })

  it('goes back to the tasks that it had where the version that failed was to have more', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v1', desiredCount: 1 })))
    await machine.behaves('bad', { crashAfterSeconds: 0 })
    machine.pushFiles(workerFiles({ version: 'bad', desiredCount: 3 }))
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'RolledBack', reason: 'DeploymentFailed' })
    const [, back] = (await machine.rollout(2))?.status.timeline ?? []
    expect(back?.action).toBe('give the service 1 task of demo-web:1')
    expect(machine.revisionOf('web')).toBe('demo-web:1')
  })

  it('is put right where somebody changed its count or its version', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v1' })))
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v2' })))
    const change = { cluster: 'demo', service: 'web', taskDefinition: 'demo-web:1', desiredCount: 0 }
    machine.byHand({ service: 'ecs', operation: 'UpdateService', input: change })
    await machine.nextReconcile()
    expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect((await machine.rollout(3))?.spec.why).toBe('Drift')
    expect(machine.revisionOf('web')).toBe('demo-web:2')
    expect(machine.desiredCount('web')).toBe(2)
  })

  it('keeps the count that is not Steersman’s', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v1', desiredCount: null })))
    expect(machine.desiredCount('web')).toBe(1)
    const input = { cluster: 'demo', service: 'web', desiredCount: 3 }
    machine.byHand({ service: 'ecs', operation: 'UpdateService', input })
    await machine.untilDeployed(machine.pushFiles(workerFiles({ version: 'v2', desiredCount: null })))
    expect(machine.desiredCount('web')).toBe(3)
    expect(machine.revisionOf('web')).toBe('demo-web:2')
  })
})
