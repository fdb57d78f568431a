import { AwsError, invalidParameter, notFound } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalText, text } from '../members.ts'
import { record, rollBack } from './deployments.ts'
import type { EcsWorld } from './parts.ts'
import { afterRollBack } from './rolling-update.ts'
import type { PauseHookState, ServiceDeploymentState, ServiceState } from './state.ts'

/** ContinueServiceDeployment: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/continue-service-deployment.html */
export function continueDeployment(
  world: EcsWorld,
  input: Members,
): { service: ServiceState; answer: Members } {
  const { tables } = world
  const arn = text(input, 'serviceDeploymentArn')
  const one = tables.serviceDeployments.get(arn)
  const service = one === undefined ? undefined : tables.services.get(one.serviceArn)
  if (one === undefined || service === undefined)
    throw notFound('ServiceDeploymentNotFoundException', 'Service deployment not found.')
  const hookId = text(input, 'hookId')
  const action = optionalText(input, 'action') ?? 'CONTINUE'
  if (action !== 'CONTINUE' && action !== 'ROLLBACK') throw invalidParameter(`Invalid action: ${action}.`)
  const hook = one.shift?.hook
  if (one.status !== 'IN_PROGRESS' || hook?.hookId !== hookId || hook.status !== 'AWAITING_ACTION')
    throw invalidParameter('The lifecycle hook is not awaiting an action.')
  answerHook(world, one, action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED')
  const answer = { serviceDeploymentArn: arn }
  if (action === 'CONTINUE') return { service, answer }
  return {
    service: goBack(world, service, `Service deployment rolled back at a lifecycle hook by a user.`),
    answer,
  }
}

/** Ends a pause. */
export function answerHook(
  world: EcsWorld,
  one: ServiceDeploymentState,
  status: Exclude<PauseHookState['status'], 'AWAITING_ACTION'>,
): void {
  const { shift } = one
  if (shift?.hook === undefined) return
  record(world, one.serviceDeploymentArn, { shift: { ...shift, hook: { ...shift.hook, status } } })
}

/** Rolls the newest deployment back to the last completed revision. Throws ConflictException when there is none. */
export function goBack(world: EcsWorld, service: ServiceState, reason: string): ServiceState {
  const good = service.lastCompletedRevision
  if (good === undefined)
    throw new AwsError('ConflictException', 'The service has no completed service revision to roll back to.')
  return afterRollBack(world, rollBack(world, service, good, reason), 'ECS deployment stopped')
}
