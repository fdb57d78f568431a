import { serviceFacts } from '../../../controller/adapters/aws/platform/service-facts.ts'
import { taskFacts } from '../../../controller/adapters/aws/platform/tasks.ts'
import type { ServiceFacts, TaskFacts } from '../../../controller/core/observation.ts'
import type { Members, Timestamp } from '../../../controller/sandbox/kernel/operation.ts'

const dated = (view: Members): Members => ({
  ...view,
  createdAt: new Date((view['createdAt'] as Timestamp | undefined)?.epochMs ?? 0),
})

/** The SDK gives dates where the world has times of its own. */
export function factsOfService(service: Members): ServiceFacts {
  const known = factsOfViews.get(service)
  if (known !== undefined) return known
  const facts = serviceFacts({
    ...service,
    deployments: (service['deployments'] as Members[]).map(dated),
    events: (service['events'] as Members[]).slice(0, 5).map(dated),
  })
  factsOfViews.set(service, facts)
  return facts
}

/** The sandbox shows the same view again while nothing of a service has changed. */
const factsOfViews = new WeakMap<Members, ServiceFacts>()

/** A task as the adapters know it. */
export function factsOfTask(task: Members): TaskFacts {
  const known = factsOfTasks.get(task)
  if (known !== undefined) return known
  const facts = taskFacts(dated(task), new Map())
  factsOfTasks.set(task, facts)
  return facts
}

const factsOfTasks = new WeakMap<Members, TaskFacts>()
