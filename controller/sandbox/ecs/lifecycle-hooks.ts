import { timestamp, type Members } from '../kernel/operation.ts'
import { hexId } from '../kernel/random.ts'
import { optionalInteger, optionalRecord, optionalRecords, optionalText, texts } from '../members.ts'
import { dueIn, type EcsWorld } from './parts.ts'
import type { LifecycleStage, PauseHookState } from './state.ts'

const MINUTE_MS = 60_000

/** The pause that a deployment configuration has at a stage; undefined: it goes on by itself. */
export function hookAt(
  world: EcsWorld,
  deploymentConfiguration: Members,
  stage: LifecycleStage,
): PauseHookState | undefined {
  const hook = (optionalRecords(deploymentConfiguration, 'lifecycleHooks') ?? []).find((one) =>
    texts(one, 'lifecycleStages').includes(stage),
  )
  if (hook === undefined) return undefined
  const timeout = optionalRecord(hook, 'timeoutConfiguration') ?? {}
  const minutes = optionalInteger(timeout, 'timeoutInMinutes') ?? 1440
  return {
    hookId: `ecs-pause-${hexId(world.random, 43)}`,
    status: 'AWAITING_ACTION',
    expiresAt: dueIn(world, minutes * MINUTE_MS),
    timeoutAction: optionalText(timeout, 'action') === 'CONTINUE' ? 'CONTINUE' : 'ROLLBACK',
  }
}

/** As DescribeServiceDeployments shows it. */
export const hookView = (hook: PauseHookState): Members => ({
  hookId: hook.hookId,
  targetType: 'PAUSE',
  status: hook.status,
  expiresAt: timestamp(hook.expiresAt),
  timeoutAction: hook.timeoutAction,
})
