import type { Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import { serviceDeploymentFacts } from '../../../controller/adapters/aws/platform/service-deployments.ts'
import { keptEvents, serviceFacts } from '../../../controller/adapters/aws/platform/service-facts.ts'
import { taskFacts } from '../../../controller/adapters/aws/platform/tasks.ts'
import { defaultRuleFacts, ruleFacts } from '../../../controller/adapters/aws/traffic/rule-facts.ts'
import { findRule, isDefaultAction, isNamed } from '../../../controller/adapters/aws/traffic/rules.ts'
import type {
  RuleFacts,
  ServiceDeploymentFacts,
  ServiceFacts,
  TaskFacts,
} from '../../../controller/core/observation.ts'
import type { RuleReference } from '../../../controller/ports/traffic.ts'
import type { Members, Timestamp } from '../../../controller/sandbox/kernel/operation.ts'

/** A rule as the adapter finds it among those of its listener. */
export function factsOfRule(
  listeners: readonly Listener[],
  rules: ReadonlyMap<Listener, readonly Rule[]>,
  reference: RuleReference,
): RuleFacts | null {
  const listener = listeners.find((candidate) => isNamed(candidate, reference))
  if (listener === undefined) return null
  if (isDefaultAction(reference)) return factsOfDefault(listener)
  const rule = findRule(rules.get(listener) ?? [], reference)
  if (rule === undefined) return null
  return rule.IsDefault === true ? defaultRuleFacts(listener) : ruleFacts(listener, rule)
}

/** Of the same view of a listener the facts are the same. */
function factsOfDefault(listener: Listener): RuleFacts {
  const known = factsOfDefaults.get(listener)
  if (known !== undefined) return known
  const facts = defaultRuleFacts(listener)
  factsOfDefaults.set(listener, facts)
  return facts
}

const factsOfDefaults = new WeakMap<Listener, RuleFacts>()

const dated = (view: Members): Members => ({
  ...view,
  createdAt: new Date((view['createdAt'] as Timestamp | undefined)?.epochMs ?? 0),
})

/** A service deployment, with dates as the SDK gives them. */
export function factsOfDeployment(deployment: Members): ServiceDeploymentFacts {
  const hooks = (deployment['lifecycleHookDetails'] as Members[] | undefined) ?? []
  return serviceDeploymentFacts({
    ...deployment,
    lifecycleHookDetails: hooks.map((hook) => ({
      ...hook,
      expiresAt: new Date((hook['expiresAt'] as Timestamp).epochMs),
    })),
  })
}

/** The SDK gives dates where the world has times of its own. */
export function factsOfService(service: Members): ServiceFacts {
  const known = factsOfViews.get(service)
  if (known !== undefined) return known
  const facts = serviceFacts({
    ...service,
    deployments: (service['deployments'] as Members[]).map(dated),
    events: keptEvents(service['events'] as Members[]).map(dated),
  })
  factsOfViews.set(service, facts)
  return facts
}

/** The sandbox shows the same view again while nothing of a service has changed. */
const factsOfViews = new WeakMap<Members, ServiceFacts>()

/** Of the same view of a task the facts are the same. */
export function factsOfTask(task: Members): TaskFacts {
  const known = factsOfTasks.get(task)
  if (known !== undefined) return known
  const facts = taskFacts(dated(task), new Map())
  factsOfTasks.set(task, facts)
  return facts
}

const factsOfTasks = new WeakMap<Members, TaskFacts>()
