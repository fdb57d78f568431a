import type { Functions } from '../lambda/functions.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Operation } from '../kernel/operation.ts'
import type { TargetRegistry } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import type { CodeDeployTables } from './state.ts'

/** What a CodeDeploy is made of. The clock's timers already run at the sandbox's speed; `now()` is true time. */
export interface CodeDeployParts {
  readonly clock: Clock
  readonly random: Random
  readonly settings: Readonly<Settings>
  readonly targets: TargetRegistry
  /** ECS's own operations, and those that it keeps for CodeDeploy. */
  readonly ecs: Readonly<Record<string, Operation>>
  readonly taskSets: Readonly<Record<string, Operation>>
  readonly alarming: (names: readonly string[], region: string) => readonly string[]
  /** The Lambda functions that hooks name. */
  readonly functions: Functions
}

export interface CodeDeployWorld extends CodeDeployParts {
  readonly tables: CodeDeployTables
  /** Cancels the next look at a deployment, by its id. */
  readonly looks: Map<string, () => void>
}

/** How much of AWS's time has passed since a true epoch time. */
export const passedMs = ({ clock, settings }: CodeDeployParts, since: number): number =>
  (clock.now() - since) * settings.speed
