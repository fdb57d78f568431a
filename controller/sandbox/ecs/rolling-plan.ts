/** A task of a service as its scheduler sees it. */
export interface PlannedTask {
  readonly taskArn: string
  /** Whether it belongs to the newest deployment. */
  readonly current: boolean
  /** `pending`: not ready yet, and nothing says that it never will be. */
  readonly state: 'ready' | 'pending' | 'unhealthy'
}

export interface RollingBounds {
  readonly desired: number
  /** `minimumHealthyPercent` of the desired count, rounded up. */
  readonly minimumHealthy: number
  /** `maximumPercent` of the desired count, rounded down. */
  readonly maximum: number
  /** A deployment on its way: a task of it that fails its health checks is stopped at once. */
  readonly deploying: boolean
  /** A failed deployment starts nothing more, and leaves the older tasks alone. */
  readonly frozen: boolean
}

export interface RollingPlan {
  readonly start: number
  /** Tasks to stop for being unhealthy. */
  readonly replace: readonly string[]
  /** Tasks to stop because the service has others in their stead. */
  readonly scaleIn: readonly string[]
}

/**
 * What ECS's rolling update does next: never more tasks than `maximum` by its starts, never fewer ready ones than
 * `minimumHealthy` by its stops. `tasks` are those that shall run (desired status RUNNING), oldest first.
 */
export function planRolling(bounds: RollingBounds, tasks: readonly PlannedTask[]): RollingPlan {
  const current = tasks.filter((task) => task.current)
  const usable = current.filter((task) => task.state !== 'unhealthy')
  const room = Math.max(0, bounds.maximum - tasks.length)
  const missing = Math.max(0, bounds.desired - usable.length)
  const start = bounds.frozen ? 0 : Math.min(missing, room)
  const ready = usable.filter((task) => task.state === 'ready').length
  const replaceNow = bounds.deploying || bounds.frozen || room === 0 || ready >= bounds.desired
  const replace = replaceNow ? current.filter((task) => task.state === 'unhealthy') : []
  const scaleIn = bounds.frozen ? [] : [...surplus(usable, bounds.desired), ...leaving(bounds, tasks, ready)]
  return { start, replace: replace.map(arnOf), scaleIn: scaleIn.map(arnOf) }
}

/** Tasks of the newest deployment beyond the desired count, those that are not ready yet first. */
function surplus(usable: readonly PlannedTask[], desired: number): PlannedTask[] {
  const count = Math.max(0, usable.length - desired)
  const pending = usable.filter((task) => task.state === 'pending')
  const ready = usable.filter((task) => task.state === 'ready')
  return [...pending.toReversed(), ...ready.toReversed()].slice(0, count)
}

/** Tasks of older deployments that may go: all that are not ready, and as many ready ones as the minimum allows. */
function leaving(bounds: RollingBounds, tasks: readonly PlannedTask[], readyCurrent: number): PlannedTask[] {
  const old = tasks.filter((task) => !task.current)
  const useless = old.filter((task) => task.state !== 'ready')
  const ready = old.filter((task) => task.state === 'ready')
  const keptCurrent = Math.min(readyCurrent, bounds.desired)
  const spare =
    readyCurrent >= bounds.desired ? ready.length : keptCurrent + ready.length - bounds.minimumHealthy
  return [...useless, ...ready.slice(0, Math.max(0, spare))]
}

const arnOf = (task: PlannedTask): string => task.taskArn
