import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

const timesAtRest = (machine: Machine): number =>
  machine.events.filter(({ type }) => type === 'ReleasesAtRest').length

const reconciles = (machine: Machine): number =>
  machine.events.filter((event) => event.type === 'Reconciled' && event.kind === 'Release').length

const untilAtRest = (machine: Machine, sweeps = 1): Promise<number> => {
  const before = timesAtRest(machine)
  return patiently(
    () => timesAtRest(machine),
    (count) => count >= before + sweeps,
    { what: 'sweeps that found nothing new' },
  )
}

/** One look at the environment, to its end. */
async function sweepOnce(machine: Machine): Promise<void> {
  const looks = (): number =>
    machine.events.filter((event) => event.type === 'Reconciled' && event.kind === 'Environment').length
  const before = looks()
  machine.reconcile()
  await patiently(looks, (count) => count > before, { what: 'a look at the environment' })
}

describe('a release at rest', STORY, () => {
  it('is not reconciled again while a sweep sees the same, and is as soon as it does not', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await untilAtRest(machine)
    const before = reconciles(machine)
    await untilAtRest(machine, 3)
    expect(reconciles(machine)).toBe(before)
    machine.byHand({
      service: 'ecs',
      operation: 'UpdateService',
      input: { cluster: 'demo', service: 'web-green', desiredCount: 4 },
    })
    await patiently(
      () => machine.desiredCount('web-green'),
      (count) => count === 2,
      { what: 'the corrected count' },
    )
    // AWS has the count a moment before the reconcile ends.
    await patiently(
      () => reconciles(machine),
      (count) => count > before,
      { what: 'the reconcile that corrected it' },
    )
  })

  it('takes up a new commit, and what a person asks for', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await untilAtRest(machine)
    const before = reconciles(machine)
    await machine.nextReconcile()
    await patiently(
      () => reconciles(machine),
      (count) => count > before,
      { what: 'the reconcile that was asked for' },
    )
    await machine.untilDeployed(machine.push({ version: 'v2' }))
    expect((await machine.release()).live?.side).toBe('blue')
  })

  it('is looked at anew where somebody asks for it between two sweeps', async (context) => {
    const machine = await startMachine(context, { spec: { source: { interval: '1h' } } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    for (let sweeps = 0; sweeps < 20 && timesAtRest(machine) === 0; sweeps += 1) await sweepOnce(machine)
    expect(timesAtRest(machine)).toBe(1)
    machine.byHand({
      service: 'ecs',
      operation: 'UpdateService',
      input: { cluster: 'demo', service: 'web-green', desiredCount: 4 },
    })
    await machine.mark('Release', 'demo-web', { 'example.com/note': 'look' })
    const corrected = await patiently(
      () => machine.events.filter(({ type }) => type === 'DriftCorrected'),
      ({ length }) => length > 0,
      { what: 'the corrected count' },
    )
    expect(corrected).toHaveLength(1)
    expect(machine.desiredCount('web-green')).toBe(2)
  })
})
