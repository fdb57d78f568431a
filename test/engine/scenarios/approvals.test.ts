import { expect, describe, it } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

const SIGN_OFF = { name: 'sign-off', manual: {}, timeout: '1h' }

/** What a person decides of a rollout's gate by the API. */
const decide = (
  machine: Machine,
  number: number,
  {
    gate = 'sign-off',
    verdict = 'Approved',
    by = 'lead',
  }: { gate?: string; verdict?: string; by?: string } = {},
): Promise<void> =>
  machine.ask('Rollout', `demo-web-${number}`, {
    [annotations.decided]: new Date().toISOString(),
    [annotations.decidedBy]: by,
    [annotations.decidedGate]: gate,
    [annotations.decision]: verdict,
  })

/** Resolves when the rollout's status is so. */
const until = (
  machine: Machine,
  number: number,
  holds: (status: RolloutStatus) => boolean,
): Promise<RolloutStatus> =>
  patiently(async () => (await machine.rollout(number))?.status ?? {}, holds, {
    what: `rollout ${number}`,
    withinMs: 60_000,
    everyMs: 15,
  })

const isAsked = ({ awaiting }: RolloutStatus): boolean => awaiting !== undefined

describe('a gate that a person decides', STORY, () => {
  it('keeps the version from the traffic until somebody approves who may, across a killed controller', async (context) => {
    const machine = await startMachine(context, { spec: { requiredGates: [SIGN_OFF] } })
    await machine.start()
    machine.push({ version: 'v1' })
    await until(machine, 1, isAsked)
    await decide(machine, 1)
    await machine.outcomeOf(1)
    const before = machine.weights()
    const commit = machine.push({ version: 'v2' })
    await until(machine, 2, isAsked)
    machine.kill()
    await machine.start()
    const [pusher = ''] = (await machine.rollout(2))?.spec.pushedBy ?? []
    expect(pusher).not.toBe('')
    await decide(machine, 2, { by: pusher })
    const heard = await until(machine, 2, ({ handledDecisionAt }) => handledDecisionAt !== undefined)
    expect([heard.phase, heard.awaiting?.gate]).toEqual(['AwaitingApproval', 'sign-off'])
    expect(await machine.served()).toBe('v1')
    expect(machine.weights()).toEqual(before)
    await decide(machine, 2)
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v2')
    const { status } = (await machine.rollout(2)) ?? {}
    expect(status?.gates?.find(({ name }) => name === 'sign-off')).toMatchObject({
      result: 'Passed',
      message: 'approved by lead',
    })
    expect(machine.events.filter(({ type }) => type === 'GateDecided')).toMatchObject([
      { rollout: 'demo-web-1', by: 'lead' },
      { rollout: 'demo-web-2', by: 'lead', verdict: 'Approved' },
    ])
  })

  it('gives a rejected version no traffic, and is told by the release', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await machine.configure({ requiredGates: [SIGN_OFF] })
    const load = await machine.load()
    machine.push({ version: 'v2' })
    await until(machine, 2, isAsked)
    const { conditions = [] } = await machine.untilRelease((status) =>
      (status.conditions ?? []).some(({ reason }) => reason === 'AwaitingApproval'),
    )
    const said = conditions.find(({ reason }) => reason === 'AwaitingApproval')?.message
    expect(said).toContain('`steersman approve demo/web --gate sign-off --rollout 2`')
    await decide(machine, 2, { verdict: 'Rejected' })
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'RolledBack', reason: 'GateFailed' })
    await load.more(20)
    await load.stop()
    expect([load.failures(), load.versions()]).toEqual([[], ['v1']])
  })

  it('that halts a rollout at full traffic is asked again, and lets it end', async (context) => {
    const missing = {
      name: 'watch',
      when: 'Bake',
      http: { path: '/', expect: { status: 418 } },
      onFailure: 'Hold',
    }
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await machine.configure({ requiredGates: [missing] })
    const commit = machine.push({ version: 'v2' })
    const halted = await until(machine, 2, isAsked)
    expect([halted.phase, halted.awaiting?.result]).toEqual(['Baking', 'Failed'])
    expect(await machine.served()).toBe('v2')
    await decide(machine, 2, { gate: 'watch', verdict: 'Retried' })
    const since = halted.awaiting?.since
    await until(machine, 2, ({ awaiting }) => awaiting !== undefined && awaiting.since !== since)
    await decide(machine, 2, { gate: 'watch' })
    await machine.untilDeployed(commit)
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
  })
})
