import { describe, expect, it } from 'vitest'
import type { Machine } from '../support/machine.ts'
import { startMachine, STORY } from '../support/machine.ts'
import type { Mortality } from '../support/machine/mortality.ts'

const WRITES: ReadonlySet<string> = new Set([
  'registerTaskDefinition',
  'createService',
  'updateService',
  'setWeights',
  'pushTags',
])

interface Disk {
  readonly mortality: Mortality
  /** Writes to AWS and git that were begun after the full disk had refused something: what was noted before that may still be done. */
  readonly writesWhileFull: readonly string[]
  /** How often the full disk refused. */
  refusals(): number
  fill(): void
  empty(): void
}

/** A disk that can run full: then the store takes nothing, while everything else works. */
function disk(): Disk {
  let isFull = false
  let refusals = 0
  const writesWhileFull: string[] = []
  const refuse = (): Promise<never> => {
    refusals += 1
    return Promise.reject(
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    )
  }
  const guard: Mortality['guard'] = (name, port) =>
    new Proxy(port, {
      get(target, method, receiver) {
        const member: unknown = Reflect.get(target, method, receiver)
        if (typeof member !== 'function' || typeof method !== 'string') return member
        return (...given: unknown[]): unknown => {
          if (isFull && name === 'store' && /^(?:create|update|updateStatus|delete)$/.test(method))
            return refuse()
          if (isFull && refusals > 0 && WRITES.has(method)) writesWhileFull.push(method)
          return Reflect.apply(member, target, given)
        }
      },
    })
  return {
    mortality: { isDead: () => false, die: () => undefined, guard },
    writesWhileFull,
    refusals: () => refusals,
    fill: () => void (isFull = true),
    empty: () => void (isFull = false),
  }
}

async function untilRefused({ refusals }: Disk, machine: Machine): Promise<void> {
  const before = refusals()
  const failures = (): number => machine.events.filter(({ type }) => type === 'ReconcileFailed').length
  const failed = failures()
  await expect
    .poll(() => refusals() - before >= 3 && failures() - failed >= 3, { timeout: 20_000 })
    .toBe(true)
}

describe('a disk that runs full', STORY, () => {
  it.for(['Provisioning', 'Verifying', 'Shifting', 'Baking'])(
    'lets no write happen that could not be noted first, and the rollout ends well when there is room again: at %s',
    async (phase, context) => {
      const machine = await startMachine(context)
      const full = disk()
      await machine.start(full.mortality)
      await machine.untilDeployed(machine.push({ version: 'v1' }))
      const second = machine.push({ version: 'v2' })
      await machine.untilPhase(phase, 2)
      full.fill()
      await untilRefused(full, machine)
      expect(full.writesWhileFull).toEqual([])
      full.empty()
      await machine.untilDeployed(second)
      expect(await machine.served()).toBe('v2')
      expect(machine.writes()['RegisterTaskDefinition']).toBe(2)
    },
  )
})
