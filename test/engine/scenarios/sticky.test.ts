import { describe, expect, it } from 'vitest'
import { versionIn } from '../../support/load.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

const STICKY_SECONDS = 3_600

/** A user who keeps the cookies that the load balancer gives. */
class Client {
  readonly #url: string
  #cookies: readonly string[] = []

  constructor(url: string) {
    this.#url = url
  }

  async version(): Promise<string> {
    const response = await fetch(this.#url, { headers: { cookie: this.#cookies.join('; ') } })
    const given = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
    if (given.length > 0) this.#cookies = given
    return response.ok ? versionIn(await response.text()) : String(response.status)
  }
}

/** v1 serves, and a person makes the production rule sticky. */
async function startSticky(machine: Machine): Promise<string> {
  await machine.start()
  const first = machine.push({ version: 'v1', keepPrevious: '100ms' })
  await machine.untilDeployed(first)
  machine.setWeightsByHand(machine.weights(), { stickySeconds: STICKY_SECONDS })
  return first
}

describe('a sticky rule', STORY, () => {
  it('keeps the old side for its clients as long as it says, whatever keepPrevious is', async (context) => {
    const machine = await startMachine(context)
    await startSticky(machine)
    const old = new Client(await machine.url())
    expect(await old.version()).toBe('v1')
    await machine.untilDeployed(machine.push({ version: 'v2', keepPrevious: '100ms' }))
    await machine.nextReconcile()
    expect(await old.version()).toBe('v1')
    expect(await new Client(await machine.url()).version()).toBe('v2')
    const { status } = (await machine.rollout(2)) ?? {}
    const warmMs = Date.parse(status?.keepPreviousUntil ?? '') - Date.parse(status?.finishedAt ?? '')
    expect(warmMs).toBe(STICKY_SECONDS * 1000)
    expect(machine.desiredCount('web-green')).toBe(2)
  })

  it.for(['a revert', 'the tag'] as const)('sends no client to what is left by %s', async (way, context) => {
    const machine = await startMachine(context)
    const first = await startSticky(machine)
    await machine.untilDeployed(machine.push({ version: 'v2' }))
    const client = new Client(await machine.url())
    expect(await client.version()).toBe('v2')
    if (way === 'a revert') machine.push({ version: 'v1', keepPrevious: '100ms' })
    else machine.repository.tag('deploy/demo/current', first, { message: 'Back to one' })
    machine.reconcile()
    expect(await machine.outcomeOf(3)).toMatchObject({ outcome: 'Succeeded' })
    expect((await machine.rollout(3))?.spec).toMatchObject({ goesBack: true })
    expect(await client.version()).toBe('v1')
  })
})
