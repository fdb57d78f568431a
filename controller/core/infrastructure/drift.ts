import { differences } from './differences.ts'
import type { Difference } from './differences.ts'
import { isReadable, readPlan } from './plan-json.ts'
import type { PlannedChange, UnreadablePlan } from './plan-json.ts'

/** One attribute that is not as Terraform left it. Sensitive values are masked. */
export interface InfrastructureDrift {
  readonly address: string
  readonly type: string
  /** As `tags.team`; empty where the object itself is gone. */
  readonly attribute: string
  readonly live: string
  readonly state: string
}

/** Attributes that AWS moves by itself: the restorable time advances every few minutes; a target group learns of its load balancer once a rule names it. */
const MOVED_BY_AWS: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws_db_instance', ['latest_restorable_time']],
  ['aws_rds_cluster', ['latest_restorable_time']],
  ['aws_lb_target_group', ['load_balancer_arns']],
  ['aws_alb_target_group', ['load_balancer_arns']],
])

/** The motion that modules leave to Steersman by `ignore_changes`, and that a refresh reports all the same. */
const MOVED_BY_STEERSMAN: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws_lb_listener_rule', ['action']],
  ['aws_alb_listener_rule', ['action']],
  ['aws_lb_listener', ['default_action']],
  ['aws_alb_listener', ['default_action']],
  ['aws_ecs_service', ['desired_count', 'task_definition']],
  ['aws_appautoscaling_target', ['min_capacity', 'max_capacity', 'suspended_state']],
])

/** What a refresh found: the `resource_drift` of a refresh-only plan, by address, without noise. */
export function infrastructureDrift(json: unknown): readonly InfrastructureDrift[] | UnreadablePlan {
  const plan = readPlan(json)
  if (!isReadable(plan)) return plan
  return plan.drift
    .flatMap((change) => (change.after === null ? [gone(change)] : drifted(change)))
    .toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
}

function drifted(change: PlannedChange): InfrastructureDrift[] {
  const { address, type } = change
  return differences(change)
    .filter((difference) => !isNoise(type, difference))
    .map(({ path, before, after }) => ({ address, type, attribute: path, live: after, state: before }))
}

/** The first refresh after an apply finds `{}` where the state had nothing. */
function isNoise(type: string, { attribute, isEmptiness }: Difference): boolean {
  return (
    isEmptiness || isMovedByAws(type, attribute) || (MOVED_BY_STEERSMAN.get(type) ?? []).includes(attribute)
  )
}

/** Whether an attribute moves without anybody doing anything. */
export function isMovedByAws(type: string, attribute: string): boolean {
  return (MOVED_BY_AWS.get(type) ?? []).includes(attribute)
}

function gone({ address, type }: PlannedChange): InfrastructureDrift {
  return { address, type, attribute: '', live: 'gone', state: 'present' }
}

function key({ address, attribute }: InfrastructureDrift): string {
  return `${address}\0${attribute}`
}
