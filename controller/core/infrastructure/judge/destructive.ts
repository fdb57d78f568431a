import type { PlannedChange } from '../plan-json.ts'
import type { Reason } from './reason.ts'

/** Name of the rule of {@link Reason} for what is destroyed only with a person's approval, whatever `apply` says. */
export const PROTECTED = 'Protected'

/** What the plan deletes, replaces or lets go of. */
export function destructiveReasons(
  changes: readonly PlannedChange[],
  protect: readonly string[],
): readonly Reason[] {
  return changes.flatMap((change) => {
    const verb = verbOf(change)
    if (verb === undefined) return []
    const isProtected = protect.includes(change.type)
    return [
      {
        verdict: 'Destructive',
        rule: isProtected ? PROTECTED : ruleOf(change),
        address: change.address,
        attributes: change.replacedFor,
        message: sentence(change, verb) + (isProtected ? `; ${change.type} is protected` : ''),
      } satisfies Reason,
    ]
  })
}

type DestructiveVerb = 'deleted' | 'replaced' | 'forgotten'

function verbOf(change: PlannedChange): DestructiveVerb | undefined {
  switch (change.action) {
    case 'delete':
      return 'deleted'
    case 'forget':
      return 'forgotten'
    case 'replace':
      return isNewRevision(change) ? undefined : 'replaced'
    case 'create':
    case 'update':
    case 'read':
    case 'no-op':
      return undefined
  }
}

/**
 * Each new image replaces the task definition. With `skip_destroy` before and after, the provider registers a revision and
 * leaves the old one as it is; without it before, it deregisters the revision that runs
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition#skip_destroy).
 */
function isNewRevision({ type, before, after }: PlannedChange): boolean {
  return (
    type === 'aws_ecs_task_definition' &&
    before?.['skip_destroy'] === true &&
    after?.['skip_destroy'] === true
  )
}

function ruleOf({ action, type }: PlannedChange): string {
  if (action === 'replace')
    return type === 'aws_ecs_task_definition' ? 'TaskDefinitionDeregistered' : 'Replaced'
  return action === 'forget' ? 'Forgotten' : 'Deleted'
}

function sentence({ address, replacedFor, type, action }: PlannedChange, verb: DestructiveVerb): string {
  const because = action === 'replace' && replacedFor.length > 0 ? ` for ${replacedFor.join(', ')}` : ''
  const remedy =
    action === 'replace' && type === 'aws_ecs_task_definition'
      ? ', which deregisters the old revision: skip_destroy is not true both before and after'
      : ''
  return `${address} is ${verb}${because}${remedy}`
}
