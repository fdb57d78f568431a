import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import { startMachine, STORY } from '../../support/machine.ts'

const ALERT = { drift: { service: 'Alert', traffic: 'Alert' } }

const scale = (principal: string, desiredCount: number) => ({
  service: 'ecs' as const,
  operation: 'UpdateService',
  input: { cluster: 'demo', service: 'web-green', desiredCount },
  principal,
})

describe('who has changed something by hand', STORY, () => {
  it('stands beside the drift, with the call’s name, id and time, and no address', async (context) => {
    const machine = await startMachine(context, { spec: ALERT, trail: true })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    machine.byHand(scale('alice', 3))
    const { drift = [] } = await machine.untilRelease((status) => status.drift?.[0]?.by !== undefined)
    expect(drift).toMatchObject([
      { path: '/service/desiredCount', by: { user: 'alice', event: 'UpdateService' } },
    ])
    expect(drift[0]?.by?.eventId).toMatch(/^[0-9a-f-]{36}$/)
    expect(Object.keys(drift[0]?.by ?? {}).toSorted()).toEqual(['at', 'event', 'eventId', 'user'])
    expect(machine.events).toContainEqual(
      expect.objectContaining({ type: 'DriftAttributed', user: 'alice', operation: 'UpdateService' }),
    )
    expect(JSON.stringify(machine.events)).not.toContain('127.0.0.1"')
  })

  it('is told of what was put back at once, too', async (context) => {
    const machine = await startMachine(context, { trail: true })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    machine.byHand(scale('bob', 4))
    const told = await patiently(
      () => machine.events.filter(({ type }) => type === 'DriftAttributed'),
      ({ length }) => length > 0,
      { what: 'the drift’s author' },
    )
    expect(told[0]).toMatchObject({ path: '/service/desiredCount', user: 'bob' })
  })

  it('is asked no more once that was refused, which is said once', async (context) => {
    const machine = await startMachine(context, { spec: ALERT, trail: true })
    await machine.fault({ service: 'cloudtrail', operation: 'LookupEvents', error: 'AccessDeniedException' })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    machine.byHand(scale('alice', 3))
    const refusals = (): number => machine.events.filter(({ type }) => type === 'TrailRefused').length
    await patiently(refusals, (count) => count === 1, { what: 'a refusal' })
    machine.byHand(scale('alice', 5))
    await machine.untilRelease((status) => status.drift?.[0]?.live === '5')
    expect(refusals()).toBe(1)
    expect((await machine.release()).drift?.[0]?.by).toBeUndefined()
  })
})
