import { uuid } from '../kernel/random.ts'
import { optionalRecord } from '../members.ts'
import { readAppSpec } from './app-spec.ts'
import { passedMs, type CodeDeployWorld } from './parts.ts'
import type { Deployment, LifecycleEvent, LifecycleEventName } from './state.ts'

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html: a function has an hour to answer */
const LONGEST_HOOK_MS = 3_600_000

/** Whether a lifecycle event is a function's, and not CodeDeploy's own work. */
export const isHook = (name: LifecycleEventName): boolean => /^(Before|After)/.test(name)

/** Asks the function of a lifecycle event, and waits for PutLifecycleEventHookExecutionStatus; without a function there is nothing to wait for. */
export function askFunction(
  world: CodeDeployWorld,
  deployment: Deployment,
  event: LifecycleEvent,
): 'Succeeded' | 'Failed' | LifecycleEvent {
  const { hooks } = readAppSpec(optionalRecord(deployment.members, 'revision'))
  const name = hooks[event.name]
  if (name === undefined) return 'Succeeded'
  if (event.executionId !== undefined)
    return passedMs(world, event.startedAt ?? 0) < LONGEST_HOOK_MS ? event : 'Failed'
  const executionId = Buffer.from(uuid(world.random)).toString('base64')
  const reply = world.functions.invoke(name.slice(name.lastIndexOf(':') + 1), {
    DeploymentId: deployment.id,
    LifecycleEventHookExecutionId: executionId,
  })
  if (reply === undefined || 'functionError' in reply) return 'Failed'
  return { ...event, status: 'InProgress', startedAt: world.clock.now(), executionId }
}
