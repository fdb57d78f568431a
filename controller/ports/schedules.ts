import type { ScheduleFacts, ScheduleName } from '../core/observation.ts'
import type { Receipt } from './platform.ts'

/** Amazon EventBridge Scheduler in one account and region, as far as it runs tasks of ECS. */
export interface Schedules {
  /** Facts of each schedule in the order asked; null for one that does not exist. One call each. */
  schedules(references: readonly ScheduleName[]): Promise<readonly (ScheduleFacts | null)[]>
  /**
   * Has a schedule run another task definition. AWS takes a schedule only as a whole, so it is read anew and written with all else that was read; `beforeWrite` is
   * called in between, and throws where nothing may be written any more.
   */
  pointSchedule(request: {
    readonly schedule: ScheduleName
    readonly taskDefinition: string
    readonly beforeWrite: () => void
  }): Promise<Receipt>
}
