import type { FileSystem } from '../../../controller/ports/file-system.ts'
import { Crashed } from '../../support/memory-file-system.ts'
import type { Random } from '../../../controller/ports/random.ts'
import { between, chance } from '../time/randomness.ts'
import type { SimulatedProcess } from './simulated-process.ts'

const CHANGES: ReadonlySet<string> = new Set([
  'write',
  'append',
  'rename',
  'link',
  'remove',
  'syncDirectory',
  'makeDirectory',
])
/** How often a call takes a moment, so that something else can happen meanwhile, and how long, in milliseconds. */
const SLOW = { probability: 0.05, from: 1, to: 40 }

/** How a machine's disk is at the moment, for all of its processes. */
export interface DiskState {
  /** Each call takes up to so long; 0: as usual. */
  mostMs: number
  /** Told of each call that is slow. */
  struck: () => void
  /** Told of each call that is done, before the process hears of it: where a file has got its name, the path is that name. */
  onDone: (done: { readonly method: string; readonly path: string }, process: SimulatedProcess) => void
}

/** A disk as one process uses it: each change may be the process's last. */
export function diskOf(
  process: SimulatedProcess,
  fileSystem: FileSystem,
  {
    random,
    state,
    onPowerLoss,
  }: { readonly random: Random; readonly state: DiskState; readonly onPowerLoss: () => void },
): FileSystem {
  const call = async (method: string, effect: () => Promise<unknown>): Promise<unknown> => {
    if (process.isDead) return new Promise(() => undefined)
    if (state.mostMs > 0) {
      state.struck()
      await process.wait(between(random, 0, state.mostMs))
    }
    if (chance(random, SLOW.probability)) await process.wait(between(random, SLOW.from, SLOW.to))
    const whole = (): Promise<unknown> => untilPowerLoss(effect, onPowerLoss)
    const result = CHANGES.has(method) ? await process.write(`store ${method}`, whole) : await whole()
    // A process that stands still hears of nothing.
    return process.isPaused ? new Promise((resolve) => process.deliver(() => resolve(result))) : result
  }
  return new Proxy(fileSystem, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return (...given: unknown[]) =>
        call(name, async () => {
          const result: unknown = await Reflect.apply(member, target, given)
          state.onDone({ method: name, path: String(given[name === 'rename' ? 1 : 0]) }, process)
          return result
        })
    },
  })
}

/** A call during which the power goes is never answered: its process is gone too. */
async function untilPowerLoss(effect: () => Promise<unknown>, onPowerLoss: () => void): Promise<unknown> {
  try {
    return await effect()
  } catch (error) {
    if (!(error instanceof Crashed)) throw error
    onPowerLoss()
    return new Promise(() => undefined)
  }
}
