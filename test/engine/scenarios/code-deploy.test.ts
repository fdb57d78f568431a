import { describe, expect, it } from 'vitest'

import { patiently } from '../../support/machine/patience.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { codeDeployFiles, deploymentsOf, makeCodeDeploy } from '../../support/machine/code-deploy.ts'
import { createMortality } from '../../support/machine/mortality.ts'

/** What got no answer is waited for no longer than a second. */
const QUICK = { settings: { stalenessBoundMs: 1_000 } }

describe('a release whose engine is CodeDeploy', STORY, () => {
  it('is deployed with one deployment for each version, which Steersman lets go on once its gates have passed', async (context) => {
    const machine = await startMachine(context)
    makeCodeDeploy(machine.sandbox)
    await machine.start()
    const load = await machine.load()
    await machine.untilDeployed(machine.pushFiles(codeDeployFiles({ version: 'v1' })))
    expect(await machine.outcomeOf(1)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect(await machine.served()).toBe('v1')
    expect(machine.writes()).toEqual({
      RegisterTaskDefinition: 1,
      CreateDeployment: 1,
      ContinueDeployment: 1,
    })
    await machine.untilDeployed(machine.pushFiles(codeDeployFiles({ version: 'v2' })))
    expect(await machine.served()).toBe('v2')
    expect(machine.revisionOf('web')).toBe('demo-web:2')
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versions()).toEqual(['made', 'v1', 'v2'])
  })

  it('has CodeDeploy go back where a gate fails, before any traffic moved', async (context) => {
    const machine = await startMachine(context)
    makeCodeDeploy(machine.sandbox)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(codeDeployFiles({ version: 'v1' })))
    await machine.behaves('bad', { status: 500, health: { status: 200 } })
    machine.pushFiles(codeDeployFiles({ version: 'bad' }))
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'RolledBack', reason: 'GateFailed' })
    expect(await machine.served()).toBe('v1')
    expect(machine.revisionOf('web')).toBe('demo-web:1')
    expect(deploymentsOf(machine.sandbox)).toEqual([
      expect.stringContaining('steersman demo-web-1'),
      'Stopped steersman demo-web-2',
      'Succeeded codeDeployRollback',
    ])
  })

  it.for(['CreateDeployment', 'ContinueDeployment'])(
    'makes one deployment for one version although the answer to %s was lost',
    async (operation, context) => {
      const machine = await startMachine(context, QUICK)
      makeCodeDeploy(machine.sandbox)
      await machine.fault({ service: 'codedeploy', operation, error: 'TimeoutAfterWrite', count: 1 })
      await machine.start()
      await machine.untilDeployed(machine.pushFiles(codeDeployFiles({ version: 'v1' })))
      expect(await machine.served()).toBe('v1')
      expect(deploymentsOf(machine.sandbox)).toHaveLength(1)
    },
  )

  it.for([
    ['before', 'startDeployment'],
    ['after', 'startDeployment'],
    ['before', 'continueDeployment'],
    ['after', 'continueDeployment'],
  ] as const)('bears the end of the controller %s %s', async ([moment, method], context) => {
    const machine = await startMachine(context, QUICK)
    makeCodeDeploy(machine.sandbox)
    const mortality = createMortality((write, at) => write.method === method && at === moment)
    await machine.start(mortality)
    const commit = machine.pushFiles(codeDeployFiles({ version: 'v1' }))
    await patiently(() => mortality.isDead(), Boolean, { withinMs: 60_000, everyMs: 15 })
    await machine.start()
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v1')
    expect(deploymentsOf(machine.sandbox)).toHaveLength(1)
  })

  it('stops the deployment again where the answer to the stop was lost', async (context) => {
    const machine = await startMachine(context, QUICK)
    makeCodeDeploy(machine.sandbox)
    await machine.behaves('bad', { status: 500, health: { status: 200 } })
    await machine.fault({
      service: 'codedeploy',
      operation: 'StopDeployment',
      error: 'TimeoutAfterWrite',
      count: 1,
    })
    await machine.start()
    machine.pushFiles(codeDeployFiles({ version: 'bad' }))
    expect(await machine.outcomeOf(1)).toEqual({ outcome: 'RolledBack', reason: 'GateFailed' })
    expect(await machine.served()).toBe('made')
    expect(machine.revisionOf('web')).toBe('made:1')
  })

  it('deploys the earlier version again where a gate fails after the original tasks are gone', async (context) => {
    const machine = await startMachine(context)
    makeCodeDeploy(machine.sandbox, {
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 0 },
    })
    await machine.start()
    const gates =
      '[{ name: watch, when: Bake, http: { path: /smoke, successes: 200, interval: 100ms }, timeout: 1m }]'
    machine.pushFiles(codeDeployFiles({ version: 'v1', gates, bake: '20s' }))
    await patiently(() => deploymentsOf(machine.sandbox)[0]?.startsWith('Succeeded'), Boolean, {
      withinMs: 60_000,
      everyMs: 15,
    })
    await machine.behaves('v1', { status: 500, health: { status: 200 } })
    expect(await machine.outcomeOf(1)).toEqual({ outcome: 'RolledBack', reason: 'GateFailed' })
    expect(machine.revisionOf('web')).toBe('made:1')
    expect(deploymentsOf(machine.sandbox)).toEqual([
      'Succeeded steersman demo-web-1',
      expect.stringMatching(/^(InProgress|Succeeded) steersman demo-web-1, back$/) as string,
    ])
  })

  it('refuses a deployment group that moves the traffic by itself', async (context) => {
    const machine = await startMachine(context)
    makeCodeDeploy(machine.sandbox, { deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' } })
    await machine.start()
    machine.pushFiles(codeDeployFiles({ version: 'v1' }))
    expect(await machine.outcomeOf(1)).toEqual({ outcome: 'RolledBack', reason: 'EngineShape' })
    expect(machine.writes()).toEqual({ RegisterTaskDefinition: 1 })
    expect(await machine.served()).toBe('made')
  })
})
