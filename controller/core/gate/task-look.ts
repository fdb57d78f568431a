/** A task outside any service, as DescribeTasks shows it. */
export interface StartedTask {
  readonly arn: string
  readonly lastStatus: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Of the container whose command was replaced; undefined before the task's end, and where the command never ran or was ended from outside. */
  readonly exitCode: number | undefined
  /** ECS's own words about its end. */
  readonly stoppedReason: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** What a look at the tasks of a gate found. `token` says which one is the rollout's own. */
export type TaskLook = { readonly token: string } & (
  | { readonly kind: 'Own'; readonly task: StartedTask }
  /** ECS does not know the task that it named. */
  | { readonly kind: 'Missing' }
  /** A task that an earlier rollout started is not stopped. */
  | { readonly kind: 'Other'; readonly arn: string; readonly createdAt: number }
  | { readonly kind: 'None' }
)

/** The tag of a gate's task that holds the client token with which it was started. */
export const RUN_TAG = 'steersman.dev/run'

/** Which of a gate's tasks counts: the rollout's own, else one that still runs. */
export function sortTasks(tasks: readonly StartedTask[], token: string): TaskLook {
  const own = tasks.find(({ tags }) => tags[RUN_TAG] === token)
  if (own !== undefined) return { token, kind: 'Own', task: own }
  const other = tasks.find(({ lastStatus }) => lastStatus !== 'STOPPED')
  return other === undefined
    ? { token, kind: 'None' }
    : { token, kind: 'Other', arn: other.arn, createdAt: other.createdAt }
}
