import type { RunResult } from '../run/run-seed.ts'
import { play } from '../run/run-seed.ts'
import type { Simulation } from '../run/simulation.ts'
import type { Depth, Story } from '../run/story.ts'
import { storyOf } from './request.ts'

/** Plays one story to its end; `prepare` may listen in. */
export type Player = (story: Story, prepare?: (simulation: Simulation) => void) => Promise<RunResult>

/** No seed that anybody asks for. */
const WARM_UP_SEED = 0xffff_ffff

/**
 * The player of a depth, warmed up: the first run of a process loads modules of the SDK when it comes to need them, which takes real time, and so a
 * story of each store is thrown away before the first that counts.
 */
export async function readyPlayer(depth: Depth): Promise<Player> {
  for (const scenario of depth === 'full' ? ['deploys', 'shared-table'] : ['deploys'])
    await play(storyOf({ scenario, level: 'mild', depth }, WARM_UP_SEED))
  return play
}
