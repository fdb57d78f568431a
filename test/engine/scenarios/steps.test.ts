import { describe, expect, it } from 'vitest'

import type { Load } from '../../support/load.ts'
import { versionIn } from '../../support/load.ts'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

/** Resolves when rollout 2 holds the step. */
async function untilStep(machine: Machine, step: number): Promise<void> {
  await patiently(
    () => machine.rollout(2),
    (rollout) => rollout?.status.step === step && rollout.status.stepStartedAt !== undefined,
    { what: `a held step ${step}` },
  )
}

/** The part of the new version, in percent, among so many answers from now on. */
async function shareOf(load: Load, version: string, requests: number): Promise<number> {
  const before = load.answers.length
  await load.more(requests)
  const answers = load.answers.slice(before)
  return (100 * answers.filter((answer) => answer.version === version).length) / answers.length
}

describe('a canary', STORY, () => {
  it('takes every step, and no request fails', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const load = await machine.load()
    const strategy = 'type: Canary; steps: [{ weight: 10, for: 1s }, { weight: 50, for: 1s }]'
    const commit = machine.push({ version: 'v2', strategy })
    await untilStep(machine, 2)
    await machine.untilDeployed(commit)
    const deployed = performance.now()
    await load.more(50)
    await load.stop()
    expect(load.failures()).toEqual([])
    expect(load.versionsSince(deployed)).toEqual(['v2'])
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
    expect((await machine.rollout(2))?.status).toMatchObject({ step: 3, steps: 3 })
    expect(machine.writes()).toEqual({ RegisterTaskDefinition: 2, CreateService: 2, ModifyListener: 7 })
  })

  // Four deviations of so many draws to either side.
  it.for([
    { weight: 10, least: 4, most: 16 },
    { weight: 50, least: 40, most: 60 },
  ])(
    'gives the new version $weight % of the requests, and none once a newer one cut in',
    async ({ weight, least, most }, context) => {
      const machine = await startMachine(context)
      await machine.start()
      await machine.untilDeployed(machine.push({ version: 'v1' }))
      const load = await machine.load()
      const strategy = `type: Canary; steps: [{ weight: ${weight}, for: 10m }]; supersede: Always`
      machine.push({ version: 'v2', strategy, deadline: '20m' })
      await untilStep(machine, 1)
      const share = await shareOf(load, 'v2', 400)
      await machine.untilDeployed(machine.push({ version: 'v3' }))
      const deployed = performance.now()
      await load.more(50)
      await load.stop()
      expect(load.failures()).toEqual([])
      expect(share).toBeGreaterThan(least)
      expect(share).toBeLessThan(most)
      expect(load.versionsSince(deployed)).toEqual(['v3'])
      expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Superseded', reason: 'NewerVersion' })
    },
  )
})

describe('sticky clients', STORY, () => {
  it('do not reach a version that was turned back, nor an empty side', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    machine.setWeightsByHand(machine.weights(), { stickySeconds: 3_600 })
    const url = await machine.url()
    const strategy = 'type: Canary; steps: [{ weight: 50, for: 10m }]; supersede: Always'
    machine.push({ version: 'v2', strategy, deadline: '20m' })
    await untilStep(machine, 1)
    const cookie = await cookieOf(url, 'v2')
    expect(await answersTo(url, cookie)).toEqual(['v2'])
    const commit = machine.push({ version: 'v3' })
    await patiently(
      () => machine.weights(),
      ({ blue, green }) => blue === 0 || green === 0,
      { what: 'the traffic at one side' },
    )
    expect(await answersTo(url, cookie)).toEqual(['v1'])
    await machine.untilDeployed(commit)
    expect(await answersTo(url, cookie)).toEqual(['v3'])
    expect(await machine.outcomeOf(2)).toEqual({ outcome: 'Superseded', reason: 'NewerVersion' })
  })
})

/** The cookies of a client whose first request the version answered. */
async function cookieOf(url: string, version: string): Promise<string> {
  for (let client = 0; client < 50; client += 1) {
    const response = await fetch(url)
    if (versionIn(await response.text()) === version)
      return response.headers
        .getSetCookie()
        .map((text) => text.slice(0, text.indexOf(';')))
        .join('; ')
  }
  throw new Error(`${version} answered none of 50 clients`)
}

/** What answers twenty requests of that client: versions, or the status of what failed. */
async function answersTo(url: string, cookie: string): Promise<readonly string[]> {
  const answers = new Set<string>()
  for (let request = 0; request < 20; request += 1) {
    const response = await fetch(url, { headers: { cookie } })
    const text = await response.text()
    answers.add(response.ok ? versionIn(text) : String(response.status))
  }
  return [...answers]
}
