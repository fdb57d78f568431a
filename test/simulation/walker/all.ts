import { changes } from './changes.ts'
import { coverageTable } from './coverage.ts'
import type { Walked, WalkedStep, WalkViolation } from './walk.ts'
import { shuffled, walk, walkThrough } from './walk.ts'

/** Steps of one walk: more would make what led to a violation hard to find. */
const STEPS = 40
/** Walks over a mixture of all changes, after each change was made once. */
const SEEDS = 20

export interface WalkerOptions {
  readonly onProgress: (done: number, total: number, what: string) => void
  readonly seeds?: number
}

/** The walker as the command line runs it: every change there is, in an order of the seed's, and then walks by chance. */
export const walker = {
  says: 'changes of the manifests, valid and not, one after the other, from the schemas',

  async run({ onProgress, seeds = SEEDS }: WalkerOptions): Promise<{
    readonly table: string
    readonly runs: number
    readonly violations: readonly WalkViolation[]
  }> {
    const all = shuffled(changes, 1)
    const parts = Array.from({ length: Math.ceil(all.length / STEPS) }, (_, index) => index)
    const walks: (() => Promise<Walked>)[] = [
      ...parts.map(
        (part) => (): Promise<Walked> => walkThrough(1, all.slice(part * STEPS, (part + 1) * STEPS)),
      ),
      ...Array.from({ length: seeds }, (_, index) => (): Promise<Walked> => walk(index + 1, STEPS)),
    ]
    const steps: WalkedStep[] = []
    const violations: WalkViolation[] = []
    for (const [index, play] of walks.entries()) {
      const walked = await play()
      steps.push(...walked.steps)
      violations.push(...walked.violations)
      onProgress(index + 1, walks.length, `${steps.length} changes, ${violations.length} violations`)
    }
    return { table: coverageTable(steps), runs: walks.length, violations }
  },
}
