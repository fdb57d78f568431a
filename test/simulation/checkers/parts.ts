import type { Simulation } from '../run/simulation.ts'
import type { CheckerEvents, Report } from './checker.ts'
import type { Excuses } from './excuses.ts'

/** What a checker is made of. */
export interface CheckerParts {
  readonly simulation: Simulation
  readonly checkers: Pick<CheckerEvents, 'disturbed'> & { readonly excuses: Excuses }
  readonly report: Report
}
