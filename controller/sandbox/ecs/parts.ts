import type { Images } from '../images.ts'
import type { Clock } from '../kernel/clock.ts'
import type { TargetRegistry } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import type { ProcessLauncher } from '../process-launcher.ts'
import type { EcsTables } from './state.ts'

/** What an ECS model is made of. The clock's timers already run at the sandbox's speed; `now()` is true time. */
export interface EcsParts {
  readonly clock: Clock
  readonly random: Random
  readonly targets: TargetRegistry
  readonly images: Images
  readonly settings: Readonly<Settings>
  /** Which of the named alarms of a region are in ALARM; without it none is. */
  readonly alarming?: (names: readonly string[], region: string) => readonly string[]
  /** Starts the real processes of images with a `command`; without it they answer like any other image. */
  readonly launcher?: ProcessLauncher
}

/** The parts and the tables they work on. */
export interface EcsWorld extends EcsParts {
  readonly tables: EcsTables
}

/** When something that takes `delayMs` of AWS's time will be over, in whole true epoch milliseconds. */
export function dueIn(world: EcsWorld, delayMs: number): number {
  return Math.ceil(world.clock.now() + delayMs / world.settings.speed)
}

/** Runs something at a true epoch time; the returned function cancels it. */
export function runAt(world: EcsWorld, atMs: number, run: () => void): () => void {
  const delayMs = Math.max(0, atMs - world.clock.now())
  return world.clock.setTimer(delayMs * world.settings.speed, run)
}
