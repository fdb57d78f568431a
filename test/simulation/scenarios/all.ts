import { deploys } from './deploys.ts'
import type { Scenario } from './scenario.ts'
import { twoControllers } from './two-controllers.ts'

/** Every scenario, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [deploys, twoControllers].map((scenario) => [scenario.name, scenario]),
)
