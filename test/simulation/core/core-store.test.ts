import { expect, it } from 'vitest'
import { SimulatedProcess } from '../process/simulated-process.ts'
import { PlainTime } from '../time/plain-time.ts'
import { CoreLead } from './core-lead.ts'
import { CoreLease } from './core-lease.ts'
import { CoreStore } from './core-store.ts'
import { stored } from './core.ts'
import { run } from './steps.ts'

/** Each change of the store takes a moment. */
const slow = { next: () => 0, uuid: () => '' }

it('takes nothing of a controller that stood still in it until another one had the lease', () => {
  const time = new PlainTime()
  const lease = new CoreLease({ living: new Set(), isFull: () => false, isApart: true })
  const store = new CoreStore({ isFull: () => false })
  const seat = (instance: string) => {
    const process = new SimulatedProcess(time)
    const lead = new CoreLead({
      lease,
      process,
      instance,
      emit: () => undefined,
      onTaken: () => undefined,
    })
    return { process, lead, random: slow }
  }
  const [one, other] = [seat('one'), seat('other')]
  const ended: string[] = []
  const write = (by: ReturnType<typeof seat>, phase: string): void =>
    run(
      stored(by, 'Rollout', () => store.updateStatus('Rollout', 'web-1', { phase })),
      () => ended.push(phase),
      (error) => ended.push(`${phase}: ${(error as { code?: string }).code ?? String(error)}`),
    )
  const pass = (ms: number): void => {
    let isOver = false
    time.after(ms, () => (isOver = true))
    while (!isOver) time.step()
  }
  one.lead.begin()
  store.create({ kind: 'Rollout', metadata: { name: 'web-1' }, spec: {} })
  write(one, 'Provisioning')
  one.process.pause()
  pass(20_000)
  other.lead.begin()
  write(other, 'Superseded')
  pass(1_000)
  one.process.resume()
  expect(ended).toEqual(['Superseded', 'Provisioning: LeaseLost'])
  expect(store.get('Rollout', 'web-1')?.status).toEqual({ phase: 'Superseded' })
})
