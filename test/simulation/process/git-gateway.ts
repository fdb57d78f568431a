import { PortError } from '../../../controller/ports/error.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { GitGateway } from '../git/source.ts'
import { between } from '../time/randomness.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** How the forge is at the moment, for everybody. */
export interface Forge {
  /** `Away`: no answer at all. `Forgetful`: what it was told to do is done, but the answer is lost. */
  state: 'There' | 'Away' | 'Forgetful'
  /** Told of each call that meets it away or forgetful. */
  struck: () => void
}

/** So long git waits for a forge that says nothing, in milliseconds. */
export const GIVEN_UP_MS = 60_000

/** The way of one process to the forge: it takes time, and it may be cut off on the way there or back. */
export function gatewayOf(
  process: SimulatedProcess,
  { forge, random }: { readonly forge: Forge; readonly random: Random },
): GitGateway {
  const travel = (): Promise<void> => process.wait(between(random, 20, 300))
  const hang = async (operation: string): Promise<never> => {
    await process.wait(GIVEN_UP_MS)
    throw away(operation, { ambiguous: true })
  }
  return {
    async call(operation, writes, effect) {
      await travel()
      if (process.isCutOff) return hang(operation)
      if (forge.state === 'Away') {
        forge.struck()
        throw away(operation, { ambiguous: false })
      }
      const result = writes ? await process.write(`git ${operation}`, async () => effect()) : effect()
      await travel()
      if (process.isCutOff) return hang(operation)
      if (forge.state !== 'Forgetful' || !writes) return result
      forge.struck()
      throw away(operation, { ambiguous: true })
    },
  }
}

/** The forge did not answer. */
export const away = (operation: string, { ambiguous }: { readonly ambiguous: boolean }): PortError =>
  new PortError(`the forge gave no answer to ${operation}`, {
    code: 'SourceUnavailable',
    handling: 'retry',
    ambiguous,
  })
