import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import type { ReleaseVariant } from '../../support/machine/release-files.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import type { TreeEntry } from '../../support/repository.ts'

/** The demo's release without its count. */
function files(variant: ReleaseVariant): Record<string, TreeEntry> {
  const { 'deploy/releases/web.yaml': written, ...others } = releaseFiles(variant)
  if (typeof written !== 'string') throw new Error('there is no release')
  return { ...others, 'deploy/releases/web.yaml': written.replace(/^ {4}desiredCount: .*\n/m, '') }
}

const dimension = (service: string) => ({
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: `service/demo/${service}`,
})

/** What Terraform makes for a service; a person makes it here. */
function scale(machine: Machine, service: string): void {
  const call = (operation: string, input: object): void =>
    machine.byHand({
      service: 'application-autoscaling',
      operation,
      input: { ...dimension(service), ...input },
    })
  call('RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 6 })
  call('PutScalingPolicy', {
    PolicyName: 'requests',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 1000 },
  })
}

/** The side that serves, and the one that has got cold. */
async function sidesOf(machine: Machine): Promise<{ readonly live: string; readonly idle: string }> {
  const services = ['web-blue', 'web-green']
  const count = (service: string): number => machine.desiredCount(service)
  await patiently(
    () => services.map(count),
    (counts) => counts.includes(0),
    { what: 'a cold side' },
  )
  const [idle = '', live = ''] = services.toSorted((one, other) => count(one) - count(other))
  return { live, idle }
}

describe('a release whose count is autoscaling’s', STORY, () => {
  it('is scaled out and in at any moment of a rollout, and no request fails', async (context) => {
    const machine = await startMachine(context)
    const { world } = machine.sandbox
    const load = (service: string, wanted: number): number => world.demand(`demo/${service}`, wanted)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(files({ version: 'v1' })))
    await machine.untilDeployed(machine.pushFiles(files({ version: 'v2', keepPrevious: '1s' })))
    const { live, idle } = await sidesOf(machine)
    scale(machine, live)
    scale(machine, idle)
    expect(load(live, 3)).toBe(3)
    // AWS gave the idle side its minimum as it was registered; it is held at zero, and its policies start nothing.
    await patiently(
      () => [machine.desiredCount(idle), load(idle, 2)],
      ([count, wanted]) => count === 0 && wanted === 0,
      { what: 'an idle side that is held' },
    )
    const users = await machine.load()
    const commit = machine.pushFiles(files({ version: 'v3', bake: '2s', keepPrevious: '5m' }))
    await machine.untilPhase('Provisioning', 3)
    load(live, 5)
    await machine.untilPhase('Baking', 3)
    expect((await machine.rollout(3))?.status.desiredCount).toBe(5)
    expect([load(live, 1), load(idle, 1)]).toEqual([5, 5])
    expect(load(idle, 6)).toBe(6)
    await machine.untilDeployed(commit)
    await patiently(
      () => [machine.desiredCount(live), load(live, 1), load(idle, 6)],
      (found) => String(found) === '6,6,6',
      { what: 'a warm side that follows' },
    )
    await patiently(
      () => load(idle, 2),
      (count) => count === 2,
      { what: 'a live side that is scaled in' },
    )
    await patiently(
      () => machine.desiredCount(live),
      (count) => count === 2,
      { what: 'a warm side that follows downwards' },
    )
    await users.more(20)
    await users.stop()
    expect(users.failures()).toEqual([])
    expect(await machine.served()).toBe('v3')
  })
})
